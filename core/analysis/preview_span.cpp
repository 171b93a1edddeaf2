// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/analysis/preview_tensor.h"

namespace layerloom {
namespace {

/// A sum of the base (first) and the models' Δ.
using Coordinates = std::vector<double>;

Coordinates coordinatesOf(StatisticsSlot slot, std::size_t models) {
  Coordinates coordinates(models + 1);
  coordinates[0] = 1;
  if (slot != kBaseSlot) {
    coordinates[slot + 1] = 1;
  }
  return coordinates;
}

void add(Coordinates& sum, double factor, const Coordinates& other) {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] += factor * other[i];
  }
}

double product(const Gram& gram, const Coordinates& a, const Coordinates& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; a[i] != 0 && j < b.size(); ++j) {
      sum += b[j] != 0 ? a[i] * b[j] * gram.at(i, j) : 0;
    }
  }
  return sum;
}

double squared(const Gram& gram, const Coordinates& a) {
  return std::max(0.0, product(gram, a, a));
}

/// The inner products that the method would see.
Gram gramOfVectors(const Gram& basis, std::vector<Coordinates> vectors, const std::optional<Coordinates>& origin) {
  Gram gram(vectors.size());
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    if (origin) {
      add(vectors[i], -1, *origin);
    }
    for (std::size_t j = 0; j <= i; ++j) {
      const double value = i == j ? squared(basis, vectors[i]) : product(basis, vectors[i], vectors[j]);
      gram.set(i, j, value);
      gram.set(j, i, value);
    }
  }
  return gram;
}

}  // namespace

Gram gramOf(const TensorStatistics& tensor, std::size_t models) {
  Gram gram(models + 1);
  gram.set(0, 0, tensor.figures.baseSquared);
  const auto set = [&](std::size_t i, std::size_t j, double value) {
    gram.set(i, j, value);
    gram.set(j, i, value);
  };
  for (std::size_t i = 0; i < models; ++i) {
    if (const auto& delta = tensor.figures.models[i]) {
      gram.set(i + 1, i + 1, delta->squared);
      set(0, i + 1, delta->baseDot);
    }
    for (std::size_t j = i + 1; j < models; ++j) {
      if (const auto& pair = tensor.figures.pairs[pairIndex(i, j, models)]) {
        set(i + 1, j + 1, pair->dot);
      }
    }
  }
  return gram;
}

std::vector<std::size_t> sourcesOf(const PreviewLinks::Job& link) {
  std::vector<std::size_t> sources;
  for (const StatisticsSlot slot : link.inputs) {
    if (slot != kBaseSlot && std::find(sources.begin(), sources.end(), slot) == sources.end()) {
      sources.push_back(slot);
    }
  }
  return sources;
}

Result<MergeSums> predictSpan(const PreviewTask& task, const SpanSettings& span) {
  const Gram basis = gramOf(task.tensor, task.models);
  std::vector<std::size_t> inputs = span.vectors;
  std::vector<Coordinates> vectors;
  for (const std::size_t input : inputs) {
    vectors.push_back(coordinatesOf(task.link.inputs[input], task.models));
  }
  std::optional<Coordinates> origin;
  if (span.origin) {
    origin = coordinatesOf(task.link.inputs[*span.origin], task.models);
    inputs.push_back(*span.origin);
  }
  std::vector<double> coefficients(inputs.size());
  LAYERLOOM_CHECK(span.coefficients(gramOfVectors(basis, vectors, origin), coefficients));

  Coordinates change(task.models + 1);
  change[0] = -1;
  std::vector<double> weights(task.models);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const StatisticsSlot slot = task.link.inputs[inputs[i]];
    add(change, coefficients[i], coordinatesOf(slot, task.models));
    if (slot != kBaseSlot) {
      weights[slot] += coefficients[i];
    }
  }
  MergeSums sums;
  sums.elements = task.tensor.figures.elements;
  sums.baseSquared = task.tensor.figures.baseSquared;
  sums.moved = {squared(basis, change), 0};
  sums.models.resize(task.models);
  for (const std::size_t model : sourcesOf(task.link)) {
    Coordinates delta(task.models + 1);
    delta[model + 1] = 1;
    ModelSums own;
    own.squared = basis.at(model + 1, model + 1);
    own.dot = {product(basis, change, delta), 0};
    add(delta, -1, change);
    own.apart = {squared(basis, delta), 0};
    own.weight = Measured{weights[model], 0};
    sums.models[model] = own;
  }
  return sums;
}

}  // namespace layerloom
