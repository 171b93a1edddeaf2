// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/ranking_model.h"

#include <QLocale>
#include <algorithm>

#include "ui/parts/painting.h"

namespace layerloom {
namespace {

using Content = RankingColumn::Content;

QString moduleAndLayer(const std::string& module, int layer) {
  return columnText({layer, module, TensorKind::Other, false});
}

/// The greatest relative delta over the models; nothing where none has the tensors.
std::optional<double> greatestDelta(const GroupStatistics& figures) {
  std::optional<double> greatest;
  for (const auto& model : figures.models) {
    if (model && (!greatest || model->relative() > *greatest)) {
      greatest = model->relative();
    }
  }
  return greatest;
}

bool sameColumns(const std::vector<RankingColumn>& a, const std::vector<RankingColumn>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const RankingColumn& x, const RankingColumn& y) {
    return x.content == y.content && x.figure == y.figure && x.subject == y.subject;
  });
}

}  // namespace

void RankingModel::fillColumns(int onlyModel) {
  const auto pairs = modelPairs(m_data.models.size());
  m_columns = {{Content::Name, {}, 0}};
  if (onlyModel < 0 && m_data.models.size() > 1) {
    m_columns.push_back({Content::Greatest, Figure::RelativeDelta, 0});
  }
  const auto addModels = [&](Figure figure) {
    for (int model = 0; model < static_cast<int>(m_data.models.size()); ++model) {
      if (onlyModel < 0 || model == onlyModel) {
        m_columns.push_back({Content::Figure, figure, model});
      }
    }
  };
  const auto addPairs = [&](Figure figure) {
    for (int pair = 0; pair < static_cast<int>(pairs.size()); ++pair) {
      const ModelPair& models = pairs[static_cast<std::size_t>(pair)];
      if (onlyModel < 0 || models.a == onlyModel || models.b == onlyModel) {
        m_columns.push_back({Content::Figure, figure, pair});
      }
    }
  };
  addModels(Figure::RelativeDelta);
  addPairs(Figure::Cosine);
  addPairs(Figure::SignConflict);
  for (const Figure figure : modelFigures()) {
    if (figure != Figure::RelativeDelta) {
      addModels(figure);
    }
  }
  addPairs(Figure::WeightedSignConflict);
  m_columns.push_back({Content::Elements, {}, 0});
}

void RankingModel::fillRows(RankingLevel level) {
  m_rows.clear();
  if (m_data.statistics == nullptr || m_data.statistics->tensors.empty()) {
    return;
  }
  const Statistics& statistics = *m_data.statistics;
  switch (level) {
    case RankingLevel::Layers:
      for (const LayerStatistics& layer : statistics.layers()) {
        m_rows.push_back({moduleAndLayer(layer.module, layer.layer), {}, layer.layer, layer.module, std::nullopt, layer.figures});
      }
      break;
    case RankingLevel::Kinds:
      for (const KindStatistics& kind : statistics.kinds()) {
        m_rows.push_back({kindText(kind.kind), {}, -1, {}, kind.kind, kind.figures});
      }
      break;
    case RankingLevel::Tensors:
      for (const TensorStatistics& tensor : statistics.tensors) {
        m_rows.push_back({QString::fromStdString(tensor.name), tensor.name, tensor.layer, tensor.module, tensor.kind, tensor.figures});
      }
      break;
    case RankingLevel::Whole:
      m_rows.push_back({tr("all tensors"), {}, -1, {}, std::nullopt, statistics.total()});
      break;
  }
}

void RankingModel::setContent(const EvidenceData& data, RankingLevel level, int onlyModel) {
  const auto columnsBefore = m_columns;
  const bool sameNames = std::equal(m_data.models.begin(), m_data.models.end(), data.models.begin(), data.models.end(),
                                    [](const EvidenceModel& a, const EvidenceModel& b) { return a.name == b.name; });
  const bool sameLevel = level == m_level && sameNames;
  m_data = data;
  fillColumns(onlyModel);
  const auto columnsNow = m_columns;
  if (!sameLevel || !sameColumns(columnsBefore, columnsNow)) {
    m_columns = columnsBefore;
    beginResetModel();
    m_columns = columnsNow;
    m_level = level;
    fillRows(level);
    endResetModel();
    return;
  }
  // The rows alone: a reset would throw sorting, scrolling and the current row away each time that tensors come in.
  emit layoutAboutToBeChanged();
  const QModelIndexList before = persistentIndexList();
  std::vector<QString> names;
  for (const QModelIndex& index : before) {
    names.push_back(m_rows[static_cast<std::size_t>(index.row())].name);
  }
  fillRows(level);
  for (qsizetype i = 0; i < before.size(); ++i) {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const RankingRow& row) { return row.name == names[static_cast<std::size_t>(i)]; });
    changePersistentIndex(before[i], found == m_rows.end() ? QModelIndex() : index(static_cast<int>(found - m_rows.begin()), before[i].column()));
  }
  emit layoutChanged();
}

