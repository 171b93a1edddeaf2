// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/support/result.h"

namespace layerloom {

/// The Jinja text that a recipe's `chat_template` stands for: "auto" is the most common template of the models (without
/// white space around it; of equally common ones the first), nothing when no model has one; the name of a known
/// template; or Jinja text itself. Refused: other names, and text that is too short for a template or has no "{".
Result<std::optional<std::string>> resolveChatTemplate(const std::string& setting,
                                                       std::span<const std::optional<std::string>> ofModels);

}  // namespace layerloom
