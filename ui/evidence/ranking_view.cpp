// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/ranking_view.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kRowHeight = 24;
constexpr int kGreatestNameWidth = 300;
constexpr int kGreatestFigureWidth = 130;

}  // namespace

RankingOrder::RankingOrder(RankingModel* model, QObject* parent) : QSortFilterProxyModel(parent) {
  setSourceModel(model);
  setFilterCaseSensitivity(Qt::CaseInsensitive);
  setFilterKeyColumn(0);
}

bool RankingOrder::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const QVariant a = left.data(ValueRole);
  const QVariant b = right.data(ValueRole);
  if (a.isValid() != b.isValid()) {
    return sortOrder() == Qt::AscendingOrder ? a.isValid() : b.isValid();
  }
  return a.toDouble() < b.toDouble();
}

RankingView::RankingView(QWidget* parent)
    : QWidget(parent), m_model(new RankingModel(this)), m_order(new RankingOrder(m_model, this)), m_table(new QTableView(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(12, 0, 12, 8);
  layout->setSpacing(6);
  layout->addWidget(makeControls());
  layout->addWidget(m_table, 1);
  makeTable();
  connect(m_model, &QAbstractItemModel::modelReset, this, &RankingView::sortByRank);
  applyColours();
}

QWidget* RankingView::makeControls() {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  m_level = new QComboBox(row);
  m_level->setObjectName(QStringLiteral("RankingLevel"));
  m_level->setAccessibleName(tr("What is ranked"));
  m_level->addItems({tr("Layers"), tr("Kinds"), tr("Tensors"), tr("Whole model")});
  m_models = new QComboBox(row);
  m_models->setObjectName(QStringLiteral("RankingModels"));
  m_models->setAccessibleName(tr("Models of the columns"));
  m_models->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_models->setMinimumContentsLength(9);
  m_filter = new QLineEdit(row);
  m_filter->setObjectName(QStringLiteral("RankingFilter"));
  m_filter->setPlaceholderText(tr("Filter by name"));
  m_filter->setAccessibleName(tr("Filter by name"));
  m_filter->setClearButtonEnabled(true);
  m_filter->addAction(themedIcon(QStringLiteral("search"), IconTone::Quiet), QLineEdit::LeadingPosition);
  m_filter->setMaximumWidth(280);
  layout->addWidget(m_level);
  layout->addWidget(m_models);
  layout->addWidget(m_filter, 1);
  layout->addStretch();
  connect(m_level, &QComboBox::currentIndexChanged, this, &RankingView::refresh);
  connect(m_models, &QComboBox::currentIndexChanged, this, &RankingView::refresh);
  connect(m_filter, &QLineEdit::textChanged, m_order, &QSortFilterProxyModel::setFilterFixedString);
  return row;
}

void RankingView::makeTable() {
  m_table->setObjectName(QStringLiteral("Ranking"));
  m_table->setAccessibleName(tr("Ranking"));
  m_table->setModel(m_order);
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->setShowGrid(false);
  m_table->setAlternatingRowColors(true);
  m_table->setSortingEnabled(true);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setSelectionMode(QAbstractItemView::SingleSelection);
  m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_table->setWordWrap(false);
  m_table->setTabKeyNavigation(false);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setMinimumSectionSize(kRowHeight);
  m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
  m_table->horizontalHeader()->setHighlightSections(false);
  m_table->horizontalHeader()->setTextElideMode(Qt::ElideRight);
  m_table->horizontalHeader()->setMinimumSectionSize(48);
  m_table->horizontalHeader()->setFont(smallFont());
  m_table->installEventFilter(this);
  connect(m_table, &QTableView::doubleClicked, this, &RankingView::openCurrent);
}

void RankingView::setData(const EvidenceData& evidence) {
  m_data = evidence;
  fillModels();
  refresh();
}

void RankingView::fillModels() {
  const QSignalBlocker quiet(m_models);
  QStringList names = {tr("All models")};
  for (const EvidenceModel& model : m_data.models) {
    names << model.name;
  }
  QStringList shown;
  for (int i = 0; i < m_models->count(); ++i) {
    shown << m_models->itemText(i);
  }
  if (shown != names) {
    const QString chosen = m_models->currentText();
    m_models->clear();
    m_models->addItems(names);
    m_models->setCurrentIndex(std::max(0, static_cast<int>(names.indexOf(chosen))));
  }
  m_models->setVisible(m_data.models.size() > 1);
}

void RankingView::setLevel(RankingLevel level) {
  m_level->setCurrentIndex(static_cast<int>(level));
}

void RankingView::refresh() {
  const int rowsBefore = m_model->rowCount();
  m_model->setContent(m_data, static_cast<RankingLevel>(std::max(0, m_level->currentIndex())), m_models->currentIndex() - 1);
  if (rowsBefore == 0 && m_model->rowCount() > 0) {
    fitColumns();
  }
}

/// After a change of columns: the greatest first.
void RankingView::sortByRank() {
  m_table->sortByColumn(m_model->rankingColumn(), Qt::DescendingOrder);
  fitColumns();
}

void RankingView::fitColumns() {
  m_table->resizeColumnsToContents();
  for (int column = 0; column < m_order->columnCount(); ++column) {
    m_table->setColumnWidth(column, std::min(m_table->columnWidth(column), column == 0 ? kGreatestNameWidth : kGreatestFigureWidth));
  }
}

bool RankingView::showTensor(const std::string& tensor) {
  setLevel(RankingLevel::Tensors);
  const int row = m_model->findTensor(tensor);
  if (row < 0) {
    return false;
  }
  QModelIndex index = m_order->mapFromSource(m_model->index(row, 0));
  if (!index.isValid()) {
    m_filter->clear();
    index = m_order->mapFromSource(m_model->index(row, 0));
  }
  m_table->setCurrentIndex(index);
  m_table->scrollTo(index, QAbstractItemView::PositionAtCenter);
  return true;
}

void RankingView::openCurrent() {
  const QModelIndex index = m_order->mapToSource(m_table->currentIndex());
  if (!index.isValid()) {
    return;
  }
  const RankingRow& row = m_model->row(index.row());
  if (row.layer >= 0 || !row.tensor.empty()) {
    emit opened(row.layer, QString::fromStdString(row.module), QString::fromStdString(row.tensor));
  }
}

bool RankingView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_table && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
      openCurrent();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void RankingView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (isThemeChange(event)) {
    applyColours();
  }
}

void RankingView::applyColours() {
  QPalette colours = m_table->palette();
  colours.setColor(QPalette::Base, currentTheme().panel);
  colours.setColor(QPalette::AlternateBase, currentTheme().alt);
  m_table->setPalette(colours);
}

}  // namespace layerloom
