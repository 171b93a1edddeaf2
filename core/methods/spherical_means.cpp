// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/spherical_means.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

#include "core/methods/gram.h"
#include "core/methods/passthrough.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

/// Σ aᵢbⱼ⟨vᵢ, vⱼ⟩
double product(const Gram& gram, std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < gram.vectors(); ++i) {
    for (std::size_t j = 0; j < gram.vectors(); ++j) {
      sum += a[i] * b[j] * gram.at(i, j);
    }
  }
  return sum;
}

double norm(const Gram& gram, std::span<const double> a) {
  return std::sqrt(std::max(product(gram, a, a), 0.0));
}

struct Multislerp {
  std::string tensor;
  std::vector<double> weights;
  double epsilon = 0;

  Status operator()(const Gram& gram, std::span<double> coefficients) const;
};

/// The sum m = Σ wᵢuᵢ of unit vectors is normalised to m̂. mergekit then adds up wᵢ(uᵢ − ⟨uᵢ, m̂⟩m̂) as a tangent vector
/// at m̂; that sum is m − ‖m‖m̂ = 0, so that what it adds is rounding. There remains cos ε of its exponential map.
Status Multislerp::operator()(const Gram& gram, std::span<double> coefficients) const {
  /// Below this share of what is added up, a sum in float64 is rounding.
  constexpr double kCancelled = 1e-7;
  const std::size_t count = weights.size();
  std::vector<double> direction(count);
  double length = 0;
  double most = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double whole = gram.norm(i);
    direction[i] = whole > 0 ? weights[i] / (whole + epsilon) : 0.0;
    length += weights[i] * whole;
    most += std::abs(direction[i]) * whole;
  }
  const double sum = norm(gram, direction);
  if (sum < epsilon || sum <= kCancelled * most) {
    if (count > 2 && most > 0) {
      return refused(
          fmt::format("tensor \"{}\": the weighted directions of the models cancel out, so multislerp has no result",
                      escaped(tensor)),
          "change a weight");
    }
    std::copy(weights.begin(), weights.end(), coefficients.begin());
  } else {
    const double factor = length / sum * std::cos(epsilon);
    std::transform(direction.begin(), direction.end(), coefficients.begin(),
                   [&](double value) { return value * factor; });
  }
  if (coefficients.size() > count) {
    coefficients[count] =
        1 - std::accumulate(coefficients.begin(), coefficients.begin() + static_cast<std::ptrdiff_t>(count), 0.0);
  }
  return {};
}

/// The Karcher mean in the coordinates of the unit vectors that have a direction.
class KarcherMean {
 public:
  KarcherMean(const Gram& units, double tolerance) : m_units(units), m_tolerance(tolerance), m_mean(units.vectors()) {
    std::fill(m_mean.begin(), m_mean.end(), 1.0 / static_cast<double>(m_mean.size()));
    const double length = norm(m_units, m_mean);
    if (length < m_tolerance || length == 0) {
      std::fill(m_mean.begin(), m_mean.end(), 0.0);
      m_mean[0] = 1;
    } else {
      scaleMean(1 / length);
    }
  }

  /// One step along the sphere; false where the mean has been reached.
  bool step();
  std::span<const double> mean() const { return m_mean; }

 private:
  void scaleMean(double factor) {
    std::transform(m_mean.begin(), m_mean.end(), m_mean.begin(), [&](double value) { return value * factor; });
  }

  const Gram& m_units;
  const double m_tolerance;
  std::vector<double> m_mean;
};

bool KarcherMean::step() {
  const std::size_t count = m_mean.size();
  std::vector<double> tangent(count);
  double ofMean = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double cosine = 0;
    for (std::size_t j = 0; j < count; ++j) {
      cosine += m_mean[j] * m_units.at(i, j);
    }
    cosine = std::clamp(cosine, -1.0, 1.0);
    const double angle = std::acos(cosine);
    const double sine = std::sin(angle);
    // At an angle of π every direction is as good: there is none to go.
    if (angle < m_tolerance || !(sine > 1e-12)) {
      continue;
    }
    const double share = angle / sine / static_cast<double>(count);
    tangent[i] += share;
    ofMean += share * cosine;
  }
  for (std::size_t i = 0; i < count; ++i) {
    tangent[i] -= ofMean * m_mean[i];
  }
  const double length = norm(m_units, tangent);
  if (!(length >= m_tolerance) || length == 0) {
    return false;
  }
  for (std::size_t i = 0; i < count; ++i) {
    m_mean[i] = std::cos(length) * m_mean[i] + std::sin(length) / length * tangent[i];
  }
  if (const double now = norm(m_units, m_mean); now > m_tolerance) {
    scaleMean(1 / now);
  }
  return true;
}

