// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/evidence_data.h"

namespace layerloom {

std::vector<ModelPair> modelPairs(std::size_t models) {
  std::vector<ModelPair> pairs;
  for (int a = 0; a < static_cast<int>(models); ++a) {
    for (int b = a + 1; b < static_cast<int>(models); ++b) {
      pairs.push_back({a, b});
    }
  }
  return pairs;
}

QString modelName(const EvidenceData& data, int model) {
  const auto index = static_cast<std::size_t>(model);
  return index < data.models.size() ? data.models[index].name : QString();
}

QString pairName(const EvidenceData& data, int pair) {
  const auto pairs = modelPairs(data.models.size());
  const auto index = static_cast<std::size_t>(pair);
  return index < pairs.size() ? QStringLiteral("%1 · %2").arg(modelName(data, pairs[index].a), modelName(data, pairs[index].b)) : QString();
}

}  // namespace layerloom
