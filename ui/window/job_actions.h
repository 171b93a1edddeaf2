// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWidget;

namespace layerloom {

class JobsPanel;
class MergeQueue;

/// Joins the jobs dock with the queue: what the buttons of its rows do.
class JobActions : public QObject {
  Q_OBJECT

 public:
  JobActions(MergeQueue& queue, JobsPanel& panel, QWidget& window);

 private:
  void openFolder(int job);
  void showFault(int job);
  void showAudit(int job);
  void goWayOn(int job);
  bool mayStartAnew();

  MergeQueue& m_queue;
  QWidget& m_window;
};

}  // namespace layerloom
