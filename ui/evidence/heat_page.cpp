// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/heat_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/evidence/colour_legend.h"
#include "ui/evidence/heat_map_view.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kRowHeight = 24;

QComboBox* makeBox(const QString& name, const QString& words, int letters, QWidget* parent) {
  auto* box = new QComboBox(parent);
  box->setObjectName(name);
  box->setAccessibleName(words);
  box->setToolTip(words);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(letters);
  box->setMaximumWidth(240);
  return box;
}

}  // namespace

HeatPage::HeatPage(QWidget* parent)
    : QWidget(parent), m_model(new HeatModel(this)), m_view(new HeatMapView(m_model, this)), m_table(new QTableView(this)), m_twins(new QStackedWidget(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(12, 0, 12, 0);
  layout->setSpacing(4);
  layout->addWidget(makeControls());
  m_twins->addWidget(m_view);
  m_twins->addWidget(m_table);
  layout->addWidget(m_twins, 1);
  makeTable();
  fillFigures();
  connect(m_view, &HeatMapView::picked, this, [this](const QModelIndex& index) { tell(index, &HeatPage::picked); });
  connect(m_view, &HeatMapView::opened, this, [this](const QModelIndex& index) { tell(index, &HeatPage::opened); });
  connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &HeatPage::describeCurrent);
  connect(m_model, &QAbstractItemModel::modelReset, this, &HeatPage::joinTallCells);
  applyColours();
}

QWidget* HeatPage::makeControls() {
  auto* row = new QWidget(this);
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  m_figures = makeBox(QStringLiteral("HeatFigure"), tr("Figure"), 10, row);
  m_subjects = makeBox(QStringLiteral("HeatSubject"), tr("Model or pair"), 7, row);
  m_log = new QCheckBox(tr("Log"), row);
  m_log->setObjectName(QStringLiteral("HeatLog"));
  m_log->setToolTip(tr("Logarithmic colours: equal ratios look equally far apart"));
  m_clip = new QCheckBox(tr("Clip"), row);
  m_clip->setObjectName(QStringLiteral("HeatClip"));
  m_clip->setToolTip(tr("Give the outermost 2 % of the values the colour of the end, so that single outliers do not take all the colours"));
  m_clip->setChecked(true);
  m_legend = new ColourLegend(row);
  layout->addWidget(m_figures, 2);
  layout->addWidget(m_subjects, 1);
  layout->addSpacing(4);
  layout->addWidget(m_log);
  layout->addWidget(m_clip);
  layout->addStretch(1);
  layout->addWidget(m_legend);
  connect(m_figures, &QComboBox::currentIndexChanged, this, [this] {
    fillSubjects();
    refresh();
  });
  connect(m_subjects, &QComboBox::currentIndexChanged, this, &HeatPage::refresh);
  connect(m_log, &QCheckBox::toggled, this, &HeatPage::refresh);
  connect(m_clip, &QCheckBox::toggled, this, &HeatPage::refresh);
  return row;
}

void HeatPage::makeTable() {
  m_table->setObjectName(QStringLiteral("HeatTable"));
  m_table->setAccessibleName(tr("Heat map as a table"));
  m_table->setModel(m_model);
  m_table->setSelectionModel(m_view->selectionModel());  // one cell cursor for both
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->setShowGrid(false);
  m_table->setAlternatingRowColors(true);
  m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_table->setTabKeyNavigation(false);
  m_table->verticalHeader()->setMinimumSectionSize(kRowHeight);
  m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
  m_table->horizontalHeader()->setMinimumSectionSize(40);
  m_table->horizontalHeader()->setDefaultSectionSize(64);
  for (QHeaderView* header : {m_table->horizontalHeader(), m_table->verticalHeader()}) {
    header->setHighlightSections(false);
    header->setFont(smallFont());
  }
  m_table->installEventFilter(this);
  connect(m_table, &QTableView::clicked, this, [this](const QModelIndex& index) { tell(index, &HeatPage::picked); });
  connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) { tell(index, &HeatPage::opened); });
}

/// What stands outside the layers belongs to no row.
void HeatPage::joinTallCells() {
  m_table->clearSpans();
  for (int column = 0; column < m_model->columnCount(); ++column) {
    if (m_model->grid().columns[static_cast<std::size_t>(column)].isOuter() && m_model->rowCount() > 1) {
      m_table->setSpan(0, column, m_model->rowCount(), 1);
    }
  }
}

