// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "core/analysis/statistics_cache.h"

namespace layerloom {

/// Measures models against a base and each other in the background, in one pass over all of them, and publishes what is there every 100 ms, so
/// that the picture fills while it works. Afterwards, when nothing else is to be done, a second pass at low priority adds the stable ranks.
class StatisticsStore : public QObject {
  Q_OBJECT

 public:
  using Measure = std::function<Result<Statistics>(const StatisticsSources&, const StatisticsOptions&, const StatisticsCache&, std::stop_token,
                                                   const StatisticsCallback&)>;

  /// `measure` runs in a thread of its own.
  explicit StatisticsStore(Measure measure = cachedStatistics, QObject* parent = nullptr);
  ~StatisticsStore() override;

  /// Where figures of earlier times are looked up and kept; nowhere unless told.
  void setCache(StatisticsCache cache) { m_cache = std::move(cache); }
  /// What is to be measured from now on. The same models again change nothing; otherwise what is under way is cancelled and what was measured
  /// is forgotten. Fewer than two models without a base, or no model, measure nothing.
  void setWanted(StatisticsSources sources);
  /// Measures once more, after a failure.
  void measureAgain();
  /// False while something more important needs disk and processor: the stable ranks wait.
  void setIdle(bool idle);

  /// What is measured so far, as it was published last; null before the first tensor. Never changes once it is given out.
  std::shared_ptr<const Statistics> statistics() const { return m_statistics; }
  const StatisticsSources& sources() const { return m_sources; }
  /// Why the models could not be measured last, naming file and cause; empty: they could.
  const QString& failure() const { return m_failure; }
  /// True while the first pass is under way. The stable ranks do not count.
  bool isBusy() const { return m_running != nullptr && !m_running->ranks; }
  /// True until the stable ranks are there.
  bool ranksPending() const { return m_ranksPending; }

 signals:
  /// Figures, state or failure have changed.
  void updated();

 private:
  /// A pass under way; the worker writes `fresh`, the window's thread takes it.
  struct Run {
    bool ranks = false;
    std::mutex mutex;
    std::vector<TensorStatistics> fresh;
    std::stop_source stop;
  };

  void start(bool ranks);
  void cancel();
  void publish();
  void merge(std::vector<TensorStatistics> fresh);
  void finish(const std::shared_ptr<Run>& run, Result<Statistics> result);
  void startRanksIfIdle();

  Measure m_measure;
  StatisticsCache m_cache;
  StatisticsSources m_sources;
  std::shared_ptr<const Statistics> m_statistics;
  std::shared_ptr<Run> m_running;
  QString m_failure;
  bool m_idle = true;
  bool m_ranksPending = false;
  QThreadPool m_pool;
  QThreadPool m_quietPool;  ///< its threads run when no other wants to
  QTimer m_publishing;
  QTimer m_ranksDelay;
};

}  // namespace layerloom
