// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/sizes_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "ui/evidence/figures.h"
#include "ui/evidence/histogram_view.h"
#include "ui/evidence/model_legend.h"
#include "ui/evidence/scope_box.h"

namespace layerloom {

SizesPage::SizesPage(QWidget* parent) : QWidget(parent) {
  m_scope = new ScopeBox(this);
  m_scope->setObjectName(QStringLiteral("SizesScope"));
  m_models = new QComboBox(this);
  m_models->setObjectName(QStringLiteral("SizesModels"));
  m_models->setAccessibleName(tr("Models"));
  m_models->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_models->setMinimumContentsLength(8);
  m_log = new QCheckBox(tr("Log"), this);
  m_log->setObjectName(QStringLiteral("SizesLog"));
  m_log->setToolTip(tr("Logarithmic shares: few entries can be seen as well"));
  m_legend = new ModelLegend(this);
  m_view = new HistogramView(this);
  auto* controls = new QHBoxLayout;
  controls->setSpacing(6);
  controls->addWidget(m_scope);
  controls->addWidget(m_models);
  controls->addWidget(m_log);
  controls->addSpacing(6);
  controls->addWidget(m_legend, 1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(12, 0, 12, 0);
  layout->setSpacing(2);
  layout->addLayout(controls);
  layout->addWidget(m_view, 1);
  connect(m_scope, &QComboBox::currentIndexChanged, this, &SizesPage::refresh);
  connect(m_models, &QComboBox::currentIndexChanged, this, &SizesPage::refresh);
  connect(m_log, &QCheckBox::toggled, m_view, &HistogramView::setLogarithmic);
}

void SizesPage::setData(const EvidenceData& evidence) {
  m_data = evidence;
  m_scope->setData(evidence);
  fillModels();
  refresh();
}

void SizesPage::fillModels() {
  const QSignalBlocker quiet(m_models);
  const QString chosen = m_models->currentText();
  m_models->clear();
  m_models->addItem(tr("All models"));
  for (const EvidenceModel& model : m_data.models) {
    m_models->addItem(model.name);
  }
  m_models->setCurrentIndex(std::max(0, m_models->findText(chosen)));
  m_models->setVisible(m_data.models.size() > 1);
}

void SizesPage::refresh() {
  const GroupStatistics figures = m_scope->figures();
  const int only = m_models->currentIndex() - 1;
  m_view->setContent(m_data, figures, only);
  std::vector<ModelLegend::Entry> entries;
  QStringList unchanged;
  for (int model = 0; model < static_cast<int>(m_data.models.size()); ++model) {
    const auto share = figureOf(figures, Figure::ZeroShare, model);
    if ((only < 0 || only == model) && share) {
      entries.push_back({modelName(m_data, model), m_data.models[static_cast<std::size_t>(model)].colourIndex});
      unchanged << QStringLiteral("%1 %2").arg(modelName(m_data, model), figureText(Figure::ZeroShare, share));
    }
  }
  m_legend->setEntries(std::move(entries), true);
  emit described(unchanged.isEmpty() ? QString() : tr("Unchanged entries: %1").arg(unchanged.join(QStringLiteral(", "))));
}

QString SizesPage::title() const {
  return tr("Share of entries by size of their change: %1").arg(m_scope->currentText());
}

}  // namespace layerloom
