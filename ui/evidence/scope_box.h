// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

#include "ui/evidence/evidence_data.h"

namespace layerloom {

/// Chooses which tensors count: the whole model, one kind, one layer, or the tensor that was picked elsewhere.
class ScopeBox : public QComboBox {
  Q_OBJECT

 public:
  explicit ScopeBox(QWidget* parent = nullptr);

  /// Keeps the choice where it still exists. Emits nothing.
  void setData(const EvidenceData& evidence);
  /// Offers the tensor and chooses it.
  void chooseTensor(const std::string& tensor);
  /// The figures of the choice; empty ones before anything was measured.
  GroupStatistics figures() const;

 private:
  void addScopes();

  EvidenceData m_data;
  QString m_tensor;
};

}  // namespace layerloom