int RankingModel::rankingColumn() const {
  return m_columns.size() > 1 ? 1 : 0;
}

int RankingModel::findTensor(const std::string& tensor) const {
  const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const RankingRow& row) { return !tensor.empty() && row.tensor == tensor; });
  return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int RankingModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RankingModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

std::optional<double> RankingModel::valueAt(const RankingRow& row, const RankingColumn& column) const {
  switch (column.content) {
    case Content::Name:
      return std::nullopt;
    case Content::Elements:
      return static_cast<double>(row.figures.elements);
    case Content::Greatest:
      return greatestDelta(row.figures);
    case Content::Figure:
      break;
  }
  return figureOf(row.figures, column.figure, column.subject);
}

QString RankingModel::textAt(const RankingRow& row, const RankingColumn& column) const {
  if (column.content == Content::Name) {
    return row.name;
  }
  if (column.content == Content::Elements) {
    return QLocale().toString(static_cast<qulonglong>(row.figures.elements));
  }
  return figureText(column.figure, valueAt(row, column));
}

QVariant RankingModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount()) {
    return {};
  }
  const RankingRow& place = row(index.row());
  const RankingColumn& what = column(index.column());
  const bool isName = what.content == Content::Name;
  switch (role) {
    case Qt::DisplayRole:
      return textAt(place, what);
    case ValueRole: {
      if (isName) {
        return index.row();  // in the order of the network, not of the alphabet: layer 10 comes after layer 9
      }
      const auto value = valueAt(place, what);
      return value ? QVariant(*value) : QVariant();
    }
    case Qt::TextAlignmentRole:
      return QVariant((isName ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
      return plainToolTip(isName ? place.name : what.content == Content::Elements ? textAt(place, what) : exactFigureText(valueAt(place, what)));
    case Qt::AccessibleTextRole:
      return isName ? place.name : QStringLiteral("%1, %2, %3").arg(place.name, headerText(what), textAt(place, what));
    default:
      return {};
  }
}

QString RankingModel::headerText(const RankingColumn& column) const {
  switch (column.content) {
    case Content::Name:
      switch (m_level) {
        case RankingLevel::Layers:
          return tr("Layer");
        case RankingLevel::Kinds:
          return tr("Kind");
        case RankingLevel::Tensors:
          return tr("Tensor");
        case RankingLevel::Whole:
          return tr("Whole model");
      }
      break;
    case Content::Elements:
      return tr("elements");
    case Content::Greatest:
      return tr("greatest: relative delta");
    case Content::Figure:
      break;
  }
  return figureTitle(m_data, column.figure, column.subject);
}

QVariant RankingModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
    return {};
  }
  const RankingColumn& what = column(section);
  const bool isFigure = what.content == Content::Figure || what.content == Content::Greatest;
  switch (role) {
    case Qt::DisplayRole:
      if (what.content == Content::Greatest) {
        return tr("greatest") + QLatin1Char('\n') + figureName(what.figure);
      }
      if (what.content == Content::Figure) {
        const bool pair = isPairFigure(what.figure);
        return (pair ? pairName(m_data, what.subject) : modelName(m_data, what.subject)) + QLatin1Char('\n') + figureName(what.figure);
      }
      return headerText(what);
    case Qt::AccessibleTextRole:
      return headerText(what);
    case Qt::ToolTipRole:
      return isFigure ? plainToolTip(headerText(what) + QLatin1Char('\n') + figureDefinition(what.figure)) : QString();
    case Qt::TextAlignmentRole:
      return QVariant((what.content == Content::Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    default:
      return {};
  }
}

}  // namespace layerloom
