// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "ui/evidence/evidence_data.h"

class QScrollArea;

namespace layerloom {

class ModelLegend;
class PairMatrix;
class ScopeBox;

/// How the changes of each two models lie to each other: cosine and sign conflicts as matrices side by side.
class PairsPage : public QWidget {
  Q_OBJECT

 public:
  explicit PairsPage(QWidget* parent = nullptr);

  void setData(const EvidenceData& evidence);
  ScopeBox& scope() { return *m_scope; }
  ModelLegend& legend() { return *m_legend; }
  QWidget& matrices() { return *m_sheet; }
  QString title() const;

 private:
  void refresh();

  EvidenceData m_data;
  ScopeBox* m_scope = nullptr;
  ModelLegend* m_legend = nullptr;
  QWidget* m_sheet = nullptr;
  std::vector<PairMatrix*> m_matrices;
};

}  // namespace layerloom
