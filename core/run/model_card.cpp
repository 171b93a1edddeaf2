// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/model_card.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/recipe/yaml_value.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

/// A fence that no line of the text can close.
std::string fenceFor(const std::string& text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(std::max<std::size_t>(3, longest + 1), '`');
}

std::string quoted(const std::string& text) {
  if (isPlainSafe(text)) {
    return text;
  }
  std::string out = "\"";
  for (const char c : escaped(text, 1000)) {
    out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return out + "\"";
}

}  // namespace

std::vector<std::string> sourceModels(const MergePlan& plan, const RunOptions& options) {
  std::vector<std::string> models;
  const auto add = [&](const std::string& reference) {
    if (std::find(models.begin(), models.end(), reference) == models.end()) {
      models.push_back(reference);
    }
  };
  for (const std::string& reference : plan.references) {
    const auto stage = options.stageSources.find(reference);
    if (stage == options.stageSources.end()) {
      add(reference);
    } else {
      std::for_each(stage->second.begin(), stage->second.end(), add);
    }
  }
  return models;
}

std::string makeModelCard(const MergePlan& plan, const std::string& title, const RunOptions& options) {
  const std::vector<std::string> models = sourceModels(plan, options);
  std::string card = "---\nbase_model:\n";
  for (const std::string& reference : models) {
    card += fmt::format("- {}\n", quoted(reference));
  }
  card += "tags:\n- mergekit\n- merge\n---\n";
  card += fmt::format("# {}\n\nA merge of language models, made with Layerloom.\n\n", escaped(title));
  card += fmt::format("Method: {} (`{}`). {}\n\n```text\n{}\n```\n\nReference: {}.\n\n", plan.method->label, plan.method->name,
                      plan.method->summary, plan.method->formula, plan.method->reference);
  card += "## Models\n\n";
  for (const std::string& reference : models) {
    card += fmt::format("- {}\n", escaped(reference));
  }
  const std::string fence = fenceFor(options.recipeText);
  card += fmt::format("\n## Recipe\n\nmergekit reads it as it is.\n\n{}yaml\n{}{}{}\n", fence, options.recipeText,
                      options.recipeText.ends_with('\n') ? "" : "\n", fence);
  return card;
}

}  // namespace layerloom
