// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace layerloom {
namespace {

/// Adds `other` to what was found so far, where there is something to add.
template <class T>
void addOptional(std::optional<T>& sum, const std::optional<T>& other) {
  if (other) {
    if (sum) {
      sum->add(*other);
    } else {
      sum = other;
    }
  }
}

template <class T>
void addEach(std::vector<std::optional<T>>& sums, const std::vector<std::optional<T>>& others) {
  sums.resize(std::max(sums.size(), others.size()));
  for (std::size_t i = 0; i < others.size(); ++i) {
    addOptional(sums[i], others[i]);
  }
}

/// The mean of two means.
double weightedMean(double a, std::uint64_t weightA, double b, std::uint64_t weightB) {
  const auto sum = static_cast<double>(weightA + weightB);
  return sum == 0 ? 0 : (a * static_cast<double>(weightA) + b * static_cast<double>(weightB)) / sum;
}

}  // namespace

double DeltaStatistics::norm() const {
  return std::sqrt(squared);
}

double DeltaStatistics::relative() const {
  if (squared == 0) {
    return 0;
  }
  return baseSquared == 0 ? std::numeric_limits<double>::infinity() : std::sqrt(squared) / std::sqrt(baseSquared);
}

double DeltaStatistics::rms() const {
  return elements == 0 ? 0 : std::sqrt(squared / static_cast<double>(elements));
}

double DeltaStatistics::mean() const {
  return elements == 0 ? 0 : sum / static_cast<double>(elements);
}

double DeltaStatistics::zeroShare() const {
  return elements == 0 ? 0 : static_cast<double>(zeros) / static_cast<double>(elements);
}

void DeltaStatistics::add(const DeltaStatistics& other) {
  for (std::size_t i = 0; i < topShares.size(); ++i) {
    topShares[i] = weightedMean(topShares[i], elements, other.topShares[i], other.elements);
  }
  if (other.stableRank) {
    stableRank = weightedMean(stableRank.value_or(0), rankedElements, *other.stableRank, other.rankedElements);
    rankedElements += other.rankedElements;
  }
  elements += other.elements;
  zeros += other.zeros;
  nonFinite += other.nonFinite;
  squared += other.squared;
  sum += other.sum;
  maxAbs = std::max(maxAbs, other.maxAbs);
  baseSquared += other.baseSquared;
  baseDot += other.baseDot;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    histogram[i] += other.histogram[i];
  }
}

std::optional<double> PairStatistics::cosine() const {
  if (squaredA == 0 || squaredB == 0) {
    return std::nullopt;
  }
  return std::clamp(dot / (std::sqrt(squaredA) * std::sqrt(squaredB)), -1.0, 1.0);
}

std::optional<double> PairStatistics::signConflict() const {
  return both == 0 ? std::nullopt : std::optional(static_cast<double>(opposite) / static_cast<double>(both));
}

std::optional<double> PairStatistics::weightedSignConflict() const {
  return bothWeight == 0 ? std::nullopt : std::optional(oppositeWeight / bothWeight);
}

void PairStatistics::add(const PairStatistics& other) {
  dot += other.dot;
  squaredA += other.squaredA;
  squaredB += other.squaredB;
  both += other.both;
  opposite += other.opposite;
  bothWeight += other.bothWeight;
  oppositeWeight += other.oppositeWeight;
}

std::size_t pairCount(std::size_t models) {
  return models < 2 ? 0 : models * (models - 1) / 2;
}

std::size_t pairIndex(std::size_t a, std::size_t b, std::size_t models) {
  const auto [first, second] = std::minmax(a, b);
  return first * models - first * (first + 1) / 2 + second - first - 1;
}

double GroupStatistics::greatestRelative() const {
  double greatest = 0;
  for (const auto& model : models) {
    greatest = std::max(greatest, model ? model->relative() : 0.0);
  }
  return greatest;
}

void GroupStatistics::add(const GroupStatistics& other) {
  elements += other.elements;
  baseSquared += other.baseSquared;
  addEach(models, other.models);
  addEach(pairs, other.pairs);
}

std::vector<LayerStatistics> Statistics::layers() const {
  std::map<std::pair<std::string, int>, LayerStatistics> found;
  for (const TensorStatistics& tensor : tensors) {
    if (tensor.layer >= 0) {
      LayerStatistics& layer = found[{tensor.module, tensor.layer}];
      layer.layer = tensor.layer;
      layer.module = tensor.module;
      layer.figures.add(tensor.figures);
    }
  }
  std::vector<LayerStatistics> all;
  for (auto& [key, layer] : found) {
    all.push_back(std::move(layer));
  }
  return all;
}

std::vector<KindStatistics> Statistics::kinds() const {
  std::map<TensorKind, GroupStatistics> found;
  for (const TensorStatistics& tensor : tensors) {
    found[tensor.kind].add(tensor.figures);
  }
  std::vector<KindStatistics> all;
  for (auto& [kind, figures] : found) {
    all.push_back({kind, std::move(figures)});
  }
  return all;
}

GroupStatistics Statistics::total() const {
  GroupStatistics sum;
  for (const TensorStatistics& tensor : tensors) {
    sum.add(tensor.figures);
  }
  return sum;
}

std::vector<const TensorStatistics*> Statistics::mostDiverged(std::size_t most) const {
  std::vector<std::pair<double, const TensorStatistics*>> ranked;
  for (const TensorStatistics& tensor : tensors) {
    ranked.emplace_back(tensor.figures.greatestRelative(), &tensor);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const TensorStatistics*> first;
  for (std::size_t i = 0; i < std::min(most, ranked.size()); ++i) {
    first.push_back(ranked[i].second);
  }
  return first;
}

}  // namespace layerloom
