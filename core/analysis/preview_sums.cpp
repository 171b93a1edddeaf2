// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/preview_sums.h"

#include <algorithm>
#include <cmath>

namespace layerloom {
namespace {

/// The variance of a sum over tensors, and its degrees of freedom (Satterthwaite 1946).
class Spread {
 public:
  void add(double variance, double freedom) {
    if (variance > 0) {
      m_variance += variance;
      m_weighted += variance * variance / std::max(1.0, freedom);
    }
  }
  /// Half the width of the interval.
  double reach() const {
    return m_variance > 0 ? intervalFactor(m_variance * m_variance / m_weighted) * std::sqrt(m_variance) : 0;
  }

 private:
  double m_variance = 0;
  double m_weighted = 0;
};

Estimate around(double value, double reach, double least, double greatest) {
  return {value, std::clamp(value - reach, least, std::max(value, least)), std::clamp(value + reach, std::min(value, greatest), greatest)};
}

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

/// The interval of a root from that of what it is taken of.
Estimate root(double square, double reach) {
  const auto rootOf = [](double x) { return std::sqrt(std::max(0.0, x)); };
  return {rootOf(square), rootOf(square - reach), rootOf(square + reach)};
}

Estimate scaled(const Estimate& estimate, double factor) {
  return {estimate.value * factor, estimate.low * factor, estimate.high * factor};
}

using Part = std::optional<Measured> ModelSums::*;

/// The figures of one model over those tensors that it has a part in.
class ModelFigures {
 public:
  ModelFigures(std::span<const MergeSums* const> tensors, std::size_t model) : m_model(model) {
    m_tensors.reserve(tensors.size());
    for (const MergeSums* tensor : tensors) {
      if (model < tensor->models.size() && tensor->models[model]) {
        m_tensors.push_back(tensor);
        m_squared += sums(*tensor).squared;
        m_moved += tensor->moved.value;
        m_dot += sums(*tensor).dot.value;
        m_apart += sums(*tensor).apart.value;
      }
    }
  }

  bool empty() const { return m_tensors.empty(); }
  double norm() const { return std::sqrt(m_squared); }

  Estimate distance() const {
    Spread spread;
    for (const MergeSums* tensor : m_tensors) {
      spread.add(sums(*tensor).apart.variance, tensor->freedom);
    }
    return root(m_apart, spread.reach());
  }

  std::optional<Estimate> cosine() const {
    const double norms = std::sqrt(m_moved) * std::sqrt(m_squared);
    if (!(norms > 0)) {
      return std::nullopt;
    }
    const double value = std::clamp(m_dot / norms, -1.0, 1.0);
    const double byDot = 1 / norms;
    const double byMoved = -value / (2 * m_moved);
    Spread spread;
    for (const MergeSums* tensor : m_tensors) {
      const ModelSums& own = sums(*tensor);
      spread.add(byDot * byDot * own.dot.variance + byMoved * byMoved * tensor->moved.variance + 2 * byDot * byMoved * own.covariance,
                 tensor->freedom);
    }
    return around(value, spread.reach(), -1, 1);
  }

  /// The mean weighted by elements over the tensors that have it.
  std::optional<Estimate> mean(Part part, double least, double greatest) const {
    double elements = 0;
    double sum = 0;
    for (const MergeSums* tensor : m_tensors) {
      if (const auto& own = sums(*tensor).*part) {
        elements += static_cast<double>(tensor->elements);
        sum += own->value * static_cast<double>(tensor->elements);
      }
    }
    if (elements == 0) {
      return std::nullopt;
    }
    Spread spread;
    for (const MergeSums* tensor : m_tensors) {
      if (const auto& own = sums(*tensor).*part) {
        const double share = static_cast<double>(tensor->elements) / elements;
        spread.add(share * share * own->variance, tensor->freedom);
      }
    }
    return around(sum / elements, spread.reach(), least, greatest);
  }

 private:
  const ModelSums& sums(const MergeSums& tensor) const { return *tensor.models[m_model]; }

  const std::size_t m_model;
  std::vector<const MergeSums*> m_tensors;
  double m_squared = 0;
  double m_moved = 0;
  double m_dot = 0;
  double m_apart = 0;
};

}  // namespace

double intervalFactor(double freedom) {
  // Cornish and Fisher's expansion about the normal quantile; 0.7 % too small for 3 degrees of freedom, less for more.
  constexpr double z = 1.959963984540054;
  constexpr double z2 = z * z;
  const double n = std::max(1.0, freedom);
  const double first = z * (z2 + 1) / 4;
  const double second = z * ((5 * z2 + 16) * z2 + 3) / 96;
  const double third = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  return z + first / n + second / (n * n) + third / (n * n * n);
}

PreviewFigures figuresOf(std::span<const MergeSums* const> tensors, std::size_t models) {
  PreviewFigures figures;
  figures.models.resize(models);
  double moved = 0;
  double baseSquared = 0;
  Spread spread;
  for (const MergeSums* tensor : tensors) {
    figures.elements += tensor->elements;
    moved += tensor->moved.value;
    baseSquared += tensor->baseSquared;
    spread.add(tensor->moved.variance, tensor->freedom);
  }
  figures.moved = root(moved, spread.reach());
  if (baseSquared > 0) {
    figures.relativeMove = scaled(figures.moved, 1 / std::sqrt(baseSquared));
  }
  double norms = 0;
  double sources = 0;
  for (std::size_t i = 0; i < models; ++i) {
    const ModelFigures model(tensors, i);
    if (model.empty()) {
      continue;
    }
    norms += model.norm();
    sources += 1;
    figures.models[i] = ModelPreview{model.distance(),
                                     model.cosine(),
                                     model.mean(&ModelSums::weight, -kUnlimited, kUnlimited),
                                     model.mean(&ModelSums::kept, 0, 1),
                                     model.mean(&ModelSums::won, 0, 1),
                                     model.mean(&ModelSums::lost, 0, 1)};
  }
  if (norms > 0) {
    figures.movedRatio = scaled(figures.moved, sources / norms);
  }
  return figures;
}

}  // namespace layerloom
