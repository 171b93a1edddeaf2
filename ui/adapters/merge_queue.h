// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <deque>
#include <map>
#include <memory>

#include "ui/jobs/job_data.h"

namespace layerloom {

/// A merge to be run: the recipe's text and where its models and its result are.
struct MergeRequest {
  QString name;
  QString method;
  QString recipe;
  QString workingFolder;    ///< relative references start here
  QString output;
  bool overwrite = false;
};

/// Runs merges one after another, each in a child process of layerloom-cli, so that neither a crash nor a kill takes the design down. The
/// child's JSON lines (app/cli/progress_json.md) become JobData.
class MergeQueue : public QObject {
  Q_OBJECT

 public:
  /// `program`: path of layerloom-cli.
  explicit MergeQueue(QString program, QObject* parent = nullptr);
  ~MergeQueue() override;

  int add(const MergeRequest& request);
  void cancel(int id);
  void clearFinished();
  const JobData* find(int id) const;
  std::vector<JobData> jobs() const;
  bool isBusy() const { return m_process != nullptr || !m_waiting.empty(); }

 signals:
  void jobChanged(const layerloom::JobData& job);
  void jobFinished(const layerloom::JobData& job);

 private:
  void startNext();
  void readLines();
  void applyEvent(const QByteArray& line);
  void finish(int exitCode, QProcess::ExitStatus status);
  void failToStart();
  void close(JobState state);
  JobData& current() { return m_jobs[m_current]; }

  const QString m_program;
  std::map<int, JobData> m_jobs;
  std::deque<std::pair<int, MergeRequest>> m_waiting;
  std::unique_ptr<QProcess> m_process;
  QByteArray m_unread;
  int m_current = 0;
  int m_lastId = 0;
  bool m_sawEnd = false;  ///< the child said how it ended
};

}  // namespace layerloom