Gram unitGram(const Gram& gram, const std::vector<std::size_t>& chosen) {
  Gram units(chosen.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (std::size_t j = 0; j < chosen.size(); ++j) {
      units.set(i, j, gram.cosine(chosen[i], chosen[j], 0));
    }
  }
  return units;
}

struct Karcher {
  int mostSteps = 0;
  double tolerance = 0;

  Status operator()(const Gram& gram, std::span<double> coefficients) const {
    std::fill(coefficients.begin(), coefficients.end(), 0.0);
    std::vector<std::size_t> directed;
    double length = 0;
    for (std::size_t i = 0; i < gram.vectors(); ++i) {
      const double whole = gram.norm(i);
      length += whole / static_cast<double>(gram.vectors());
      if (whole > tolerance && whole > 0) {
        directed.push_back(i);
      }
    }
    if (directed.empty()) {
      return {};
    }
    const Gram units = unitGram(gram, directed);
    KarcherMean mean(units, tolerance);
    for (int step = 0; step < mostSteps && mean.step(); ++step) {
    }
    for (std::size_t i = 0; i < directed.size(); ++i) {
      coefficients[directed[i]] = length * mean.mean()[i] / gram.norm(directed[i]);
    }
    return {};
  }
};

}  // namespace

Result<std::unique_ptr<TensorMerge>> makeMultislerp(const MergeSettings& settings) {
  SpanSettings span;
  span.narrowing = settings.narrowing;
  span.vectors = inputsBesideBase(settings);
  if (span.vectors.empty()) {
    return refused(fmt::format("tensor \"{}\": multislerp takes at least one model beside the base model",
                               escaped(settings.tensor)),
                   "list a model");
  }
  if (span.vectors.size() == 1) {
    return makeCopy(span.vectors.front());
  }
  span.origin = settings.base;
  Multislerp multislerp{settings.tensor, {}, settings.value("eps")};
  double sum = 0;
  for (const std::size_t input : span.vectors) {
    multislerp.weights.push_back(settings.value(input, "weight"));
    sum += multislerp.weights.back();
  }
  if (settings.flag("normalize_weights")) {
    if (sum == 0) {
      return refused(fmt::format("tensor \"{}\": the merge weights sum to 0, so they cannot be normalised",
                                 escaped(settings.tensor)),
                     "change a weight, or set normalize_weights to false");
    }
    std::transform(multislerp.weights.begin(), multislerp.weights.end(), multislerp.weights.begin(),
                   [&](double weight) { return weight / sum; });
  }
  span.coefficients = std::move(multislerp);
  return makeSpanMerge(std::move(span));
}

Result<std::unique_ptr<TensorMerge>> makeKarcher(const MergeSettings& settings) {
  /// More steps than this change nothing any more in float64.
  constexpr double kMostSteps = 10'000;
  if (settings.inputs.empty()) {
    return refused(fmt::format("tensor \"{}\": karcher takes at least one model", escaped(settings.tensor)),
                   "list a model");
  }
  if (settings.inputs.size() == 1) {
    return makeCopy();
  }
  SpanSettings span;
  span.narrowing = settings.narrowing;
  span.vectors.resize(settings.inputs.size());
  std::iota(span.vectors.begin(), span.vectors.end(), std::size_t{0});
  span.coefficients =
      Karcher{static_cast<int>(std::clamp(settings.value("max_iter"), 0.0, kMostSteps)), settings.value("tol")};
  return makeSpanMerge(std::move(span));
}

}  // namespace layerloom
