// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <QString>

#include "core/recipe/recipe.h"

namespace layerloom {

/// What the recipe says about one parameter of the method.
struct FormParameter {
  QString name;  ///< mergekit's spelling
  std::optional<double>
      value;             ///< the same for every model and tensor (booleans as 0 and 1); nothing: required and missing
  bool varies = false;   ///< over layers, models or tensor groups: `value` counts for nothing
  bool changed = false;  ///< set in the recipe to something other than the standard

  bool operator==(const FormParameter&) const = default;
};

/// A model that may be the base.
struct FormModel {
  QString reference;
  QString name;

  bool operator==(const FormModel&) const = default;
};

/// The vocabulary of the result, where the recipe asks for one of its own.
struct FormTokenizer {
  RecipeTokenizer::Source source = RecipeTokenizer::Source::Base;
  QString model;  ///< reference, of Source::Model
  std::uint64_t padToMultipleOf = 0;  ///< 0: no padding
  int tokenRules = 0;  ///< rules for single tokens, which the text holds

  bool operator==(const FormTokenizer&) const = default;
};

/// What the form names and the text holds.
enum class FormPlace { TokenRules, ChatTemplate };

/// All that the recipe form shows.
struct RecipeFormData {
  QString method;  ///< mergekit's spelling; an unknown one is shown as it is
  std::vector<FormModel> models;
  QString baseModel;                      ///< reference; empty: none
  std::vector<FormParameter> parameters;  ///< those not listed show the method's standard
  QString dtype;                          ///< empty: as the inputs
  QString outDtype;                       ///< empty: as computed
  std::optional<FormTokenizer> tokenizer; ///< nothing: the base model's files are copied
  QString chatTemplate;                   ///< empty: as it is
  int documents = 1;                      ///< of the text; the form shows the last one

  bool operator==(const RecipeFormData&) const = default;
};

}  // namespace layerloom
