// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adapters/merge_queue.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace layerloom {
namespace {

constexpr int kKillAfterMs = 3000;

QStringList argumentsOf(const MergeRequest& request) {
  QStringList arguments = {QStringLiteral("merge"), QStringLiteral("--progress"), QStringLiteral("json")};
  if (request.overwrite) {
    arguments << QStringLiteral("--overwrite");
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
      return;
    }
  }
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
  m_jobs[job.id] = job;
  m_waiting.emplace_back(job.id, request);
  emit jobChanged(job);
  startNext();
  return job.id;
}

void MergeQueue::startNext() {
  if (m_process != nullptr || m_waiting.empty()) {
    return;
  }
  const auto [id, request] = m_waiting.front();
  m_waiting.pop_front();
  m_current = id;
  m_unread.clear();
  m_sawEnd = false;
  current().state = JobState::Running;
  emit jobChanged(current());
  m_process = std::make_unique<QProcess>();
  m_process->setProgram(m_program);
  m_process->setArguments(argumentsOf(request));
  m_process->setWorkingDirectory(request.workingFolder);
  connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &MergeQueue::readLines);
  connect(m_process.get(), &QProcess::finished, this, &MergeQueue::finish);
  // Queued: a start can fail before start() returns, and the process object is still in use then.
  connect(m_process.get(), &QProcess::errorOccurred, this, [this, id = id](QProcess::ProcessError error) {
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
  if (kind == QLatin1String("progress")) {
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
    close(JobState::Failed);
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

void MergeQueue::cancel(int id) {
  const auto waiting = std::find_if(m_waiting.begin(), m_waiting.end(), [&](const auto& entry) { return entry.first == id; });
  if (waiting != m_waiting.end()) {
    m_waiting.erase(waiting);
    m_jobs[id].state = JobState::Cancelled;
    emit jobChanged(m_jobs[id]);
    emit jobFinished(m_jobs[id]);
  } else if (m_process != nullptr && id == m_current && current().state == JobState::Running) {
    current().state = JobState::Cancelling;
    emit jobChanged(current());
    m_process->terminate();
  }
}

void MergeQueue::clearFinished() {
  std::erase_if(m_jobs, [](const auto& entry) { return isFinished(entry.second.state); });
}

const JobData* MergeQueue::find(int id) const {
  const auto found = m_jobs.find(id);
  return found == m_jobs.end() ? nullptr : &found->second;
}

std::vector<JobData> MergeQueue::jobs() const {
  std::vector<JobData> all;
  for (const auto& [id, job] : m_jobs) {
    all.push_back(job);
  }
  return all;
}

}  // namespace layerloom
