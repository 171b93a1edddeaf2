// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adapters/merge_queue.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <csignal>

#include "core/run/refusal.h"
#include "core/run/staged_run.h"
#include "ui/adapters/audit_event.h"

namespace layerloom {
namespace {

constexpr int kKillAfterMs = 3000;

QStringList argumentsOf(const MergeRequest& request) {
  QStringList arguments = {QStringLiteral("merge"), QStringLiteral("--progress"), QStringLiteral("json")};
  // To start anew has the same word as to replace a model; where one has appeared meanwhile, nobody has agreed to that.
  const bool startAnew = request.unfinished == UnfinishedMerge::Discard && QDir(request.output).isEmpty();
  if (request.overwrite || startAnew) {
    arguments << QStringLiteral("--overwrite");
  }
  if (request.unfinished == UnfinishedMerge::Resume) {
    arguments << QStringLiteral("--resume");
  }
  if (request.nonFinite == NonFinitePolicy::Warn) {
    arguments << QStringLiteral("--non-finite") << QStringLiteral("warn");
  }
  return arguments << QStringLiteral("--") << QStringLiteral("-") << request.output;
}

QString text(const QJsonObject& object, const char* key) {
  return object.value(QLatin1String(key)).toString();
}

double number(const QJsonObject& object, const char* key, double fallback = 0) {
  return object.value(QLatin1String(key)).toDouble(fallback);
}

void applyProgress(const QJsonObject& event, JobData& job) {
  job.bytesDone = static_cast<std::uint64_t>(number(event, "bytes_done"));
  job.bytesTotal = static_cast<std::uint64_t>(number(event, "bytes_total"));
  job.progress = job.bytesTotal == 0 ? 0 : static_cast<double>(job.bytesDone) / static_cast<double>(job.bytesTotal);
  const double seconds = number(event, "seconds");
  job.bytesPerSecond = seconds > 0 ? static_cast<double>(job.bytesDone) / seconds : 0;
  job.secondsLeft = number(event, "seconds_left", -1);
}

void applyDone(const QJsonObject& event, JobData& job) {
  job.progress = 1;
  job.folder = text(event, "folder");
  job.files = static_cast<int>(event.value(QLatin1String("files")).toArray().size());
  job.tensors = static_cast<int>(number(event, "tensors"));
  job.secondsTaken = number(event, "seconds");
  job.audit = auditOf(event);
}

/// The remedies of the merge program name its options; where the window has a button for the same, the button's words take their place.
void applyWayOn(const QJsonObject& event, JobData& job) {
  const QString reason = text(event, "reason");
  const bool hasUnfinished = !text(event, "unfinished").isEmpty();
  const QString hint = QLatin1String(kResumeHint);
  if (reason == QLatin1String("non_finite")) {
    job.wayOn = WayOn::AllowNonFinite;
    job.remedy = MergeQueue::tr("Repair the model, or merge all the same: what is not finite spreads into the result");
  } else if (reason == QLatin1String("other_merge")) {
    job.wayOn = WayOn::StartAnew;
    job.remedy = MergeQueue::tr("Merge with the same recipe and models as then, or start anew");
  } else if (hasUnfinished) {
    job.wayOn = WayOn::Continue;
    if (reason == QLatin1String("interrupted")) {
      job.remedy = MergeQueue::tr("Continue it, or merge again and choose to start anew");
    } else if (job.remedy.endsWith(hint)) {
      job.remedy = job.remedy.chopped(hint.size()) + MergeQueue::tr("“Continue” goes on from there");
    }
  }
}

void applyError(const QJsonObject& event, JobData& job) {
  job.message = text(event, "message");
  job.remedy = text(event, "remedy");
  const QJsonArray problems = event.value(QLatin1String("problems")).toArray();
  for (const QJsonValue& value : problems) {
    const QJsonObject problem = value.toObject();
    if (text(problem, "severity") == QLatin1String("error")) {
      job.message = text(problem, "message");
      job.remedy = text(problem, "remedy");
      break;
    }
  }
  applyWayOn(event, job);
}

bool hasUnfinished(const QString& output) {
  return !unfinishedFolder(output.toStdString()).empty();
}

}  // namespace

MergeQueue::MergeQueue(QString program, QObject* parent) : QObject(parent), m_program(std::move(program)) {}

MergeQueue::~MergeQueue() {
  if (m_process != nullptr) {
    m_process->disconnect(this);
    m_process->terminate();
    if (!m_process->waitForFinished(kKillAfterMs)) {
      m_process->kill();
      m_process->waitForFinished();
    }
  }
}

int MergeQueue::add(const MergeRequest& request) {
  JobData job;
  job.id = ++m_lastId;
  job.name = request.name;
  job.method = request.method;
  job.folder = request.output;
#ifdef Q_OS_UNIX
  job.canPause = true;
#endif
  m_jobs[job.id] = {job, request};
  m_waiting.push_back(job.id);
  emit jobChanged(job);
  startNext();
  return job.id;
}

void MergeQueue::goWayOn(int id) {
  const auto found = m_jobs.find(id);
  if (found == m_jobs.end() || !isFinished(found->second.data.state) || found->second.data.wayOn == WayOn::None) {
    return;
  }
  auto& [before, request] = found->second;
  if (before.wayOn == WayOn::AllowNonFinite) {
    request.nonFinite = NonFinitePolicy::Warn;
  } else {
    request.unfinished = before.wayOn == WayOn::Continue ? UnfinishedMerge::Resume : UnfinishedMerge::Discard;
  }
  JobData job;
  job.id = id;
  job.name = before.name;
  job.method = before.method;
  job.folder = request.output;
  job.canPause = before.canPause;
  before = job;
  m_waiting.push_back(id);
  emit jobChanged(job);
  startNext();
}

void MergeQueue::startNext() {
  if (m_process != nullptr || m_waiting.empty()) {
    return;
  }
  m_current = m_waiting.front();
  m_waiting.pop_front();
  m_unread.clear();
  m_sawStart = false;
  m_sawEnd = false;
  m_isToPause = false;
  m_wasToldToPause = false;
  current().state = JobState::Running;
  emit jobChanged(current());
  startProcess();
}

void MergeQueue::startProcess() {
  const MergeRequest& request = m_jobs[m_current].request;
  m_process = std::make_unique<QProcess>();
  m_process->setProgram(m_program);
  m_process->setArguments(argumentsOf(request));
  m_process->setWorkingDirectory(request.workingFolder);
  connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &MergeQueue::readLines);
  connect(m_process.get(), &QProcess::finished, this, &MergeQueue::finish);
  // Queued: a start can fail before start() returns, and the process object is still in use then.
  connect(m_process.get(), &QProcess::errorOccurred, this, [this, id = m_current](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart && id == m_current && m_process != nullptr) {
      failToStart();
    }
  }, Qt::QueuedConnection);
  m_process->start();
  m_process->write(request.recipe.toUtf8());
  m_process->closeWriteChannel();
}

