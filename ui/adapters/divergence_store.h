// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "core/analysis/divergence.h"

namespace layerloom {

/// Measures models against a base in the background, one after another, and publishes what is there every 100 ms, so that the picture fills
/// while it works.
class DivergenceStore : public QObject {
  Q_OBJECT

 public:
  explicit DivergenceStore(QObject* parent = nullptr);
  ~DivergenceStore() override;

  /// The pairs to be measured from now on. What is measured already stays; what is under way for other pairs is cancelled.
  void setWanted(std::shared_ptr<const Model> base, const std::vector<std::shared_ptr<const Model>>& models);
  /// The tensors of the pair that are measured so far, published ones only.
  std::vector<TensorDivergence> results(const Model* model) const;
  /// True while a measurement is under way or waiting.
  bool isBusy() const { return m_running != nullptr || !m_waiting.empty(); }

 signals:
  void updated();
  /// A model could not be measured; the message names file and cause.
  void failed(const QString& message);

 private:
  /// A measurement under way; the worker writes `fresh`, the window's thread takes it.
  struct Run {
    std::shared_ptr<const Model> model;
    std::mutex mutex;
    std::vector<TensorDivergence> fresh;
    std::stop_source stop;
  };

  void startNext();
  void publish();
  void finish(const std::shared_ptr<Run>& run, const Status& status);

  std::shared_ptr<const Model> m_base;
  std::vector<std::shared_ptr<const Model>> m_waiting;
  std::map<const Model*, std::vector<TensorDivergence>> m_results;
  std::vector<std::shared_ptr<const Model>> m_kept;  ///< keeps the keys of m_results alive
  std::shared_ptr<Run> m_running;
  QThreadPool m_pool;
  QTimer m_timer;
};

}  // namespace layerloom
