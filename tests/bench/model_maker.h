// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "core/support/result.h"
#include "tests/bench/model_shape.h"

namespace layerloom::bench {

struct FamilyOptions {
  ModelShape shape;
  int tunes = 2;
  std::size_t shards = 1;
  std::uint64_t seed = 1;
  double deltaDeviation = 1e-3;
  int threads = 0;  ///< 0: as many as the machine has
};

/// Makes the models `base`, `tune-1`, `tune-2`, … in `folder`. The base's entries are normal with deviation 0.02 (around 1 for norms); a
/// fine-tune adds normal deltas to every entry, which rounding to BF16 loses in part. The bytes depend on the options but not on the
/// number of threads. A model that stands there already, made with the same options, is kept.
Status makeFamily(const std::filesystem::path& folder, const FamilyOptions& options);

}  // namespace layerloom::bench
