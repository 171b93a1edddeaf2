// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/analysis/statistics.h"

namespace layerloom {

/// Statistics as the text of a file: a hash over what follows, and MessagePack, whose reader does not call itself for runs of bytes within
/// such, as that of CBOR does. Names of base and models, and the notes, are left out.
std::string toFileText(const Statistics& statistics, bool stableRank);

struct StoredStatistics {
  Statistics statistics;
  bool stableRank = false;  ///< stable ranks were asked for
};
/// Nothing where the text is not whole, or of another version of the program.
std::optional<StoredStatistics> fromFileText(std::string_view text);

}  // namespace layerloom
