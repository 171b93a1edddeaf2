// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/analysis/random_recipe.h"

#include <fmt/format.h>

#include <algorithm>

namespace layerloom::test {
namespace {

struct Range {
  const char* parameter;
  double least;
  double greatest;
};

/// Values that people use. `epsilon` is that of DELLA here; RAM's stays as it is.
constexpr Range kRanges[] = {{"weight", 0.1, 1},   {"density", 0.2, 0.8},     {"epsilon", 0.01, 0.15}, {"gamma", 0.01, 0.1}, {"lambda", 0.5, 1.5},
                             {"t", 0.05, 0.95},    {"select_topk", 0.1, 0.9}, {"scale", 0.8, 1.2},     {"r", 0, 0.3},        {"alpha", 0.1, 0.4}};

}  // namespace

RandomRecipe::RandomRecipe(const MethodSpec& method, const ModelFamily& family, std::mt19937_64& generator)
    : m_method(method), m_family(family), m_generator(generator) {
  chooseModels();
  m_text = fmt::format("merge_method: {}\ndtype: float32\n", method.name);
  if (m_hasBase) {
    m_text += fmt::format("base_model: {}\n", family.base);
  }
  m_text += "models:\n";
  for (const std::string& model : m_models) {
    m_text += fmt::format("  - model: {}\n{}", model, parametersOf(ParameterScope::Input));
  }
  m_text += parametersOf(ParameterScope::Method);
}

double RandomRecipe::between(double least, double greatest) {
  return least + (greatest - least) * static_cast<double>(m_generator() % 100'001) / 100'000;
}

void RandomRecipe::chooseModels() {
  const bool needsBase = m_method.baseModel == BaseModelUse::Required || m_method.name == "slerp";
  m_hasBase = needsBase || (m_method.baseModel == BaseModelUse::Optional && coin());
  m_models = m_family.models;
  std::shuffle(m_models.begin(), m_models.end(), m_generator);
  const auto least = static_cast<std::size_t>(m_method.name == "slerp" ? 1 : std::max(1, m_method.minInputs));
  const auto most = m_method.name == "slerp"  ? 1
                    : m_method.maxInputs < 0 ? m_models.size()
                                             : std::min(m_models.size(), static_cast<std::size_t>(m_method.maxInputs));
  m_models.resize(std::min(m_models.size(), least + m_generator() % (most - least + 1)));
}

/// A number, or numbers for the layers to go through.
std::string RandomRecipe::number(double least, double greatest) {
  if (coin()) {
    return fmt::format("{:.4f}", between(least, greatest));
  }
  return fmt::format("[{:.4f}, {:.4f}, {:.4f}]", between(least, greatest), between(least, greatest), between(least, greatest));
}

std::string RandomRecipe::valueOf(const ParameterSpec& parameter) {
  if (!parameter.hasEffect || (parameter.name == "epsilon" && !m_method.random)) {
    return {};
  }
  if (parameter.type == ParameterType::Boolean) {
    return coin() ? "true" : "false";
  }
  if (m_method.name == "nearswap") {
    return number(0.0005, 0.005);
  }
  const auto range = std::find_if(std::begin(kRanges), std::end(kRanges), [&](const Range& known) { return parameter.name == known.parameter; });
  return range == std::end(kRanges) ? std::string() : number(range->least, range->greatest);
}

std::string RandomRecipe::parametersOf(ParameterScope scope) {
  std::string text;
  const std::string indent = scope == ParameterScope::Input ? "    " : "";
  for (const ParameterSpec& parameter : m_method.parameters) {
    const std::string value = parameter.scope == scope ? valueOf(parameter) : std::string();
    if (!value.empty()) {
      text += fmt::format("{}  {}: {}\n", indent, parameter.name, value);
    }
  }
  return text.empty() ? text : indent + "parameters:\n" + text;
}

}  // namespace layerloom::test
