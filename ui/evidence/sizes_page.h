// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/evidence/evidence_data.h"

class QCheckBox;
class QComboBox;

namespace layerloom {

class HistogramView;
class ModelLegend;
class ScopeBox;

/// The histogram of |Δ| with what chooses tensors and models.
class SizesPage : public QWidget {
  Q_OBJECT

 public:
  explicit SizesPage(QWidget* parent = nullptr);

  void setData(const EvidenceData& evidence);
  ScopeBox& scope() { return *m_scope; }
  HistogramView& view() { return *m_view; }
  ModelLegend& legend() { return *m_legend; }
  QString title() const;

 signals:
  /// What the chart does not show: the entries that did not change.
  void described(const QString& words);

 private:
  void fillModels();
  void refresh();

  EvidenceData m_data;
  ScopeBox* m_scope = nullptr;
  QComboBox* m_models = nullptr;
  QCheckBox* m_log = nullptr;
  ModelLegend* m_legend = nullptr;
  HistogramView* m_view = nullptr;
};

}  // namespace layerloom
