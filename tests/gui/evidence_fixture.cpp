// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/evidence_fixture.h"

#include <algorithm>

namespace layerloom::test {
namespace {

struct Made {
  const char* name;
  int layer;
  TensorKind kind;
};

const std::vector<Made>& madeTensors() {
  static const std::vector<Made> tensors = {
      {"model.embed_tokens.weight", -1, TensorKind::Embedding},
      {"model.norm.weight", -1, TensorKind::Norm},
      {"model.layers.0.input_layernorm.weight", 0, TensorKind::Norm},
      {"model.layers.0.mlp.up_proj.weight", 0, TensorKind::Up},
      {"model.layers.0.self_attn.q_proj.bias", 0, TensorKind::Query},
      {"model.layers.0.self_attn.q_proj.weight", 0, TensorKind::Query},
      {"model.layers.1.input_layernorm.weight", 1, TensorKind::Norm},
      {"model.layers.1.self_attn.q_proj.weight", 1, TensorKind::Query},
      {"model.layers.2.input_layernorm.weight", 2, TensorKind::Norm},
      {"model.layers.2.mlp.up_proj.weight", 2, TensorKind::Up},
      {"model.layers.2.self_attn.q_proj.weight", 2, TensorKind::Query},
  };
  return tensors;
}

constexpr std::size_t kModels = 3;

bool lacks(const Made& made, std::size_t model) {
  return model == 2 && made.layer == 2 && made.kind == TensorKind::Query;
}

DeltaStatistics deltaOf(int tensor, int model) {
  DeltaStatistics delta;
  delta.elements = 1000;
  delta.squared = madeUpSquared(tensor, model);
  delta.baseSquared = madeUpBase(tensor);
  const bool changed = delta.squared > 0;
  delta.zeros = changed ? static_cast<std::uint64_t>(100 * (model + 1)) : 1000;
  delta.maxAbs = changed ? tensor + 10 * model : 0;
  if (changed) {
    delta.histogram[static_cast<std::size_t>(30 + model)] = 600;
    delta.histogram[static_cast<std::size_t>(32 + model)] = 1000 - 600 - delta.zeros;
    delta.topShares = {0.1, 0.25, 0.5};
  }
  if (tensor % 2 == 0 && changed) {
    delta.stableRank = tensor + model;
    delta.rankedElements = 1000;
  }
  return delta;
}

PairStatistics pairOf(int tensor, std::size_t pair, double squaredA, double squaredB) {
  PairStatistics figures;
  figures.squaredA = squaredA;
  figures.squaredB = squaredB;
  figures.dot = (pair == 1 ? -0.5 : 0.25) * std::min(squaredA, squaredB);
  figures.both = squaredA > 0 && squaredB > 0 ? 800 : 0;
  figures.opposite = figures.both / 4 + static_cast<std::uint64_t>(tensor);
  figures.opposite = figures.both == 0 ? 0 : figures.opposite;
  figures.bothWeight = static_cast<double>(figures.both);
  figures.oppositeWeight = figures.bothWeight / 8;
  return figures;
}

}  // namespace

double madeUpSquared(int tensor, int model) {
  return tensor == 1 && model == 1 ? 0 : static_cast<double>(tensor * tensor * (model + 1));
}

double madeUpBase(int tensor) {
  return 100.0 + tensor;
}

int madeUpIndex(const std::string& tensor) {
  const auto& all = madeTensors();
  return static_cast<int>(std::find_if(all.begin(), all.end(), [&](const Made& made) { return tensor == made.name; }) - all.begin()) + 1;
}

std::shared_ptr<Statistics> madeUpStatistics() {
  auto statistics = std::make_shared<Statistics>();
  statistics->base = "base";
  statistics->models = {"prose", "code", "a, \"b\""};
  statistics->complete = true;
  int index = 0;
  for (const Made& made : madeTensors()) {
    ++index;
    TensorStatistics tensor;
    tensor.name = made.name;
    tensor.layer = made.layer;
    tensor.kind = made.kind;
    tensor.figures.elements = 1000;
    tensor.figures.baseSquared = madeUpBase(index);
    tensor.figures.models.resize(kModels);
    tensor.figures.pairs.resize(pairCount(kModels));
    for (std::size_t model = 0; model < kModels; ++model) {
      if (!lacks(made, model)) {
        tensor.figures.models[model] = deltaOf(index, static_cast<int>(model));
      }
    }
    std::size_t pair = 0;
    for (const ModelPair& models : modelPairs(kModels)) {
      const auto& a = tensor.figures.models[static_cast<std::size_t>(models.a)];
      const auto& b = tensor.figures.models[static_cast<std::size_t>(models.b)];
      if (a && b) {
        tensor.figures.pairs[pair] = pairOf(index, pair, a->squared, b->squared);
      }
      ++pair;
    }
    statistics->tensors.push_back(std::move(tensor));
  }
  return statistics;
}

EvidenceData madeUpEvidence() {
  EvidenceData data;
  data.state = EvidenceState::Ready;
  data.statistics = madeUpStatistics();
  data.base = QStringLiteral("base");
  data.tiedHead = true;
  int colour = 0;
  for (const std::string& model : data.statistics->models) {
    data.models.push_back({QString::fromStdString(model), colour++});
  }
  for (const Made& made : madeTensors()) {
    data.expected.push_back({made.name, made.layer, "", made.kind});
  }
  return data;
}

}  // namespace layerloom::test
