// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QVariant>

#include "core/methods/spec.h"
#include "core/recipe/recipe.h"

namespace layerloom {

// What the window's controls do to a recipe. Each takes a recipe and gives the changed one; nothing here knows the window.

/// Another method: parameters that it does not know are dropped, its required ones are given a sensible start, a base model is chosen or
/// kept where it needs one, and a base that stood among the sources leaves them where the method treats it apart.
Recipe withMethod(Recipe recipe, const QString& method, int layers);

/// Another base model (empty: none). A model that becomes the base leaves the sources of a method that treats it apart.
Recipe withBaseModel(Recipe recipe, const QString& reference, int layers);

/// One more source, with a start for the method's required parameters.
Recipe withSource(Recipe recipe, const QString& reference, int layers);

/// Without that model, as a source and as the base.
Recipe withoutModel(Recipe recipe, const QString& reference);

/// A parameter of the whole method, or one value for all sources.
Recipe withParameter(Recipe recipe, const ParameterSpec& spec, const QVariant& value);

}  // namespace layerloom