void HeatPage::fillFigures() {
  const QSignalBlocker quiet(m_figures);
  const QVariant chosen = m_figures->currentData();
  m_figures->clear();
  const auto add = [&](const std::vector<Figure>& figures) {
    for (const Figure figure : figures) {
      m_figures->addItem(figureName(figure), static_cast<int>(figure));
      m_figures->setItemData(m_figures->count() - 1, figureDefinition(figure), Qt::ToolTipRole);
    }
  };
  add(modelFigures());
  if (m_data.models.size() > 1) {
    m_figures->insertSeparator(m_figures->count());
    add(pairFigures());
  }
  m_figures->setCurrentIndex(std::max(0, m_figures->findData(chosen)));
}

void HeatPage::fillSubjects() {
  const QSignalBlocker quiet(m_subjects);
  const QString chosen = m_subjects->currentText();
  m_subjects->clear();
  const bool pairs = isPairFigure(figure());
  const auto count = pairs ? pairCount(m_data.models.size()) : m_data.models.size();
  for (int subject = 0; subject < static_cast<int>(count); ++subject) {
    m_subjects->addItem(pairs ? pairName(m_data, subject) : modelName(m_data, subject));
  }
  m_subjects->setCurrentIndex(std::max(0, m_subjects->findText(chosen)));
  m_subjects->setEnabled(count > 1);
}

Figure HeatPage::figure() const {
  return static_cast<Figure>(m_figures->currentData().toInt());
}

void HeatPage::setFigure(Figure figure) {
  m_figures->setCurrentIndex(m_figures->findData(static_cast<int>(figure)));
}

void HeatPage::setSubject(int subject) {
  m_subjects->setCurrentIndex(subject);
}

void HeatPage::setData(const EvidenceData& evidence) {
  const bool otherModels = !std::equal(m_data.models.begin(), m_data.models.end(), evidence.models.begin(), evidence.models.end(),
                                       [](const EvidenceModel& a, const EvidenceModel& b) { return a.name == b.name; });
  m_data = evidence;
  if (otherModels) {
    fillFigures();
    fillSubjects();
  }
  if (evidence.activeModel != m_lastActive && evidence.activeModel >= 0 && !isPairFigure(figure())) {
    const QSignalBlocker quiet(m_subjects);
    m_subjects->setCurrentIndex(evidence.activeModel);
  }
  m_lastActive = evidence.activeModel;
  refresh();
}

void HeatPage::refresh() {
  m_model->setGrid(m_data, makeHeatGrid(m_data, figure(), std::max(0, m_subjects->currentIndex())), {m_log->isChecked(), m_clip->isChecked()});
  m_legend->setScale(m_model->scale(), figure());
  m_log->setEnabled(!isSigned(figure()));
  m_view->setAccessibleName(title());
  describeCurrent();
}

QString HeatPage::title() const {
  return figureTitle(m_data, figure(), std::max(0, m_subjects->currentIndex()));
}

void HeatPage::setTableShown(bool shown) {
  m_twins->setCurrentIndex(shown ? 1 : 0);
  m_legend->setVisible(!shown);
}

void HeatPage::showPlace(int layer, const std::string& module, TensorKind kind) {
  const QModelIndex index = m_model->find(layer, module, kind);
  if (index.isValid()) {
    m_view->setCurrentIndex(index);
  }
}

void HeatPage::tell(const QModelIndex& index, void (HeatPage::*signal)(const HeatCell&, const HeatColumn&)) {
  const HeatCell* cell = m_model->cellAt(index);
  if (cell != nullptr && !cell->tensor.empty()) {
    emit(this->*signal)(*cell, m_model->grid().columns[static_cast<std::size_t>(index.column())]);
  }
}

void HeatPage::describeCurrent() {
  const QModelIndex index = m_view->currentIndex();
  const HeatCell* cell = m_model->cellAt(index);
  if (cell == nullptr) {
    emit described({});
    return;
  }
  const QString value = cell->value ? figureText(m_model->grid().figure, cell->value) : reasonText(m_model->grid(), *cell);
  QString words = QStringLiteral("%1: %2").arg(m_model->placeText(index), value);
  if (!cell->tensor.empty()) {
    words += QStringLiteral("   ") + QString::fromStdString(cell->tensor);
  }
  emit described(words);
}

bool HeatPage::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_table && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space) {
      tell(m_table->currentIndex(), key == Qt::Key_Space ? &HeatPage::picked : &HeatPage::opened);
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void HeatPage::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (isThemeChange(event)) {
    applyColours();
  }
}

void HeatPage::applyColours() {
  QPalette colours = m_table->palette();
  colours.setColor(QPalette::Base, currentTheme().panel);
  colours.setColor(QPalette::AlternateBase, currentTheme().alt);
  m_table->setPalette(colours);
}

}  // namespace layerloom
