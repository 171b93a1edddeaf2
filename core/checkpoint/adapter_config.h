// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/checkpoint/module_pattern.h"
#include "core/support/result.h"

namespace layerloom {

inline constexpr std::int64_t kMaxAdapterRank = 65536;

/// What adapter_config.json says of a LoRA adapter, with the defaults of the program that writes it (peft).
struct AdapterConfig {
  std::int64_t rank = 8;
  double alpha = 8;
  bool useRslora = false;
  bool fanInFanOut = false;
  std::vector<std::pair<ModulePattern, std::int64_t>> ranks;  ///< "rank_pattern"; the first that matches holds
  std::vector<std::pair<ModulePattern, double>> alphas;       ///< "alpha_pattern"
  std::vector<std::string> modulesToSave;

  std::int64_t rankOf(std::string_view module) const;
  /// α / r (Hu et al., "LoRA", arXiv:2106.09685), or α / √r (Kalajdzievski, "A Rank Stabilization Scaling Factor", arXiv:2312.03732).
  double scaleOf(std::string_view module) const;
};

/// Reads adapter_config.json. Refused, by name: kinds of adapters other than LoRA, variants of LoRA that are more than W + s·B·A (DoRA,
/// QALoRA and others), starts that change the base's weights (PiSSA and others), ranks outside 1 … 65536, an α that is not finite.
Result<AdapterConfig> readAdapterConfig(const std::filesystem::path& path);
/// The same for a text that is at hand; `fileName` is for messages and already escaped.
Result<AdapterConfig> parseAdapterConfig(std::string_view text, const std::string& fileName);

}  // namespace layerloom
