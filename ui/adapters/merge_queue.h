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

#include "core/run/run.h"
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
  UnfinishedMerge unfinished = UnfinishedMerge::Refuse;
  NonFinitePolicy nonFinite = NonFinitePolicy::Refuse;
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
  /// Holds up the running merge or lets it go on; JobState::Paused follows when the child says so. Not on Windows.
  void setPaused(int id, bool paused);
  void cancel(int id);
  /// Runs a job that ended early again in the way that its data names.
  void goWayOn(int id);
  void clearFinished();
  const JobData* find(int id) const;
  std::vector<JobData> jobs() const;
  bool isBusy() const { return m_process != nullptr || !m_waiting.empty(); }

 signals:
  void jobChanged(const layerloom::JobData& job);
  void jobFinished(const layerloom::JobData& job);

 private:
  struct Job {
    JobData data;
    MergeRequest request;
  };

  void startNext();
  void startProcess();
  void readLines();
  void applyEvent(const QByteArray& line);
  void finish(int exitCode, QProcess::ExitStatus status);
  void failToStart();
  void close(JobState state);
  void applyPause();
  void offerToContinue();
  JobData& current() { return m_jobs[m_current].data; }

  const QString m_program;
  std::map<int, Job> m_jobs;
  std::deque<int> m_waiting;
  std::unique_ptr<QProcess> m_process;
  QByteArray m_unread;
  int m_current = 0;
  int m_lastId = 0;
  bool m_sawStart = false;  ///< the child takes signals
  bool m_sawEnd = false;    ///< the child said how it ended
  bool m_isToPause = false;
  bool m_wasToldToPause = false;
};

}  // namespace layerloom
