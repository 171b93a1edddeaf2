// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/checkpoint/model.h"

namespace layerloom {

/// The scheme that a model's weights are quantised with, in words ("GPTQ", "bitsandbytes 4-bit", "FP8 with block scales"), judged by the
/// names and types of its tensors, then by config.json; empty for a model whose weights are what they say.
std::string quantisationOf(const Model& model);

}  // namespace layerloom
