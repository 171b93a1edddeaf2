// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include <QString>

namespace layerloom {

/// What a merge will take, against what there is. What is not known stays empty and is shown as a dash.
struct BudgetData {
  std::optional<std::uint64_t> outputBytes;
  std::optional<std::uint64_t> peakMemory;
  std::optional<std::uint64_t> memory;    ///< of this machine
  std::optional<std::uint64_t> freeDisk;  ///< where the result goes
  std::optional<double> seconds;
  QString summary;  ///< for example "dare_ties · 3 models · 338 tensors"
  QString blocked;  ///< why Merge cannot be pressed, for example "2 problems in the recipe"; empty: it can

  bool operator==(const BudgetData&) const = default;
};

}  // namespace layerloom
