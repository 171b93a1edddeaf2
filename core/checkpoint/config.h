// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/checkpoint/model.h"

namespace layerloom {

/// Reads config.json of a model folder. Refused: no JSON object, duplicate keys, nesting past 64 levels, layer counts that are no
/// plausible number. Multimodal configs that keep the language part under "text_config" are read there.
Result<ModelConfig> readModelConfig(const std::filesystem::path& path);
/// The same for a text that is at hand; `fileName` is for messages.
Result<ModelConfig> parseModelConfig(std::string text, const std::string& fileName);

}  // namespace layerloom
