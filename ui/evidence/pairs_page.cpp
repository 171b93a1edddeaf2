// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/pairs_page.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/evidence/model_legend.h"
#include "ui/evidence/pair_matrix.h"
#include "ui/evidence/scope_box.h"

namespace layerloom {

PairsPage::PairsPage(QWidget* parent) : QWidget(parent) {
  m_scope = new ScopeBox(this);
  m_scope->setObjectName(QStringLiteral("PairsScope"));
  m_legend = new ModelLegend(this);
  auto* controls = new QHBoxLayout;
  controls->setSpacing(12);
  controls->addWidget(m_scope);
  controls->addWidget(m_legend, 1);
  m_sheet = new QWidget;
  auto* row = new QHBoxLayout(m_sheet);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(20);
  for (const Figure figure : pairFigures()) {
    m_matrices.push_back(new PairMatrix(figure, m_sheet));
    row->addWidget(m_matrices.back());
  }
  row->addStretch();
  auto* scroll = new QScrollArea(this);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setWidget(m_sheet);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(12, 0, 12, 0);
  layout->setSpacing(6);
  layout->addLayout(controls);
  layout->addWidget(scroll, 1);
  connect(m_scope, &QComboBox::currentIndexChanged, this, &PairsPage::refresh);
}

void PairsPage::setData(const EvidenceData& evidence) {
  m_data = evidence;
  m_scope->setData(evidence);
  std::vector<ModelLegend::Entry> entries;
  for (const EvidenceModel& model : evidence.models) {
    entries.push_back({model.name, model.colourIndex});
  }
  m_legend->setEntries(std::move(entries), false);
  refresh();
}

void PairsPage::refresh() {
  const GroupStatistics figures = m_scope->figures();
  for (PairMatrix* matrix : m_matrices) {
    matrix->setContent(m_data, figures);
  }
}

QString PairsPage::title() const {
  return tr("How each two models lie to each other: %1").arg(m_scope->currentText());
}

}  // namespace layerloom
