// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "core/plan/plan.h"
#include "core/run/file_hashes.h"
#include "core/run/tensor_record.h"
#include "core/support/file.h"
#include "core/support/pause.h"
#include "core/support/progress_meter.h"

namespace layerloom {

struct ExecutorContext;
class TensorGroup;

/// What becomes of a merge whose inputs hold NaN or infinite numbers.
enum class NonFinitePolicy {
  Refuse,  ///< it ends with an error that names tensor and model
  Warn,    ///< it goes on; the audit counts them
  Pass,    ///< the same, and nobody is told
};

struct ExecutorOptions {
  int threads = 0;  ///< 0: as many as the machine has
  NonFinitePolicy nonFinite = NonFinitePolicy::Refuse;
  const PauseSwitch* pause = nullptr;
};

/// Makes the tensors of a plan and writes them into its shards. Memory depends on the numbers of threads and models only. The bytes do not
/// depend on the number of threads.
class PlanExecutor {
 public:
  /// Called for every tensor of the plan that stands whole in its file, in the order of the plan, never from two threads at once;
  /// `wasKept`: it stood there before this run.
  using Finished = std::function<Status(const TensorRecord& record, bool wasKept)>;

  /// `shards` are open, at full length and with their headers. All must outlive this.
  PlanExecutor(const MergePlan& plan, const std::vector<File>& shards, const ExecutorOptions& options, std::stop_token stop,
               ProgressMeter& meter);
  ~PlanExecutor();
  PlanExecutor(const PlanExecutor&) = delete;
  PlanExecutor& operator=(const PlanExecutor&) = delete;

  /// Makes all tensors but those of `kept` with which their file still has the hash of their record. Returns early, without an error,
  /// when a stop was requested. The first error of a tensor or of `finished` ends the run.
  Status run(std::span<const TensorRecord> kept, const Finished& finished);

  /// One per shard, of all its bytes, after a run that came to its end.
  const std::vector<ContentHash>& fileHashes() const { return m_hashes.files(); }
  std::uint64_t bytesRead() const;
  std::uint64_t bytesWritten() const;

 private:
  Status finishGroup(TensorGroup& group, const Finished& finished);
  Status keepOrMake(std::size_t job, const Finished& finished);
  Result<bool> isWhole(const TensorRecord& record);
  Status keepTensor(const TensorRecord& record, const Finished& finished);

  std::unique_ptr<ExecutorContext> m_context;
  FileHashes m_hashes;
  std::vector<const TensorRecord*> m_kept;  ///< per job; null where there is none
};

}  // namespace layerloom
