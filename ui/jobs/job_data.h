// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include <QString>

#include "ui/jobs/audit_data.h"

namespace layerloom {

enum class JobState { Queued, Running, Paused, Cancelling, Done, Failed, Cancelled };

/// What can be done with a merge that ended early.
enum class WayOn {
  None,
  Continue,        ///< from what is finished
  StartAnew,       ///< what an interrupted merge has finished is discarded
  AllowNonFinite,  ///< merge although a model holds NaN or infinite numbers
};

/// What the jobs dock says about one merge.
struct JobData {
  int id = 0;  ///< unique and ascending: a later job has the greater one
  QString name;
  QString method;  ///< mergekit's spelling
  JobState state = JobState::Queued;
  double progress = 0;  ///< 0 … 1
  std::uint64_t bytesDone = 0;
  std::uint64_t bytesTotal = 0;
  double bytesPerSecond = 0;  ///< 0: not known yet
  double secondsLeft = -1;    ///< negative: not known yet
  double secondsTaken = -1;   ///< of a finished job; negative: not known
  int tensors = -1;           ///< written by a finished job; negative: not known
  int files = 0;              ///< written by a finished job
  QString folder;             ///< where the result goes
  QString message;            ///< why it failed
  QString remedy;             ///< what to do about it
  bool canPause = false;
  WayOn wayOn = WayOn::None;
  std::optional<AuditData> audit;  ///< of a finished job

  bool operator==(const JobData&) const = default;
};

/// True for the states after which a job changes no more.
inline bool isFinished(JobState state) {
  return state == JobState::Done || state == JobState::Failed || state == JobState::Cancelled;
}

}  // namespace layerloom
