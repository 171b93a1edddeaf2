// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

namespace layerloom {

/// Takes special tokens with this id or a higher one out of the templates of a tokenizer.json's post-processor, which
/// would otherwise go on putting ids without an embedding around every text.
void dropSpecialTokens(nlohmann::ordered_json& tokenizer, std::int64_t end);

}  // namespace layerloom
