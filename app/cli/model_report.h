// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/checkpoint/layout.h"
#include "core/checkpoint/model.h"

namespace layerloom {

enum class ModelDetail {
  Summary,
  Tensors,  ///< with a line for every tensor
};

/// What a model is, for people; several lines.
std::string describeModel(const Model& model, const ModelLayout& layout, ModelDetail detail);

/// The same for programs: {path, architecture, model_type, parameters, bytes, dtype, layers, vocabulary, hidden,
/// tied_head, files, quantisation, stacks, outer_tensors, assumptions, warnings}, and tensors where asked for. Unknown
/// entries are null.
nlohmann::ordered_json modelToJson(const Model& model, const ModelLayout& layout, ModelDetail detail);

}  // namespace layerloom
