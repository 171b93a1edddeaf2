// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/evidence_panel.h"

#include <QAction>
#include <QButtonGroup>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QStackedLayout>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/evidence/colour_legend.h"
#include "ui/evidence/evidence_export.h"
#include "ui/evidence/heat_map_view.h"
#include "ui/evidence/heat_page.h"
#include "ui/evidence/histogram_view.h"
#include "ui/evidence/model_legend.h"
#include "ui/evidence/pairs_page.h"
#include "ui/evidence/ranking_view.h"
#include "ui/evidence/scope_box.h"
#include "ui/evidence/sizes_page.h"
#include "ui/parts/empty_state.h"
#include "ui/parts/painting.h"
#include "ui/parts/quiet_label.h"
#include "ui/theme/icons.h"

namespace layerloom {

EvidencePanel::EvidencePanel(QWidget* parent) : QWidget(parent) {
  m_states = new QStackedLayout(this);
  m_states->setContentsMargins(0, 0, 0, 0);
  // In the order of EvidenceState: those with figures share a page.
  m_states->addWidget(new EmptyState(QStringLiteral("heatmap"), tr("Add models to see how they differ."), {}, this));
  m_states->addWidget(new EmptyState(QStringLiteral("heatmap"), tr("Choose a base model to see what the model changed."), {}, this));
  m_states->addWidget(makeContent());
  m_states->addWidget(makeFailedPage());
  makeSwitch();
  makeActions();
  connectPages();
  onPage();
}

void EvidencePanel::makeSwitch() {
  m_switch = new QWidget(this);
  auto* layout = new QHBoxLayout(m_switch);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  m_buttons = new QButtonGroup(this);
  const QStringList names = {tr("Heat map"), tr("Ranking"), tr("Sizes"), tr("Pairs")};
  for (int page = 0; page < names.size(); ++page) {
    auto* button = new QToolButton(m_switch);
    button->setText(names[page]);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setChecked(page == 0);
    m_buttons->addButton(button, page);
    layout->addWidget(button);
  }
  connect(m_buttons, &QButtonGroup::idClicked, this, [this](int page) { setPage(static_cast<Page>(page)); });
}

QWidget* EvidencePanel::makeContent() {
  auto* content = new QWidget(this);
  m_heat = new HeatPage(content);
  m_ranking = new RankingView(content);
  m_sizes = new SizesPage(content);
  m_pairs = new PairsPage(content);
  m_pairStates = new QStackedWidget(content);
  m_pairStates->addWidget(m_pairs);
  m_pairStates->addWidget(new EmptyState(QStringLiteral("compare"), tr("Pairs need two models."), {}, m_pairStates));
  m_pages = new QStackedWidget(content);
  for (QWidget* page : {static_cast<QWidget*>(m_heat), static_cast<QWidget*>(m_ranking), static_cast<QWidget*>(m_sizes), static_cast<QWidget*>(m_pairStates)}) {
    m_pages->addWidget(page);
  }
  m_detail = new QuietLabel({}, LabelTone::Text2, LabelFont::Small, content);
  m_detail->setElided();
  m_detail->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  m_status = new QuietLabel({}, LabelTone::Text3, LabelFont::Small, content);
  m_status->setObjectName(QStringLiteral("EvidenceStatus"));
  m_detail->setObjectName(QStringLiteral("EvidenceDetail"));
  m_status->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(12, 0, 12, 6);
  foot->setSpacing(12);
  foot->addWidget(m_detail, 1);
  foot->addWidget(m_status);
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(0, 2, 0, 0);
  layout->setSpacing(2);
  layout->addWidget(m_pages, 1);
  layout->addLayout(foot);
  return content;
}

QWidget* EvidencePanel::makeFailedPage() {
  m_failure = new EmptyState(QStringLiteral("error"), {}, tr("Measure again"), this);
  connect(m_failure, &EmptyState::actionTriggered, this, &EvidencePanel::measureAgainRequested);
  return m_failure;
}

void EvidencePanel::makeActions() {
  m_table = new QAction(themedIcon(QStringLiteral("table")), tr("Show as a table"), this);
  m_table->setCheckable(true);
  connect(m_table, &QAction::toggled, m_heat, &HeatPage::setTableShown);
  m_csv = new QAction(themedIcon(QStringLiteral("export")), tr("Export as CSV…"), this);
  connect(m_csv, &QAction::triggered, this, [this] { askAndExport(false); });
  m_picture = new QAction(themedIcon(QStringLiteral("save")), tr("Save as picture…"), this);
  connect(m_picture, &QAction::triggered, this, [this] { askAndExport(true); });
}

/// Hidden while it is whole: ~QWidget would take the focus from the heat map, whose signal would come to what is no longer an EvidencePanel.
EvidencePanel::~EvidencePanel() {
  hide();
}

QList<QAction*> EvidencePanel::titleActions() const {
  return {m_table, m_csv, m_picture};
}

void EvidencePanel::connectPages() {
  connect(m_heat, &HeatPage::picked, this, &EvidencePanel::pick);
  connect(&m_heat->view(), &HeatMapView::layerPointedAt, this, &EvidencePanel::layerPointedAt);
  connect(m_heat, &HeatPage::opened, this, [this](const HeatCell& cell, const HeatColumn&) {
    setPage(Page::Ranking);
    m_ranking->showTensor(cell.tensor);
    m_ranking->table().setFocus();
  });
  const auto showDetail = [this](Page of, const QString& words) {
    if (page() == of) {
      m_detail->setText(words);
    }
  };
  connect(m_heat, &HeatPage::described, this, [showDetail](const QString& words) { showDetail(Page::HeatMap, words); });
  connect(m_sizes, &SizesPage::described, this, [showDetail](const QString& words) { showDetail(Page::Sizes, words); });
  connect(m_ranking, &RankingView::opened, this, [this](int layer, const QString& module, const QString& tensor) {
    for (const ExpectedTensor& expected : m_data.expected) {
      if (expected.name == tensor.toStdString()) {
        m_heat->showPlace(layer, module.toStdString(), expected.kind);
      }
    }
    emit placeChosen(layer, module, tensor);
  });
}

void EvidencePanel::pick(const HeatCell& cell, const HeatColumn& column) {
  m_ranking->setData(m_data);
  m_ranking->showTensor(cell.tensor);
  for (ScopeBox* scope : {&m_sizes->scope(), &m_pairs->scope()}) {
    scope->setData(m_data);
    scope->chooseTensor(cell.tensor);
  }
  emit placeChosen(column.layer, QString::fromStdString(column.module), QString::fromStdString(cell.tensor));
}

void EvidencePanel::setData(const EvidenceData& evidence) {
  m_data = evidence;
  const bool hasFigures = evidence.state == EvidenceState::Measuring || evidence.state == EvidenceState::Ready;
  m_states->setCurrentIndex(hasFigures ? 2 : evidence.state == EvidenceState::Failed ? 3 : evidence.state == EvidenceState::NothingToCompare ? 1 : 0);
  m_failure->setSentence(evidence.message);
  m_switch->setEnabled(hasFigures);
  onPage();
}

/// Only the page that is seen: the others follow when they are turned to.
void EvidencePanel::refresh() {
  if (!m_seen) {
    return;
  }
  switch (page()) {
    case Page::HeatMap:
      m_heat->setData(m_data);
      break;
    case Page::Ranking:
      m_ranking->setData(m_data);
      break;
    case Page::Sizes:
      m_sizes->setData(m_data);
      break;
    case Page::Pairs:
      m_pairs->setData(m_data);
      m_pairStates->setCurrentIndex(m_data.models.size() > 1 ? 0 : 1);
      break;
  }
}

void EvidencePanel::setSeen(bool seen) {
  const bool comes = seen && !m_seen;
  m_seen = seen;
  if (comes) {
    refresh();
  }
}

QString EvidencePanel::progressText() const {
  const int done = m_data.statistics == nullptr ? 0 : static_cast<int>(m_data.statistics->tensors.size());
  return tr("Measuring: %1 of %n tensor(s)", nullptr, static_cast<int>(m_data.expected.size())).arg(done);
}

void EvidencePanel::showStatus() {
  QStringList parts;
  QStringList details;
  if (m_data.state == EvidenceState::Measuring) {
    parts << progressText();
  }
  if (m_data.base.isEmpty()) {
    parts << tr("against the mean of the models");
    details << tr("The recipe has no base model. So the changes are measured against the mean of the models.");
  } else {
    parts << tr("against %1").arg(m_data.base);
  }
  if (m_data.statistics != nullptr && !m_data.statistics->notes.empty()) {
    parts << tr("%n note(s)", nullptr, static_cast<int>(m_data.statistics->notes.size()));
    for (const std::string& note : m_data.statistics->notes) {
      details << capitalised(QString::fromStdString(note));
    }
  }
  m_status->setText(parts.join(QStringLiteral(" · ")));
  m_status->setToolTip(plainToolTip(details.join(QLatin1Char('\n'))));
}

EvidencePanel::Page EvidencePanel::page() const {
  return static_cast<Page>(m_pages->currentIndex());
}

void EvidencePanel::setPage(Page page) {
  m_pages->setCurrentIndex(static_cast<int>(page));
  m_buttons->button(static_cast<int>(page))->setChecked(true);
  onPage();
}

void EvidencePanel::onPage() {
  const bool hasFigures = m_data.state == EvidenceState::Measuring || m_data.state == EvidenceState::Ready;
  const Page shown = page();
  m_table->setEnabled(hasFigures && shown == Page::HeatMap);
  m_csv->setEnabled(hasFigures && (shown == Page::HeatMap || shown == Page::Ranking));
  m_picture->setEnabled(hasFigures && shown != Page::Ranking && !(shown == Page::Pairs && m_data.models.size() < 2));
  m_detail->clear();
  showStatus();
  refresh();
}

void EvidencePanel::setMarkedLayer(int layer) {
  m_heat->view().setMarkedLayer(layer);
}

bool EvidencePanel::exportCsv(const QString& path, QString& reason) const {
  switch (page()) {
    case Page::HeatMap:
      return saveCsv(tableAsCsv(m_heat->model(), true), path, reason);
    case Page::Ranking:
      return saveCsv(tableAsCsv(m_ranking->shown(), false), path, reason);
    default:
      reason = tr("This page has no table.");
      return false;
  }
}

bool EvidencePanel::exportPicture(const QString& path, QString& reason) {
  switch (page()) {
    case Page::HeatMap:
      return savePicture(pictureOf(m_heat->title(), &m_heat->legend(), *m_heat->view().viewport()), path, reason);
    case Page::Sizes:
      return savePicture(pictureOf(m_sizes->title(), &m_sizes->legend(), m_sizes->view()), path, reason);
    case Page::Pairs:
      return savePicture(pictureOf(m_pairs->title(), &m_pairs->legend(), m_pairs->matrices()), path, reason);
    default:
      reason = tr("This page has no picture.");
      return false;
  }
}

void EvidencePanel::askAndExport(bool picture) {
  const QString filter = picture ? tr("Pictures (*.png)") : tr("Tables (*.csv)");
  const QString suggestion = picture ? QStringLiteral("evidence.png") : QStringLiteral("evidence.csv");
  const QString path = QFileDialog::getSaveFileName(this, picture ? m_picture->text() : m_csv->text(), suggestion, filter);
  QString reason;
  if (!path.isEmpty() && !(picture ? exportPicture(path, reason) : exportCsv(path, reason))) {
    QMessageBox::warning(this, tr("Layerloom"), reason);
  }
}

}  // namespace layerloom
