// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace layerloom {

/// Calls `work(i)` for i = 0 … n − 1, each at most once at a time on a thread of its own, and returns when all are done; n is `threads`, or
/// as many as the machine has for 0. More threads than cores are allowed. Parallel algorithms that `work` starts share these threads.
/// Exceptions of `work` are passed on.
void runOnThreads(int threads, const std::function<void(int)>& work);

/// Calls `work` once, where its parallel algorithms have `threads` threads, or as many as the machine has for 0.
void runInArena(int threads, const std::function<void()>& work);

}  // namespace layerloom
