// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/tensor_groups.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

#include "core/recipe/curve_edit.h"

namespace layerloom {
namespace {

bool occursInLayers(const ModelLayout& layout, std::string_view part) {
  return std::any_of(layout.stacks.begin(), layout.stacks.end(), [&](const LayerStack& stack) {
    return !stack.suffixes.empty() && std::any_of(stack.suffixes.front().begin(), stack.suffixes.front().end(), [&](const std::string& suffix) {
      return suffix.find(part) != std::string::npos;
    });
  });
}

/// The first of several spellings that the model's layers use. More telling ones come first: "post_attention_layernorm" is no attention.
template <std::size_t count>
std::string firstPresent(const ModelLayout& layout, const std::array<const char*, count>& spellings) {
  for (const char* spelling : spellings) {
    if (occursInLayers(layout, spelling)) {
      return spelling;
    }
  }
  return {};
}

void addFilters(const Settings& settings, const ModelLayout& layout, std::vector<TensorGroup>& groups) {
  for (const auto& [name, setting] : settings) {
    for (const SettingRule& rule : setting) {
      const bool known = std::any_of(groups.begin(), groups.end(), [&](const TensorGroup& group) { return group.filter == rule.filter; });
      if (!known && occursInLayers(layout, rule.filter)) {
        groups.push_back({QString::fromStdString(rule.filter), rule.filter});
      }
    }
  }
}

}  // namespace

std::vector<TensorGroup> tensorGroups(const ModelLayout& layout, const Recipe& recipe) {
  const auto label = [](const char* text) { return QCoreApplication::translate("TensorGroups", text); };
  std::vector<TensorGroup> groups = {{label(QT_TRANSLATE_NOOP("TensorGroups", "All tensors")), {}}};
  const std::array named = {
      std::pair{QT_TRANSLATE_NOOP("TensorGroups", "Attention"), firstPresent(layout, std::array{"self_attn", "SelfAttention", "attention.", "attn."})},
      std::pair{QT_TRANSLATE_NOOP("TensorGroups", "MLP"), firstPresent(layout, std::array{"mlp", "feed_forward", "DenseReluDense", "block_sparse_moe"})},
      std::pair{QT_TRANSLATE_NOOP("TensorGroups", "Norm"), firstPresent(layout, std::array{"layernorm", "layer_norm", "ln_", "norm"})}};
  for (const auto& [text, filter] : named) {
    if (!filter.empty()) {
      groups.push_back({label(text), filter});
    }
  }
  addFilters(recipe.parameters, layout, groups);
  for (const RecipeSource& source : sourcesOf(recipe)) {
    addFilters(source.parameters, layout, groups);
  }
  return groups;
}

}  // namespace layerloom
