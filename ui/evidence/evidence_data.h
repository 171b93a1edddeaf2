// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <memory>
#include <string>
#include <vector>

#include "core/analysis/statistics.h"

namespace layerloom {

enum class EvidenceState {
  NoModels,
  NothingToCompare,  ///< one model and no base
  Measuring,         ///< what is there so far is shown
  Ready,
  Failed,
};

struct EvidenceModel {
  QString name;
  int colourIndex = 0;
};

/// A tensor that is to be measured; known before it is.
struct ExpectedTensor {
  std::string name;
  int layer = -1;  ///< −1: outside the layers
  std::string module;
  TensorKind kind = TensorKind::Other;
};

/// All that the evidence dock shows. A value: built by the owner, handed over whole.
struct EvidenceData {
  EvidenceState state = EvidenceState::NoModels;
  QString message;                               ///< why it failed
  std::shared_ptr<const Statistics> statistics;  ///< null before the first tensor
  std::vector<EvidenceModel> models;             ///< one per model of the statistics
  QString base;                                  ///< empty: against the mean of the models
  std::vector<ExpectedTensor> expected;
  bool tiedHead = false;
  bool ranksPending = false;  ///< stable ranks will come
  int activeModel = -1;       ///< the model whose card is selected; −1: none of these
};

/// Two models by index, in the order of pairIndex().
struct ModelPair {
  int a = 0;
  int b = 0;
};
std::vector<ModelPair> modelPairs(std::size_t models);

/// "prose", or "prose · code" for a pair.
QString modelName(const EvidenceData& data, int model);
QString pairName(const EvidenceData& data, int pair);

}  // namespace layerloom
