// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "ui/jobs/job_data.h"

class QAction;
class QStackedLayout;
class QVBoxLayout;

namespace layerloom {

class JobRow;

/// The jobs dock: merges, the newest first.
class JobsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit JobsPanel(QWidget* parent = nullptr);

  /// Shows these jobs, in any order. Emits nothing.
  void setJobs(std::vector<JobData> jobs);
  /// Shows the new state of a job, or the job if it is a new one. Emits nothing.
  void updateJob(const JobData& job);

  /// Actions for the dock's title: clear finished jobs.
  QList<QAction*> titleActions() const { return {m_clear}; }

 signals:
  void pauseRequested(int id);
  void continueRequested(int id);
  void cancelRequested(int id);
  void wayOnRequested(int id);
  void auditRequested(int id);
  void openFolderRequested(int id);
  void showRequested(int id);
  void clearFinishedRequested();

 private:
  QWidget* makeList();
  JobRow* addRow();
  void showPage();

  QAction* m_clear = nullptr;
  QStackedLayout* m_pages = nullptr;
  QWidget* m_content = nullptr;
  QVBoxLayout* m_layout = nullptr;
  std::vector<JobRow*> m_rows;  ///< newest first
};

}  // namespace layerloom
