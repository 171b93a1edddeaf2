// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/job_actions.h"

#include <QDesktopServices>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>

#include "ui/adapters/merge_queue.h"
#include "ui/jobs/audit_dialog.h"
#include "ui/jobs/jobs_panel.h"

namespace layerloom {

JobActions::JobActions(MergeQueue& queue, JobsPanel& panel, QWidget& window) : QObject(&window), m_queue(queue), m_window(window) {
  connect(&queue, &MergeQueue::jobChanged, &panel, &JobsPanel::updateJob);
  connect(&panel, &JobsPanel::pauseRequested, this, [this](int id) { m_queue.setPaused(id, true); });
  connect(&panel, &JobsPanel::continueRequested, this, [this](int id) { m_queue.setPaused(id, false); });
  connect(&panel, &JobsPanel::cancelRequested, &queue, &MergeQueue::cancel);
  connect(&panel, &JobsPanel::openFolderRequested, this, &JobActions::openFolder);
  connect(&panel, &JobsPanel::showRequested, this, &JobActions::showFault);
  connect(&panel, &JobsPanel::auditRequested, this, &JobActions::showAudit);
  connect(&panel, &JobsPanel::wayOnRequested, this, &JobActions::goWayOn);
  connect(&panel, &JobsPanel::clearFinishedRequested, this, [this, &panel] {
    m_queue.clearFinished();
    panel.setJobs(m_queue.jobs());
  });
}

void JobActions::openFolder(int id) {
  if (const JobData* job = m_queue.find(id)) {
    QDesktopServices::openUrl(QUrl::fromLocalFile(job->folder));
  }
}

void JobActions::showFault(int id) {
  const JobData* job = m_queue.find(id);
  if (job == nullptr) {
    return;
  }
  QMessageBox box(QMessageBox::Warning, tr("The merge failed"), job->message, QMessageBox::Ok, &m_window);
  box.setTextFormat(Qt::PlainText);
  box.setInformativeText(job->remedy);
  box.exec();
}

void JobActions::showAudit(int id) {
  const JobData* job = m_queue.find(id);
  if (job != nullptr && job->audit) {
    AuditDialog(*job, &m_window).exec();
  }
}

void JobActions::goWayOn(int id) {
  const JobData* job = m_queue.find(id);
  if (job != nullptr && (job->wayOn != WayOn::StartAnew || mayStartAnew())) {
    m_queue.goWayOn(id);
  }
}

bool JobActions::mayStartAnew() {
  QMessageBox box(QMessageBox::Question, tr("Start anew"), tr("What the interrupted merge has finished is discarded."),
                  QMessageBox::Cancel, &m_window);
  QPushButton* start = box.addButton(tr("Start anew"), QMessageBox::AcceptRole);
  box.setDefaultButton(QMessageBox::Cancel);
  box.exec();
  return box.clickedButton() == start;
}

}  // namespace layerloom
