// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace layerloom::bench {

/// A merge method as it is timed: usual parameters, the fewest models that show what it does.
struct BenchMethod {
  std::string_view name;
  bool base = false;
  int tunes = 2;
  bool moreTunes = true;           ///< takes any number of models
  std::string_view perModel = {};  ///< parameters of each model, as in YAML's braces
  std::string_view whole = {};     ///< parameters of the method

  /// The folders of the models that are read, of a family made by makeFamily().
  std::vector<std::filesystem::path> inputs(const std::filesystem::path& family, int tuneCount) const;
  /// A recipe that mergekit reads as well.
  std::string recipe(const std::filesystem::path& family, int tuneCount) const;
};

/// All methods.
const std::vector<BenchMethod>& benchMethods();

}  // namespace layerloom::bench
