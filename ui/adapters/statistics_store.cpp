// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adapters/statistics_store.h"

#include <QtConcurrentRun>
#include <algorithm>
#include <iterator>
#include <tuple>

namespace layerloom {
namespace {

constexpr int kPublishMs = 100;
constexpr int kRanksDelayMs = 1500;

bool canBeMeasured(const StatisticsSources& sources) {
  return sources.models.size() >= (sources.base == nullptr ? 2U : 1U) && sources.models.size() <= kMostStatisticsModels;
}

/// The order of Statistics::tensors.
bool standsBefore(const TensorStatistics& a, const TensorStatistics& b) {
  return std::tie(a.module, a.layer, a.name) < std::tie(b.module, b.layer, b.name);
}

}  // namespace

StatisticsStore::StatisticsStore(Measure measure, QObject* parent) : QObject(parent), m_measure(std::move(measure)) {
  m_pool.setMaxThreadCount(1);
  m_quietPool.setMaxThreadCount(1);
  m_quietPool.setThreadPriority(QThread::IdlePriority);
  m_publishing.setInterval(kPublishMs);
  connect(&m_publishing, &QTimer::timeout, this, &StatisticsStore::publish);
  m_ranksDelay.setSingleShot(true);
  m_ranksDelay.setInterval(kRanksDelayMs);
  connect(&m_ranksDelay, &QTimer::timeout, this, &StatisticsStore::startRanksIfIdle);
}

StatisticsStore::~StatisticsStore() {
  cancel();
  m_pool.waitForDone();
  m_quietPool.waitForDone();
}

void StatisticsStore::setWanted(StatisticsSources sources) {
  const bool same = sources.base == m_sources.base && sources.models == m_sources.models && sources.names == m_sources.names &&
                    sources.baseName == m_sources.baseName;
  if (!same) {
    m_sources = std::move(sources);
    measureAgain();
  }
}

void StatisticsStore::measureAgain() {
  const bool hadSome = m_statistics != nullptr || !m_failure.isEmpty();
  cancel();
  m_statistics.reset();
  m_failure.clear();
  m_ranksPending = canBeMeasured(m_sources);
  if (m_ranksPending) {
    start(false);
  }
  if (hadSome) {
    emit updated();
  }
}

void StatisticsStore::cancel() {
  m_ranksDelay.stop();
  m_publishing.stop();
  if (m_running != nullptr) {
    m_running->stop.request_stop();
    m_running.reset();
  }
}

void StatisticsStore::setIdle(bool idle) {
  m_idle = idle;
  if (!idle && m_running != nullptr && m_running->ranks) {
    cancel();
  }
  if (idle && m_ranksPending && m_running == nullptr && m_statistics != nullptr && m_statistics->complete) {
    m_ranksDelay.start();
  }
}

void StatisticsStore::startRanksIfIdle() {
  if (m_idle && m_ranksPending && m_running == nullptr) {
    start(true);
  }
}

void StatisticsStore::start(bool ranks) {
  m_running = std::make_shared<Run>();
  m_running->ranks = ranks;
  m_publishing.start();
  StatisticsOptions options;
  options.stableRank = ranks;
  options.threads = ranks ? 1 : 0;
  QtConcurrent::run(ranks ? &m_quietPool : &m_pool,
                    [run = m_running, sources = m_sources, options, measure = m_measure, cache = m_cache] {
                      return measure(sources, options, cache, run->stop.get_token(), [&](const TensorStatistics& tensor) {
                        const std::lock_guard lock(run->mutex);
                        run->fresh.push_back(tensor);
                      });
                    })
      .then(this, [this, run = m_running](const Result<Statistics>& result) { finish(run, result); });
}

void StatisticsStore::publish() {
  if (m_running == nullptr) {
    return;
  }
  std::vector<TensorStatistics> fresh;
  {
    const std::lock_guard lock(m_running->mutex);
    fresh.swap(m_running->fresh);
  }
  if (!fresh.empty()) {
    merge(std::move(fresh));
    emit updated();
  }
}

/// Into a new value: the one that was given out stays as it is.
void StatisticsStore::merge(std::vector<TensorStatistics> fresh) {
  auto merged = std::make_shared<Statistics>();
  merged->base = m_sources.base == nullptr ? std::string() : m_sources.baseName;
  merged->models = m_sources.names;
  std::sort(fresh.begin(), fresh.end(), standsBefore);
  if (m_statistics != nullptr) {
    merged->complete = m_statistics->complete;
    merged->notes = m_statistics->notes;
    // A tensor with its stable rank takes the place of the one without.
    std::set_difference(m_statistics->tensors.begin(), m_statistics->tensors.end(), fresh.begin(), fresh.end(), std::back_inserter(merged->tensors),
                        standsBefore);
  }
  const auto middle = static_cast<std::ptrdiff_t>(merged->tensors.size());
  merged->tensors.insert(merged->tensors.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
  std::inplace_merge(merged->tensors.begin(), merged->tensors.begin() + middle, merged->tensors.end(), standsBefore);
  m_statistics = std::move(merged);
}

void StatisticsStore::finish(const std::shared_ptr<Run>& run, Result<Statistics> result) {
  if (run != m_running) {
    return;  // cancelled meanwhile; its results are not wanted
  }
  m_running.reset();
  m_publishing.stop();
  if (!result) {
    // Without stable ranks all the rest still holds.
    m_ranksPending = false;
    if (!run->ranks) {
      m_failure = QString::fromStdString(result.error().message);
    }
  } else if (result->complete) {
    m_statistics = std::make_shared<Statistics>(*std::move(result));
    m_ranksPending = !run->ranks;
    if (m_ranksPending) {
      m_ranksDelay.start();
    }
  }
  emit updated();
}

}  // namespace layerloom
