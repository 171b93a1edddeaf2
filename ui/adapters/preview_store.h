// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/analysis/preview.h"
#include "core/analysis/statistics_pass.h"
#include "core/plan/plan.h"

namespace layerloom {

/// What a preview is made from.
struct PreviewRequest {
  Recipe recipe;
  LocatorOptions places;
  std::map<std::string, std::shared_ptr<const Model>> models;  ///< by the text of their references
  std::shared_ptr<const Statistics> statistics;  ///< complete; models are named by their references
  StatisticsSources sources;                     ///< of the statistics, for dry runs
  bool quick = false;                            ///< while something is dragged: fewer entries of the sketches
};

/// A layer merged for real beside what was predicted of it; or why that failed.
struct DryRunResult {
  int layer = -1;
  Preview predicted;
  Preview measured;
  QString failure;
};

/// Predicts merges in the background. One request is at work, the last one waits, those between are dropped. Results come in the order of the
/// requests.
class PreviewStore : public QObject {
  Q_OBJECT

 public:
  explicit PreviewStore(QObject* parent = nullptr);
  ~PreviewStore() override;

  void request(PreviewRequest request);
  /// Forgets what was predicted, and what is asked for.
  void clear();
  /// Merges a layer of the last request's recipe for real, without writing anything; −1: the tensors outside the layers.
  void runDry(int layer);
  /// Ends a dry run soon; what was measured before stays.
  void stopDry() { m_dryStop.request_stop(); }

  /// Null while there is none. Never changes once it is given out.
  std::shared_ptr<const Preview> preview() const { return m_preview; }
  bool isBusy() const { return m_running; }
  bool isDryRunning() const { return m_dryRunning; }
  const std::optional<DryRunResult>& dryRun() const { return m_dryRun; }

 signals:
  void updated();
  void dryRunChanged();
  /// How far a dry run is.
  void dryRunAdvanced(int percent);

 private:
  void start();

  std::shared_ptr<const PreviewRequest> m_last;   ///< the request behind `m_preview` or newer
  std::shared_ptr<const PreviewRequest> m_waiting;
  std::shared_ptr<const Preview> m_preview;
  std::optional<DryRunResult> m_dryRun;
  std::shared_ptr<PreviewMemory> m_memory = std::make_shared<PreviewMemory>();  ///< used by one worker at a time
  std::stop_source m_stop;
  std::stop_source m_dryStop;
  int m_generation = 0;  ///< results of an earlier one are not wanted
  bool m_running = false;
  bool m_dryRunning = false;
  QThreadPool m_pool;
  QThreadPool m_dryPool;
};

}  // namespace layerloom
