// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/preview/preview_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/parts/empty_state.h"
#include "ui/parts/quiet_label.h"
#include "ui/preview/preview_table.h"
#include "ui/theme/theme.h"

namespace layerloom {

PreviewPanel::PreviewPanel(QWidget* parent) : QWidget(parent) {
  m_pages = new QStackedLayout(this);
  m_empty = new EmptyState(QStringLiteral("compare"), {}, {}, this);
  m_pages->addWidget(m_empty);
  m_pages->addWidget(makeContent());
  applyColours();
  showFigures();
}

QWidget* PreviewPanel::makeContent() {
  auto* content = new QWidget(this);
  m_scope = new QComboBox(content);
  m_scope->setObjectName(QStringLiteral("PreviewScope"));
  m_scope->setAccessibleName(tr("Part of the model"));
  m_dryRun = new QPushButton(content);
  m_dryRun->setObjectName(QStringLiteral("PreviewDryRun"));
  m_dryRun->setText(tr("Compare with a real merge"));
  m_dryRun->setMinimumWidth(m_dryRun->sizeHint().width());  // it must not shrink under the pointer while it says "Cancel"
  m_progress = new QProgressBar(content);
  m_progress->setAccessibleName(tr("Progress of the real merge"));
  m_progress->setTextVisible(false);
  m_progress->setFixedWidth(120);
  m_summary = new QuietLabel({}, LabelTone::Text, LabelFont::Body, content);
  m_summary->setWordWrap(true);
  m_measured = new QuietLabel({}, LabelTone::Text2, LabelFont::Body, content);
  m_measured->setWordWrap(true);
  m_notes = new QuietLabel({}, LabelTone::Text3, LabelFont::Small, content);
  m_notes->setWordWrap(true);
  m_model = new PreviewTable(content);
  m_table = new QTableView(content);
  m_table->setModel(m_model);
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->setShowGrid(false);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setDefaultSectionSize(24);
  m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  m_table->horizontalHeader()->setHighlightSections(false);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setAccessibleName(tr("Result against each model"));

  auto* top = new QHBoxLayout;
  top->setSpacing(8);
  top->addWidget(m_scope);
  top->addWidget(m_dryRun);
  top->addWidget(m_progress);
  top->addStretch(1);
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(12, 8, 12, 8);
  layout->setSpacing(6);
  layout->addLayout(top);
  layout->addWidget(m_summary);
  layout->addWidget(m_measured);
  layout->addWidget(m_table, 1);
  layout->addWidget(m_notes);
  connect(m_scope, &QComboBox::currentIndexChanged, this, &PreviewPanel::showFigures);
  connect(m_dryRun, &QPushButton::clicked, this, [this] {
    if (m_data.dryRunning) {
      emit dryRunCancelled();
    } else {
      m_progress->setValue(0);
      emit dryRunRequested(scope());
    }
  });
  return content;
}

void PreviewPanel::setData(const PreviewData& shown) {
  m_data = shown;
  fillScopes();
  showFigures();
}

void PreviewPanel::fillScopes() {
  std::vector<std::pair<QString, int>> scopes = {{tr("Whole model"), kWhole}};
  if (m_data.preview != nullptr) {
    for (const LayerPreview& layer : m_data.preview->layers) {
      scopes.emplace_back(layer.layer < 0 ? tr("Outside the layers") : tr("Layer %1").arg(layer.layer), layer.layer);
    }
  }
  const bool same = m_scope->count() == static_cast<int>(scopes.size()) &&
                    std::equal(scopes.begin(), scopes.end(), scopes.begin(), [&, row = 0](const auto& wanted, const auto&) mutable {
                      return m_scope->itemData(row++).toInt() == wanted.second;
                    });
  if (same) {
    return;
  }
  const int before = scope();
  const QSignalBlocker blocker(m_scope);
  m_scope->clear();
  for (const auto& [text, layer] : scopes) {
    m_scope->addItem(text, layer);
  }
  m_scope->setCurrentIndex(std::max(0, m_scope->findData(before)));
}

int PreviewPanel::scope() const {
  return m_scope->count() == 0 ? kWhole : m_scope->currentData().toInt();
}

void PreviewPanel::showLayer(int layer) {
  if (const int row = m_scope->findData(layer); row >= 0) {
    m_scope->setCurrentIndex(row);
  }
}

const PreviewFigures* PreviewPanel::figuresOf(const Preview& preview, int scope) const {
  if (scope == kWhole) {
    return &preview.total;
  }
  const auto found = std::find_if(preview.layers.begin(), preview.layers.end(), [scope](const LayerPreview& layer) { return layer.layer == scope; });
  return found == preview.layers.end() ? nullptr : &found->figures;
}

QString PreviewPanel::summary(const PreviewFigures& figures, bool measured) const {
  QString text = (measured ? tr("Measured: ‖result − base‖ %1") : tr("Predicted: ‖result − base‖ %1")).arg(estimateText(figures.moved));
  if (figures.relativeMove) {
    text += tr(", %1 of ‖base‖").arg(estimateText(figures.relativeMove));
  }
  if (figures.movedRatio) {
    text += tr(", %1 × the mean ‖Δ‖ of the models").arg(estimateText(figures.movedRatio));
  }
  return text;
}

void PreviewPanel::showFigures() {
  const Preview* preview = m_data.preview.get();
  const PreviewFigures* predicted = preview == nullptr ? nullptr : figuresOf(*preview, scope());
  const bool compared = m_data.dryRun && m_data.dryRun->layer == scope();
  const PreviewFigures* measured = compared && m_data.dryRun->failure.isEmpty() ? &m_data.dryRun->measured.total : nullptr;
  m_summary->setText(predicted == nullptr ? QString() : summary(*predicted, false));
  m_measured->setVisible(compared);
  if (compared) {
    m_measured->setTone(measured == nullptr ? LabelTone::Error : LabelTone::Text2);
    m_measured->setText(measured == nullptr ? tr("The dry run failed: %1").arg(m_data.dryRun->failure) : summary(*measured, true));
  }
  m_model->setFigures(m_data.models, predicted, measured);
  for (int column = 1; column < PreviewTable::ColumnCount; ++column) {
    m_table->setColumnHidden(column, !m_model->hasFigures(column));
  }
  m_table->setVisible(predicted != nullptr);
  m_empty->setSentence(m_data.emptyText);
  m_pages->setCurrentIndex(preview == nullptr ? 0 : 1);
  m_dryRun->setEnabled(m_data.dryRunning || (predicted != nullptr && scope() != kWhole));
  m_dryRun->setText(m_data.dryRunning ? tr("Cancel") : tr("Compare with a real merge"));
  m_dryRun->setToolTip(m_dryRun->isEnabled() ? tr("Merges these tensors for real, without writing a file, and shows what was measured beside the prediction")
                                             : tr("Choose a layer: it can be merged for real, without writing a file, to compare"));
  m_progress->setVisible(m_data.dryRunning);
  QStringList notes;
  for (std::size_t i = 0; preview != nullptr && i < preview->notes.size(); ++i) {
    notes << QString::fromStdString(preview->notes[i]);
  }
  m_notes->setText(notes.join(u'\n'));
  m_notes->setVisible(!notes.isEmpty());
}

void PreviewPanel::setDryRunProgress(int percent) {
  m_progress->setValue(percent);
}

void PreviewPanel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (isThemeChange(event)) {
    applyColours();
  }
}

void PreviewPanel::applyColours() {
  QPalette palette = m_table->palette();
  palette.setColor(QPalette::Base, currentTheme().panel);
  m_table->setPalette(palette);
}

}  // namespace layerloom
