// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <span>
#include <vector>

#include "core/run/file_hashes.h"
#include "core/run/tensor_work.h"

namespace layerloom {

/// Consecutive tensors of a plan that are made together: the parts of one follow those of the one before without a gap, so that no thread
/// waits for the end of a tensor. Both steps run on all threads of the arena they are called in, and return early when the merge is stopped.
class TensorGroup {
 public:
  /// Called for every tensor that stands whole in its file, in the order of the plan, never from two threads at once; `hash` is that of its
  /// file up to its end.
  using Finished = std::function<Status(const TensorWork& tensor, const ContentHash& hash)>;

  /// The jobs from `begin` to `end` − 1 of the plan.
  TensorGroup(ExecutorContext& context, std::size_t begin, std::size_t end);

  /// All passes over the inputs but the one that computes. May be called for several groups at a time.
  Status prepare();
  /// Computes, hashes and writes, each for other parts at the same time.
  Status finish(FileHashes& hashes, const Finished& finished);

 private:
  ExecutorContext& m_context;
  std::list<TensorWork> m_tensors;
};

/// The jobs from `begin` to `end` − 1.
struct JobRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};
/// Cuts the jobs of a plan into groups whose state and results take little memory. A job for which `isAlone` holds is a group of its own.
std::vector<JobRange> groupsOf(const MergePlan& plan, const std::function<bool(std::size_t job)>& isAlone);

}  // namespace layerloom
