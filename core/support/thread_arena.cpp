// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/thread_arena.h"

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>

namespace layerloom {

void runInArena(int threads, const std::function<void()>& work) {
  const int machine = tbb::this_task_arena::max_concurrency();
  const int wanted = threads > 0 ? threads : machine;
  // Without this the library keeps to the number of cores, and says so on the standard error output.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(std::max(wanted, machine)));
  tbb::task_arena arena(wanted);
  arena.execute(work);
}

void runOnThreads(int threads, const std::function<void(int)>& work) {
  runInArena(threads, [&] {
    const int wanted = tbb::this_task_arena::max_concurrency();
    tbb::parallel_for(0, wanted, [&](int index) { work(index); });
  });
}

}  // namespace layerloom
