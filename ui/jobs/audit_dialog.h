// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "ui/jobs/job_data.h"

class QLabel;
class QVBoxLayout;

namespace layerloom {

/// What was found while a merge was written, in full; copied as text by its button.
class AuditDialog : public QDialog {
  Q_OBJECT

 public:
  /// `job` has an audit.
  AuditDialog(const JobData& job, QWidget* parent);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void addHeading(QVBoxLayout& layout);
  void addFacts(QVBoxLayout& layout);
  void addWarnings(QVBoxLayout& layout);
  void addTensors(QVBoxLayout& layout);
  void addButtons(QVBoxLayout& layout);
  void applyColours();

  const JobData m_job;
  QLabel* m_icon = nullptr;
};

}  // namespace layerloom
