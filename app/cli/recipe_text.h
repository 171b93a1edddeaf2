// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "core/support/result.h"

namespace layerloom {

/// The text of a recipe and where it came from.
struct RecipeText {
  std::string name;              ///< for messages, safe to print: the path as given, or "standard input"
  std::string text;              ///< byte for byte
  std::filesystem::path folder;  ///< where model references are looked up first
};

/// Reads a recipe from a file, or from `in` where the argument is "-"; references of the latter start from the working
/// directory.
Result<RecipeText> readRecipe(const std::string& argument, std::istream& in);

}  // namespace layerloom
