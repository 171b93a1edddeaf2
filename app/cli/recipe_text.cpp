// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/recipe_text.h"

#include <array>
#include <fmt/format.h>
#include <istream>

#include "core/recipe/yaml_value.h"
#include "core/support/file.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr std::size_t kLongestName = 4096;

Result<std::string> readAll(std::istream& in, std::size_t limit) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > limit) {
      return refused(fmt::format("standard input: longer than {}", formatBytes(limit)), "a recipe is a short text");
    }
  }
  if (in.bad()) {
    return ioError("standard input: cannot be read");
  }
  return text;
}

}  // namespace

Result<RecipeText> readRecipe(const std::string& argument, std::istream& in) {
  const std::size_t limit = YamlLimits{}.bytes;
  if (argument == "-") {
    LAYERLOOM_TRY(std::string text, readAll(in, limit));
    return RecipeText{"standard input", std::move(text), std::filesystem::path(".")};
  }
  const std::filesystem::path path(argument);
  LAYERLOOM_TRY(std::string text, readTextFile(path, limit));
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  return RecipeText{escaped(argument, kLongestName), std::move(text), folder};
}

}  // namespace layerloom
