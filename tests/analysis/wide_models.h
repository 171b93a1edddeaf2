// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/analysis/random_recipe.h"

namespace layerloom::test {

/// Writes a base and three models whose matrices are much larger than a sketch. Their changes have what trained ones have and estimates stumble over:
/// rows and columns of very different size, heavy tails, models that partly agree, entries without change.
ModelFamily writeWideModels(const std::filesystem::path& folder);

}  // namespace layerloom::test