void MergeQueue::failToStart() {
  current().message = tr("The merge program %1 cannot be started").arg(m_program);
  current().remedy = tr("Install Layerloom again");
  close(JobState::Failed);
}

void MergeQueue::readLines() {
  m_unread += m_process->readAllStandardOutput();
  for (qsizetype end = m_unread.indexOf('\n'); end >= 0; end = m_unread.indexOf('\n')) {
    applyEvent(m_unread.left(end));
    m_unread.remove(0, end + 1);
  }
}

void MergeQueue::applyEvent(const QByteArray& line) {
  const QJsonObject event = QJsonDocument::fromJson(line).object();
  const QString kind = text(event, "event");
  m_sawEnd = m_sawEnd || kind == QLatin1String("done") || kind == QLatin1String("error") || kind == QLatin1String("cancelled");
  if (kind == QLatin1String("start")) {
    m_sawStart = true;
    applyPause();
  } else if (kind == QLatin1String("paused") && current().state == JobState::Running) {
    current().state = JobState::Paused;
  } else if (kind == QLatin1String("resumed") && current().state == JobState::Paused) {
    current().state = JobState::Running;
  } else if (kind == QLatin1String("progress")) {
    applyProgress(event, current());
  } else if (kind == QLatin1String("done")) {
    applyDone(event, current());
  } else if (kind == QLatin1String("error")) {
    applyError(event, current());
  }
  emit jobChanged(current());
}

