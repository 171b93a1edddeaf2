// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QVariant>
#include <optional>

#include "core/methods/spec.h"
#include "core/recipe/recipe.h"
#include "ui/recipe/recipe_form_data.h"

namespace layerloom {

// What the window's controls do to a recipe. Each takes a recipe and gives the changed one; nothing here knows the window.

/// Another method: parameters that it does not know, or that mean something else there, are dropped, its required ones are given a sensible
/// start, a base model is chosen or kept where it needs one, and a base that stood among the sources leaves them where the method treats it
/// apart. A method that can do without a base keeps one that stood apart as long as it has inputs enough.
Recipe withMethod(Recipe recipe, const QString& method, int layers);

/// Another base model, or none. A model that becomes the base leaves the sources of a method that treats it apart.
Recipe withBaseModel(Recipe recipe, const std::optional<ModelReference>& reference, int layers);

/// One more source, with a start for the method's required parameters.
Recipe withSource(Recipe recipe, const ModelReference& reference, int layers);

/// Without that model in the recipe and its stages: as a source, as a base and in the tokenizer. Slices and modules that are left empty go
/// as well.
Recipe withoutModel(Recipe recipe, const QString& reference);

/// A parameter of the whole method, or one value for all sources.
Recipe withParameter(Recipe recipe, const ParameterSpec& spec, const QVariant& value);

/// Another vocabulary, or none of its own; rules for single tokens are kept.
Recipe withTokenizer(Recipe recipe, const std::optional<FormTokenizer>& wanted);

}  // namespace layerloom
