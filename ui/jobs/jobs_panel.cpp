// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/jobs_panel.h"

#include <algorithm>

#include <QAction>
#include <QScrollArea>
#include <QStackedLayout>
#include <QVBoxLayout>

#include "ui/jobs/job_row.h"
#include "ui/parts/empty_state.h"
#include "ui/theme/icons.h"

namespace layerloom {

JobsPanel::JobsPanel(QWidget* parent)
    : QWidget(parent), m_clear(new QAction(themedIcon(QStringLiteral("trash")), tr("Clear finished jobs"), this)) {
  connect(m_clear, &QAction::triggered, this, &JobsPanel::clearFinishedRequested);
  m_pages = new QStackedLayout(this);
  m_pages->addWidget(new EmptyState(QStringLiteral("history"), tr("Merges that you run appear here."), {}, this));
  m_pages->addWidget(makeList());
  showPage();
}

QWidget* JobsPanel::makeList() {
  auto* list = new QScrollArea(this);
  list->setFrameShape(QFrame::NoFrame);
  list->setWidgetResizable(true);
  list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list->setFocusPolicy(Qt::NoFocus);
  m_content = new QWidget;
  m_layout = new QVBoxLayout(m_content);
  m_layout->setContentsMargins(0, 0, 0, 0);
  m_layout->setSpacing(0);
  m_layout->addStretch();
  list->setWidget(m_content);
  return list;
}

void JobsPanel::setJobs(std::vector<JobData> jobs) {
  std::sort(jobs.begin(), jobs.end(), [](const JobData& a, const JobData& b) { return a.id > b.id; });
  while (m_rows.size() > jobs.size()) {
    // Later: one of the row's buttons may have led here.
    m_rows.back()->hide();
    m_rows.back()->deleteLater();
    m_rows.pop_back();
  }
  while (m_rows.size() < jobs.size()) m_rows.push_back(addRow());
  for (std::size_t i = 0; i < jobs.size(); ++i)
    if (!(m_rows[i]->job() == jobs[i])) m_rows[i]->setJob(jobs[i]);
  showPage();
}

void JobsPanel::updateJob(const JobData& job) {
  const auto found =
      std::find_if(m_rows.begin(), m_rows.end(), [&](const JobRow* row) { return row->job().id == job.id; });
  if (found != m_rows.end()) {
    (*found)->setJob(job);
    showPage();
    return;
  }
  std::vector<JobData> jobs{job};
  for (const JobRow* row : m_rows) jobs.push_back(row->job());
  setJobs(std::move(jobs));
}

JobRow* JobsPanel::addRow() {
  auto* row = new JobRow(m_content);
  row->setJob({});
  connect(row, &JobRow::pauseRequested, this, &JobsPanel::pauseRequested);
  connect(row, &JobRow::continueRequested, this, &JobsPanel::continueRequested);
  connect(row, &JobRow::cancelRequested, this, &JobsPanel::cancelRequested);
  connect(row, &JobRow::wayOnRequested, this, &JobsPanel::wayOnRequested);
  connect(row, &JobRow::auditRequested, this, &JobsPanel::auditRequested);
  connect(row, &JobRow::openFolderRequested, this, &JobsPanel::openFolderRequested);
  connect(row, &JobRow::showRequested, this, &JobsPanel::showRequested);
  m_layout->insertWidget(static_cast<int>(m_rows.size()), row);
  row->show();
  return row;
}

void JobsPanel::showPage() {
  m_pages->setCurrentIndex(m_rows.empty() ? 0 : 1);
  m_clear->setEnabled(
      std::any_of(m_rows.begin(), m_rows.end(), [](const JobRow* row) { return isFinished(row->job().state); }));
}

}  // namespace layerloom
