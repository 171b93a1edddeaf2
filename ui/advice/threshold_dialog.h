// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <string>
#include <vector>

#include "core/analysis/advice.h"

class QDoubleSpinBox;

namespace layerloom {

/// Where advice begins, each threshold with the reason for its standard value.
class ThresholdDialog : public QDialog {
  Q_OBJECT

 public:
  explicit ThresholdDialog(const AdviceThresholds& thresholds, QWidget* parent = nullptr);

  AdviceThresholds thresholds() const;

 private:
  void show(const AdviceThresholds& thresholds);

  struct Field {
    std::string name;
    QDoubleSpinBox* box = nullptr;
  };
  std::vector<Field> m_fields;
};

/// The thresholds that were kept from earlier starts.
AdviceThresholds storedThresholds();
void storeThresholds(const AdviceThresholds& thresholds);

}  // namespace layerloom
