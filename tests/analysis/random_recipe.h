// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "core/methods/spec.h"

namespace layerloom::test {

/// Models that fit together.
struct ModelFamily {
  std::string name;
  std::filesystem::path folder;
  std::string base;
  std::vector<std::string> models;
};

/// A recipe for a family with parameters drawn at random, some of them as gradients over the layers.
class RandomRecipe {
 public:
  RandomRecipe(const MethodSpec& method, const ModelFamily& family, std::mt19937_64& generator);

  const std::string& text() const { return m_text; }
  bool hasBase() const { return m_hasBase; }
  /// Beside the base.
  const std::vector<std::string>& models() const { return m_models; }

 private:
  double between(double least, double greatest);
  bool coin() { return m_generator() % 2 == 0; }
  void chooseModels();
  std::string number(double least, double greatest);
  std::string valueOf(const ParameterSpec& parameter);
  std::string parametersOf(ParameterScope scope);

  const MethodSpec& m_method;
  const ModelFamily& m_family;
  std::mt19937_64& m_generator;
  bool m_hasBase = false;
  std::vector<std::string> m_models;
  std::string m_text;
};

}  // namespace layerloom::test