void MergeQueue::finish(int exitCode, QProcess::ExitStatus status) {
  readLines();
  const bool wasCancelled = current().state == JobState::Cancelling;
  if (status == QProcess::NormalExit && exitCode == 0 && m_sawEnd) {
    close(JobState::Done);
  } else if (wasCancelled) {
    close(JobState::Cancelled);
  } else {
    if (!m_sawEnd) {
      current().message = tr("The merge program ended unexpectedly (status %1)").arg(exitCode);
      current().remedy = QString::fromUtf8(m_process->readAllStandardError().right(400)).trimmed();
    }
    offerToContinue();
    close(JobState::Failed);
  }
}

/// Where the program could not say so, or did not come as far as to look.
void MergeQueue::offerToContinue() {
  const auto& [job, request] = m_jobs[m_current];
  const bool mayBeLeft = !m_sawEnd || request.unfinished == UnfinishedMerge::Resume;
  if (job.wayOn == WayOn::None && mayBeLeft && hasUnfinished(request.output)) {
    current().wayOn = WayOn::Continue;
    if (job.remedy.isEmpty()) {
      current().remedy = tr("What is finished is kept; “Continue” goes on from there");
    }
  }
}

void MergeQueue::close(JobState state) {
  current().state = state;
  current().secondsLeft = -1;
  // The process object is in the middle of its own signal.
  m_process.release()->deleteLater();
  emit jobChanged(current());
  emit jobFinished(current());
  startNext();
}

void MergeQueue::setPaused(int id, bool paused) {
  const bool isRunning = m_process != nullptr && id == m_current;
  if (isRunning && (current().state == JobState::Running || current().state == JobState::Paused)) {
    m_isToPause = paused;
    // Before its first line the child may not take signals yet, and would end by them.
    if (m_sawStart) {
      applyPause();
    }
  }
}

void MergeQueue::applyPause() {
#ifdef Q_OS_UNIX
  const auto process = static_cast<pid_t>(m_process->processId());
  if (process > 0 && !m_sawEnd && m_isToPause != m_wasToldToPause) {
    ::kill(process, m_isToPause ? SIGUSR1 : SIGUSR2);
    m_wasToldToPause = m_isToPause;
  }
#endif
}

void MergeQueue::cancel(int id) {
  const auto waiting = std::find(m_waiting.begin(), m_waiting.end(), id);
  if (waiting != m_waiting.end()) {
    m_waiting.erase(waiting);
    auto& [job, request] = m_jobs[id];
    job.state = JobState::Cancelled;
    if (request.unfinished == UnfinishedMerge::Resume && hasUnfinished(request.output)) {
      job.wayOn = WayOn::Continue;
    }
    emit jobChanged(job);
    emit jobFinished(job);
  } else if (m_process != nullptr && id == m_current && (current().state == JobState::Running || current().state == JobState::Paused)) {
    current().state = JobState::Cancelling;
    emit jobChanged(current());
    m_process->terminate();
  }
}

void MergeQueue::clearFinished() {
  std::erase_if(m_jobs, [](const auto& entry) { return isFinished(entry.second.data.state); });
}

const JobData* MergeQueue::find(int id) const {
  const auto found = m_jobs.find(id);
  return found == m_jobs.end() ? nullptr : &found->second.data;
}

std::vector<JobData> MergeQueue::jobs() const {
  std::vector<JobData> all;
  for (const auto& [id, job] : m_jobs) {
    all.push_back(job.data);
  }
  return all;
}

}  // namespace layerloom
