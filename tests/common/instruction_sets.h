// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hwy/targets.h>

#include <cstdint>

namespace layerloom::test {

/// Calls `work` once for every instruction set of this machine that the kernels are compiled for; returns how many these are.
template <typename Work>
int onEachInstructionSet(const Work& work) {
  int sets = 0;
  const std::int64_t supported = hwy::SupportedTargets();
  for (std::int64_t rest = supported; rest != 0; rest &= rest - 1, ++sets) {
    hwy::SetSupportedTargetsForTest(rest & -rest);
    hwy::GetChosenTarget().Update(rest & -rest);
    work();
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  return sets;
}

}  // namespace layerloom::test
