// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/support/result.h"

namespace layerloom {

/// Parses a small JSON file of a stranger. Refused: what is not valid JSON, duplicate keys, nesting past 64 levels (a deep document would
/// overflow the stack when it is destroyed), a root that is no object. `fileName` is for messages, escaped already.
Result<nlohmann::ordered_json> parseStrictObject(const std::string& text, const std::string& fileName);

}  // namespace layerloom
