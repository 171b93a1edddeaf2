// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_method.h"

#include <fmt/format.h>

namespace layerloom::bench {
namespace {

constexpr std::string_view kWeight = "weight: 0.5";
constexpr std::string_view kSparse = "weight: 0.5, density: 0.5";

}  // namespace

const std::vector<BenchMethod>& benchMethods() {
  static const std::vector<BenchMethod> methods = {
      {.name = "linear", .perModel = kWeight},
      {.name = "slerp", .base = true, .tunes = 1, .moreTunes = false, .whole = "t: 0.5"},
      {.name = "nuslerp", .moreTunes = false, .perModel = kWeight},
      {.name = "multislerp", .perModel = kWeight},
      {.name = "karcher"},
      {.name = "task_arithmetic", .base = true, .perModel = kWeight},
      {.name = "ties", .base = true, .perModel = kSparse},
      {.name = "dare_linear", .base = true, .perModel = kSparse},
      {.name = "dare_ties", .base = true, .perModel = kSparse},
      {.name = "della_linear", .base = true, .perModel = kSparse},
      {.name = "della", .base = true, .perModel = kSparse},
      {.name = "breadcrumbs", .base = true, .perModel = kSparse},
      {.name = "breadcrumbs_ties", .base = true, .perModel = kSparse},
      {.name = "sce", .base = true, .whole = "select_topk: 0.5"},
      {.name = "ram", .base = true},
      {.name = "ramplus_tl", .base = true},
      {.name = "model_stock", .base = true},
      {.name = "nearswap", .base = true, .tunes = 1, .moreTunes = false, .whole = "t: 0.001"},
      {.name = "arcee_fusion", .base = true, .tunes = 1, .moreTunes = false},
      {.name = "passthrough", .tunes = 1, .moreTunes = false},
  };
  return methods;
}

std::vector<std::filesystem::path> BenchMethod::inputs(const std::filesystem::path& family, int tuneCount) const {
  std::vector<std::filesystem::path> folders;
  if (base) {
    folders.push_back(family / "base");
  }
  for (int tune = 1; tune <= tuneCount; ++tune) {
    folders.push_back(family / fmt::format("tune-{}", tune));
  }
  return folders;
}

std::string BenchMethod::recipe(const std::filesystem::path& family, int tuneCount) const {
  std::string text = fmt::format("merge_method: {}\n", name);
  if (base) {
    text += fmt::format("base_model: \"{}\"\n", (family / "base").string());
  }
  text += "models:\n";
  for (int tune = 1; tune <= tuneCount; ++tune) {
    text += fmt::format("  - model: \"{}\"\n", (family / fmt::format("tune-{}", tune)).string());
    if (!perModel.empty()) {
      text += fmt::format("    parameters: {{{}}}\n", perModel);
    }
  }
  if (!whole.empty()) {
    text += fmt::format("parameters: {{{}}}\n", whole);
  }
  return text + "dtype: bfloat16\n";
}

}  // namespace layerloom::bench
