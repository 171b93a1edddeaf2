// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/plan/plan.h"

namespace layerloom {

/// What a recipe comes to: its problems and, when it can be merged, the size of the work.
struct CheckedPlan {
  struct Size {
    std::size_t tensors = 0;
    std::size_t models = 0;
    int layers = 0;
    std::uint64_t outputBytes = 0;
    std::uint64_t bytesToRead = 0;
    std::uint64_t bytesToWrite = 0;
    std::uint64_t stageBytes = 0;  ///< that earlier documents read and write
    std::uint64_t peakMemory = 0;  ///< estimate
  };
  std::string method;
  Recipe draft;  ///< what could be read of the text; the problems' paths and lines are those of this recipe
  std::vector<Problem> problems;
  std::optional<Size> size;
};

/// Plans recipes in the background, a moment after the last change; a newer request makes an older result stale.
class PlanChecker : public QObject {
  Q_OBJECT

 public:
  explicit PlanChecker(QObject* parent = nullptr);
  ~PlanChecker() override;

  void request(const QString& text, const LocatorOptions& places);
  /// True from a request until its result.
  bool isBusy() const { return m_busy; }

 signals:
  void checked(const layerloom::CheckedPlan& result);

 private:
  void start();

  QString m_text;
  LocatorOptions m_places;
  QTimer m_delay;
  QThreadPool m_pool;
  int m_request = 0;
  bool m_busy = false;
};

}  // namespace layerloom
