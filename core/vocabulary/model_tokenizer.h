// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/support/result.h"
#include "core/vocabulary/tokenizer.h"
#include "core/vocabulary/tokenizer_config.h"
#include "core/vocabulary/vocabulary.h"

namespace layerloom {

/// The tokenizer of a model folder as transformers loads it: tokenizer.json with the tokens that the configuration
/// adds. A folder without tokenizer.json but with vocab.json and merges.txt of GPT-2 is read from those. Nothing when
/// the folder has no tokenizer at all; refused when it has one in another form.
Result<std::optional<Tokenizer>> readTokenizer(const VocabularyModel& model, const TokenizerConfig& config);

}  // namespace layerloom
