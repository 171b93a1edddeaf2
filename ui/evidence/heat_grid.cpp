// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/heat_grid.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace layerloom {
namespace {

QString translated(const char* text, const char* comment = nullptr) {
  return QCoreApplication::translate("HeatGrid", text, comment);
}

/// Where a tensor stands. Outside the layers the kind is part of the column.
struct Place {
  std::string module;
  int layer = -1;
  TensorKind kind = TensorKind::Other;

  auto operator<=>(const Place&) const = default;
};

/// What is known of a cell before its figure is taken.
struct Content {
  std::string tensor;
  int tensors = 0;
  int measured = 0;
  GroupStatistics figures;
};

using Contents = std::map<Place, Content>;

Contents contentsOf(const EvidenceData& data) {
  Contents contents;
  std::set<std::string> announced;
  for (const ExpectedTensor& tensor : data.expected) {
    Content& content = contents[{tensor.layer < 0 ? std::string() : tensor.module, tensor.layer, tensor.kind}];
    content.tensor = content.tensors == 0 ? tensor.name : content.tensor;
    ++content.tensors;
    announced.insert(tensor.name);
  }
  if (data.statistics != nullptr) {
    for (const TensorStatistics& tensor : data.statistics->tensors) {
      Content& content = contents[{tensor.layer < 0 ? std::string() : tensor.module, tensor.layer, tensor.kind}];
      if (!announced.contains(tensor.name)) {
        content.tensor = content.tensors == 0 ? tensor.name : content.tensor;
        ++content.tensors;
      }
      ++content.measured;
      content.figures.add(tensor.figures);
    }
  }
  return contents;
}

bool hasSubject(const GroupStatistics& group, Figure figure, int subject) {
  const auto index = static_cast<std::size_t>(subject);
  return isPairFigure(figure) ? index < group.pairs.size() && group.pairs[index] : index < group.models.size() && group.models[index];
}

HeatCell cellOf(const Content& content, const EvidenceData& data, Figure figure, int subject) {
  HeatCell cell;
  cell.tensor = content.tensor;
  cell.tensors = content.tensors;
  const bool complete = data.statistics != nullptr && data.statistics->complete;
  if (content.measured == 0) {
    cell.state = complete || data.state == EvidenceState::Failed ? CellState::Missing : CellState::Pending;
    return cell;
  }
  cell.value = figureOf(content.figures, figure, subject);
  if (cell.value) {
    cell.state = CellState::Measured;
  } else if (!hasSubject(content.figures, figure, subject)) {
    cell.state = CellState::Missing;
  } else {
    const bool matrix = figure == Figure::StableRank && data.ranksPending;
    cell.state = matrix ? CellState::Pending : CellState::Undefined;
  }
  return cell;
}

/// Embedding first, the layers, then what stands behind them.
std::vector<HeatColumn> columnsOf(const Contents& contents, bool tiedHead) {
  std::vector<HeatColumn> before;
  std::vector<HeatColumn> layers;
  std::vector<HeatColumn> after;
  bool hasHead = false;
  for (const auto& [place, content] : contents) {
    const bool known = !layers.empty() && layers.back().layer == place.layer && layers.back().module == place.module;
    if (place.layer < 0) {
      (place.kind == TensorKind::Embedding ? before : after).push_back({-1, {}, place.kind, false});
      hasHead = hasHead || place.kind == TensorKind::Head;
    } else if (!known) {
      layers.push_back({place.layer, place.module, TensorKind::Other, false});
    }
  }
  if (tiedHead && !hasHead && !layers.empty()) {
    after.push_back({-1, {}, TensorKind::Head, true});
  }
  std::stable_sort(after.begin(), after.end(), [](const HeatColumn& a, const HeatColumn& b) { return a.outer < b.outer; });
  before.insert(before.end(), layers.begin(), layers.end());
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

}  // namespace

HeatGrid makeHeatGrid(const EvidenceData& data, Figure figure, int subject) {
  HeatGrid grid;
  grid.figure = figure;
  grid.subject = subject;
  const Contents contents = contentsOf(data);
  grid.columns = columnsOf(contents, data.tiedHead);
  std::set<TensorKind> kinds;
  for (const auto& [place, content] : contents) {
    if (place.layer >= 0) {
      kinds.insert(place.kind);
    }
  }
  if (kinds.empty() && !grid.columns.empty()) {
    kinds.insert(TensorKind::Other);  // a model without layers still has its outer cells
  }
  grid.kinds.assign(kinds.begin(), kinds.end());
  for (const TensorKind kind : grid.kinds) {
    for (const HeatColumn& column : grid.columns) {
      const auto found = contents.find({column.module, column.layer, column.isOuter() ? column.outer : kind});
      HeatCell cell = found == contents.end() ? HeatCell() : cellOf(found->second, data, figure, subject);
      cell.state = column.tied ? CellState::Tied : cell.state;
      grid.cells.push_back(std::move(cell));
    }
  }
  return grid;
}

std::vector<double> HeatGrid::values() const {
  std::vector<double> values;
  for (int row = 0; row < static_cast<int>(kinds.size()); ++row) {
    for (int column = 0; column < static_cast<int>(columns.size()); ++column) {
      const auto& value = cell(row, column).value;
      const bool again = row > 0 && columns[static_cast<std::size_t>(column)].isOuter();
      if (value && !again) {
        values.push_back(*value);
      }
    }
  }
  return values;
}

QString kindText(TensorKind kind) {
  const std::string_view name = kindName(kind);
  return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())).replace(QLatin1Char('_'), QLatin1Char('+'));
}

QString columnText(const HeatColumn& column) {
  if (column.isOuter()) {
    return columnCaption(column);
  }
  const QString layer = translated(QT_TRANSLATE_NOOP("HeatGrid", "layer %1")).arg(column.layer);
  return column.module.empty() ? layer : QStringLiteral("%1 · %2").arg(QString::fromStdString(column.module), layer);
}

QString columnCaption(const HeatColumn& column) {
  if (!column.isOuter()) {
    return QString::number(column.layer);
  }
  switch (column.outer) {
    case TensorKind::Embedding:
      return translated(QT_TRANSLATE_NOOP("HeatGrid", "emb"), "embedding, short");
    case TensorKind::Norm:
      return translated(QT_TRANSLATE_NOOP("HeatGrid", "norm"), "final norm, short");
    case TensorKind::Head:
      return translated(QT_TRANSLATE_NOOP("HeatGrid", "head"), "output head, short");
    default:
      return kindText(column.outer);
  }
}

QString reasonText(const HeatGrid& grid, const HeatCell& cell) {
  switch (cell.state) {
    case CellState::Measured:
      return {};
    case CellState::Pending:
      return translated(QT_TRANSLATE_NOOP("HeatGrid", "not measured yet"));
    case CellState::Absent:
      return translated(QT_TRANSLATE_NOOP("HeatGrid", "no such tensor"));
    case CellState::Missing:
      return translated(QT_TRANSLATE_NOOP("HeatGrid", "the tensor is missing or has another shape"));
    case CellState::Tied:
      return translated(QT_TRANSLATE_NOOP("HeatGrid", "tied to the embedding"));
    case CellState::Undefined:
      break;
  }
  return grid.figure == Figure::StableRank ? translated(QT_TRANSLATE_NOOP("HeatGrid", "only a matrix that changed has a stable rank"))
                                           : translated(QT_TRANSLATE_NOOP("HeatGrid", "not defined: one of the models changed nothing here"));
}

}  // namespace layerloom
