// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/analysis/preview.h"

namespace layerloom {

/// As preview_json.md has it. `truth`: of the same tensors, from a dry run.
nlohmann::ordered_json previewToJson(const MethodSpec& method, const Preview& preview, const std::optional<Preview>& truth);

/// Layers and the whole as tables for people.
std::string describePreview(const MethodSpec& method, const Preview& preview, const std::optional<Preview>& truth);

}  // namespace layerloom
