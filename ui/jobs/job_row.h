// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>

#include <QWidget>

#include "ui/jobs/job_data.h"

namespace layerloom {

class IconButton;
class TextButton;

/// One merge in the jobs dock.
class JobRow : public QWidget {
  Q_OBJECT

 public:
  explicit JobRow(QWidget* parent = nullptr);

  /// Emits nothing.
  void setJob(const JobData& job);
  const JobData& job() const { return m_job; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  void pauseRequested(int id);
  void continueRequested(int id);  ///< of a paused job
  void cancelRequested(int id);
  void wayOnRequested(int id);  ///< what the job's data says
  void auditRequested(int id);
  void openFolderRequested(int id);
  void showRequested(int id);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  bool isUnderWay() const { return !isFinished(m_job.state); }
  QRectF firstLine() const;
  QRectF secondLine() const;
  QRectF place(const QRectF& rect) const;
  void paintTitle(QPainter& painter) const;
  double paintChip(QPainter& painter, const QRectF& line) const;
  void paintProgress(QPainter& painter) const;
  void paintResult(QPainter& painter) const;
  void describe();
  void paintTime(QPainter& painter) const;
  void showButtons(JobState before);
  void placeButtons();
  double roomOf(std::initializer_list<const QWidget*> buttons) const;

  JobData m_job;
  IconButton* m_pause = nullptr;
  IconButton* m_cancel = nullptr;
  TextButton* m_open = nullptr;
  TextButton* m_show = nullptr;
  TextButton* m_wayOn = nullptr;
  TextButton* m_audit = nullptr;
};

}  // namespace layerloom
