// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/support/result.h"

namespace layerloom {

/// Parses JSON that others wrote into a value that keeps the order of its members. Refused, with `fileName` (already
/// escaped) in the message: text that is no JSON or no UTF-8, duplicate keys, nesting past 64 levels (a deep value
/// would overflow the stack when it is destroyed). Takes linear time, also for objects with hundreds of thousands of
/// members; looking a member up in the value is linear, so do that in small objects only.
Result<nlohmann::ordered_json> parseStrictJson(std::string_view text, const std::string& fileName);
/// The same for a text whose root must be an object.
Result<nlohmann::ordered_json> parseStrictObject(std::string_view text, const std::string& fileName);

/// The same for MessagePack of at most `maxDepth` levels, which may hold runs of bytes.
Result<nlohmann::ordered_json> parseStrictMessagePack(std::string_view bytes, const std::string& fileName, std::size_t maxDepth);

}  // namespace layerloom
