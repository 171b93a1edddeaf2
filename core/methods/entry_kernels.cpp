// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/entry_kernels.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <iterator>
#include <numeric>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/methods/entry_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/methods/quick_sum-inl.h"
#include "core/methods/wide-inl.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// x − y rounded to float32.
template <class D>
HWY_INLINE hn::Vec<D> narrowDelta(D tag, const float* x, const float* y) {
  const Narrow<D> narrow;
  return hn::PromoteTo(tag, hn::Sub(hn::LoadU(narrow, x), hn::LoadU(narrow, y)));
}

/// As std::max(value, least): NaN stays NaN on every instruction set.
template <class V>
HWY_INLINE V atLeast(V value, V least) {
  return hn::IfThenElse(hn::Lt(value, least), least, value);
}

void swapNearFloats(const float* HWY_RESTRICT bases, const float* HWY_RESTRICT others, double t,
                    Narrowing narrowing, float* HWY_RESTRICT out, std::size_t count) {
  constexpr double kLeastDifference = 1e-6;
  // A share of t / |other − base| moves the base by t towards the other value, which needs no division. Differences below the least all
  // have the same share.
  const double step = std::max(t, 0.0);
  const double shareOfSmall = step / kLeastDifference;
  forEach(count, [=](auto tag, std::size_t at) HWY_ATTR {
    const auto least = hn::Set(tag, kLeastDifference);
    const auto base = loadWide(tag, bases + at);
    const auto other = loadWide(tag, others + at);
    const auto difference = hn::Sub(other, base);
    const auto distance = hn::Abs(difference);
    const auto moved = hn::IfThenElse(hn::Ge(distance, least), hn::CopySign(hn::Set(tag, step), difference),
                                      hn::Mul(hn::Set(tag, shareOfSmall), difference));
    // A move by 0 leaves the base as it is, down to the sign of a zero; so does a share of 0, which an infinite value has.
    const auto stays = hn::Or(hn::Eq(moved, hn::Zero(tag)), hn::Eq(distance, hn::Inf(tag)));
    const auto mixed = hn::IfThenElse(stays, base, hn::Add(base, moved));
    storeNarrow(tag, hn::IfThenElse(hn::Le(atLeast(distance, least), hn::Set(tag, step)), other, mixed), narrowing, out + at);
  });
}

void takeImportantFloats(const float* HWY_RESTRICT bases, const float* HWY_RESTRICT others, float weight,
                         float threshold, float* HWY_RESTRICT out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const float importance = std::fabs(others[i] - bases[i]) * weight;
    out[i] = importance >= threshold ? others[i] : bases[i];
  }
}

void importancesOfFloats(const float* HWY_RESTRICT bases, const float* HWY_RESTRICT others, float weight,
                         float* HWY_RESTRICT out, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = std::fabs(others[i] - bases[i]) * weight;
  }
}

/// Whether |x − y| as float32 exceeds epsilon.
template <class D>
HWY_INLINE auto isChange(D tag, const float* x, const float* y, float epsilon) {
  return hn::Gt(hn::Abs(hn::Sub(hn::LoadU(tag, x), hn::LoadU(tag, y))), hn::Set(tag, epsilon));
}

template <class D>
HWY_INLINE void countChangesAt(D tag, std::size_t at, const float* bases, Others others, float epsilon,
                               Changes* HWY_RESTRICT changes) {
  auto changing = hn::Zero(tag);
  for (const float* other : others) {
    changing = hn::Add(changing, hn::IfThenElseZero(isChange(tag, other + at, bases + at, epsilon), hn::Set(tag, 1)));
  }
  const auto alone = hn::Eq(changing, hn::Set(tag, 1));
  for (std::size_t i = 0; i < others.size(); ++i) {
    const auto change = isChange(tag, others[i] + at, bases + at, epsilon);
    const std::size_t unique = hn::CountTrue(tag, hn::And(change, alone));
    changes[i].unique += unique;
    changes[i].shared += hn::CountTrue(tag, change) - unique;
  }
}

void countChangesOfFloats(const float* HWY_RESTRICT bases, Others others, float epsilon, Changes* HWY_RESTRICT changes,
                          std::size_t count) {
  const hn::ScalableTag<float> tag;
  std::size_t i = 0;
  for (const std::size_t lanes = hn::Lanes(tag); i + lanes <= count; i += lanes) {
    countChangesAt(tag, i, bases, others, epsilon, changes);
  }
  for (; i < count; ++i) {
    countChangesAt(hn::CappedTag<float, 1>(), i, bases, others, epsilon, changes);
  }
}

void addChangesOfFloats(const float* HWY_RESTRICT bases, Others others, float epsilon,
                        const double* HWY_RESTRICT factors, Narrowing narrowing, float* HWY_RESTRICT out,
                        std::size_t count) {
  forEach(count, [=](auto tag, std::size_t at) HWY_ATTR {
    const auto one = hn::Set(tag, 1);
    const auto base = loadWide(tag, bases + at);
    auto sum = hn::Zero(tag);
    auto changing = hn::Zero(tag);
    auto factor = one;
    for (std::size_t i = 0; i < others.size(); ++i) {
      const auto difference = hn::Abs(narrowDelta(tag, others[i] + at, bases + at));
      const auto change = hn::Gt(difference, hn::Set(tag, static_cast<double>(epsilon)));
      sum = hn::Add(sum, hn::IfThenElseZero(change, hn::Sub(loadWide(tag, others[i] + at), base)));
      changing = hn::Add(changing, hn::IfThenElseZero(change, one));
      factor = hn::IfThenElse(change, hn::Set(tag, factors[i]), factor);
    }
    const auto mean = hn::Div(sum, changing);
    const auto added = hn::Add(base, hn::IfThenElse(hn::Eq(changing, one), hn::Mul(sum, factor), mean));
    storeNarrow(tag, hn::IfThenElse(hn::Eq(changing, hn::Zero(tag)), base, added), narrowing, out + at);
  });
}

template <std::size_t kCount, class T>
HWY_INLINE std::array<T, kCount> firstOf(std::span<const T> values) {
  std::array<T, kCount> first;
  std::copy_n(values.begin(), kCount, first.begin());
  return first;
}

/// Calls body(inputs, alike…), all of one size, with that size known to the compiler where most merges have it: the loops over them vanish, and
/// what stands in them stays in registers.
template <class Body, class... Alike>
HWY_INLINE void withInputs(const Body& body, Others inputs, Alike... alike) {
  if (inputs.size() == 2) {
    body(firstOf<2>(inputs), firstOf<2>(alike)...);
  } else if (inputs.size() == 3) {
    body(firstOf<3>(inputs), firstOf<3>(alike)...);
  } else {
    body(inputs, alike...);
  }
}

template <class Inputs>
HWY_INLINE void variancesOf(const float* HWY_RESTRICT bases, const Inputs& others, float* HWY_RESTRICT out, std::size_t count) {
  const auto models = static_cast<double>(others.size());
  const bool isPower = std::has_single_bit(others.size());  // the reciprocal is exact, and so are products with it
  forEach(count, [=](auto tag, std::size_t at) HWY_ATTR {
    const auto perModel = [=](auto sum) HWY_ATTR {
      return isPower ? hn::Mul(sum, hn::Set(tag, 1 / models)) : hn::Div(sum, hn::Set(tag, models));
    };
    auto sum = hn::Zero(tag);
    for (const float* other : others) {
      sum = hn::Add(sum, narrowDelta(tag, other + at, bases + at));
    }
    const auto mean = perModel(sum);
    auto squares = hn::Zero(tag);
    for (const float* other : others) {
      const auto deviation = hn::Sub(narrowDelta(tag, other + at, bases + at), mean);
      squares = hn::Add(squares, hn::Mul(deviation, deviation));
    }
    storeNarrow(tag, perModel(squares), Narrowing::ToNearest, out + at);
  });
}

void variancesOfFloats(const float* HWY_RESTRICT bases, Others others, float* HWY_RESTRICT out, std::size_t count) {
  withInputs([=](const auto& inputs) HWY_ATTR { variancesOf(bases, inputs, out, count); }, others);
}

constexpr std::size_t kLanes = 16;

/// `mask` may be null. Element i belongs to partial sum i mod kLanes, so that the order of additions is the same
/// everywhere.
double sumSquaredDeltasOfFloats(const float* HWY_RESTRICT bases, const float* HWY_RESTRICT x,
                                const float* HWY_RESTRICT mask, std::size_t count) {
  // What does not count becomes 0 in a buffer first: the compiler vectorises the loops, but not one of all.
  constexpr std::size_t kPiece = 256;
  HWY_ALIGN float piece[kPiece];
  double sums[kLanes] = {};
  for (std::size_t at = 0; at < count; at += kPiece) {
    const std::size_t size = std::min(kPiece, count - at);
    for (std::size_t i = 0; i < size; ++i) {
      piece[i] = x[at + i] - bases[at + i];
    }
    for (std::size_t i = 0; mask != nullptr && i < size; ++i) {
      piece[i] = mask[at + i] != 0 ? piece[i] : 0.0F;
    }
    std::fill(piece + size, piece + kPiece, 0.0F);
    for (std::size_t i = 0; i < kPiece; i += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double delta = piece[i + lane];
        sums[lane] += delta * delta;
      }
    }
  }
  return std::accumulate(std::begin(sums), std::end(sums), 0.0);
}

template <class Inputs>
HWY_INLINE void addElectedOf(const float* HWY_RESTRICT bases, const Inputs& others, const double* HWY_RESTRICT weights,
                             const float* HWY_RESTRICT mask, Narrowing narrowing, float* HWY_RESTRICT out, std::size_t count) {
  constexpr double kLeastSum = 1e-6;
  forEach(count, [=](auto tag, std::size_t at) HWY_ATTR {
    const auto zero = hn::Zero(tag);
    const auto base = loadWide(tag, bases + at);
    auto total = zero;
    for (const float* other : others) {
      total = hn::Add(total, hn::Sub(loadWide(tag, other + at), base));
    }
    const auto positive = hn::Ge(total, zero);
    auto sum = zero;
    auto weight = zero;
    for (std::size_t i = 0; i < others.size(); ++i) {
      const auto delta = hn::Sub(loadWide(tag, others[i] + at), base);
      const auto agrees = agreesWith(tag, positive, delta);
      const auto own = hn::Set(tag, weights[i]);
      sum = hn::Add(sum, hn::IfThenElseZero(agrees, hn::Mul(own, delta)));
      weight = hn::Add(weight, hn::IfThenElseZero(agrees, own));
    }
    auto change = hn::Div(sum, atLeast(weight, hn::Set(tag, kLeastSum)));
    if (mask != nullptr) {
      change = hn::IfThenElse(hn::Eq(loadWide(tag, mask + at), zero), zero, change);
    }
    storeNarrow(tag, hn::IfThenElse(hn::Eq(change, zero), base, hn::Add(base, change)), narrowing, out + at);
  });
}

void addElectedFloats(const float* HWY_RESTRICT bases, Others others, const double* HWY_RESTRICT weights,
                      const float* HWY_RESTRICT mask, Narrowing narrowing, float* HWY_RESTRICT out, std::size_t count) {
  withInputs([=](const auto& inputs) HWY_ATTR { addElectedOf(bases, inputs, weights, mask, narrowing, out, count); }, others);
}

/// `origins` may be null.
void addProductsOfFloats(const float* HWY_RESTRICT x, const float* HWY_RESTRICT y, const float* HWY_RESTRICT origins,
                         double* HWY_RESTRICT first, double* HWY_RESTRICT second, double* HWY_RESTRICT mixed,
                         std::size_t count) {
  forEach(count, [=](auto tag, std::size_t at) HWY_ATTR {
    const auto origin = origins == nullptr ? hn::Zero(tag) : loadWide(tag, origins + at);
    const auto left = hn::Sub(loadWide(tag, x + at), origin);
    const auto right = hn::Sub(loadWide(tag, y + at), origin);
    hn::StoreU(hn::Add(hn::LoadU(tag, first + at), hn::Mul(left, left)), tag, first + at);
    hn::StoreU(hn::Add(hn::LoadU(tag, second + at), hn::Mul(right, right)), tag, second + at);
    hn::StoreU(hn::Add(hn::LoadU(tag, mixed + at), hn::Mul(left, right)), tag, mixed + at);
  });
}

void combineFloats(Others inputs, std::span<const std::vector<double>> coefficients, std::size_t from,
                   Narrowing narrowing, float* HWY_RESTRICT out, std::size_t count) {
  forEach(count, [=](auto tag, std::size_t at) HWY_ATTR {
    const auto zero = hn::Zero(tag);
    auto sum = hn::Neg(zero);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto coefficient = hn::LoadU(tag, coefficients[i].data() + from + at);
      const auto term = hn::Mul(coefficient, loadWide(tag, inputs[i] + at));
      sum = hn::Add(sum, hn::IfThenElse(hn::Eq(coefficient, zero), hn::Neg(zero), term));
    }
    storeNarrow(tag, sum, narrowing, out + at);
  });
}

/// All coefficients count, also a 0; there is at least one.
template <class Inputs, class Coefficients>
HWY_INLINE void sumAllScaled(Inputs inputs, Coefficients coefficients, Narrowing narrowing, float* HWY_RESTRICT out, std::size_t count) {
  const auto wide = [=](auto tag, std::size_t at) HWY_ATTR {
    auto sum = hn::Mul(hn::Set(tag, coefficients[0]), loadWide(tag, inputs[0] + at));
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      sum = hn::Add(sum, hn::Mul(hn::Set(tag, coefficients[i]), loadWide(tag, inputs[i] + at)));
    }
    return sum;
  };
  // Of a coefficient, of its product and of each sum that it goes into.
  const std::size_t roundings = inputs.size() + 1;
  const auto narrow = [=](auto tag, std::size_t at, auto isSure) HWY_ATTR {
    auto sum = hn::Mul(hn::Set(tag, static_cast<float>(coefficients[0])), hn::LoadU(tag, inputs[0] + at));
    auto magnitude = hn::Abs(sum);
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      const auto term = hn::Mul(hn::Set(tag, static_cast<float>(coefficients[i])), hn::LoadU(tag, inputs[i] + at));
      sum = hn::Add(sum, term);
      magnitude = hn::Add(magnitude, hn::Abs(term));
    }
    return isSure(sum, magnitude);
  };
  constexpr std::size_t kMostTerms = 8;  // with more of them the error grows, and with it the share of sums that are not sure
  // Each doubling of the terms may take one more.
  const ExactSums exactSums(digitsOf(coefficients) + static_cast<int>(std::bit_width(inputs.size() - 1)));
  if (inputs.size() <= kMostTerms && exactSums.arePossible()) {
    const auto exact = [=](auto tag, std::size_t at) HWY_ATTR {
      const auto inputAt = [=](std::size_t i) HWY_ATTR { return hn::LoadU(tag, inputs[i] + at); };
      const auto isSure = [=](auto sum, auto) HWY_ATTR { return QuickSum<decltype(tag)>{sum, exactSums.areExact(tag, inputs.size(), inputAt)}; };
      return narrow(tag, at, isSure);
    };
    storeSums(narrowing, true, exact, wide, out, count);
  } else {
    const auto quick = [=](auto tag, std::size_t at) HWY_ATTR {
      return narrow(tag, at, [=](auto sum, auto magnitude) HWY_ATTR { return quickSum(tag, sum, magnitude, roundings); });
    };
    storeSums(narrowing, inputs.size() <= kMostTerms && areQuickFactors(coefficients), quick, wide, out, count);
  }
}

void sumScaledFloats(Others inputs, std::span<const double> coefficients, Narrowing narrowing, float* HWY_RESTRICT out,
                     std::size_t count) {
  const auto sum = [=](const auto& begins, const auto& factors) HWY_ATTR { sumAllScaled(begins, factors, narrowing, out, count); };
  withInputs(sum, inputs, coefficients);
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(swapNearFloats);
HWY_EXPORT(takeImportantFloats);
HWY_EXPORT(importancesOfFloats);
HWY_EXPORT(countChangesOfFloats);
HWY_EXPORT(addChangesOfFloats);
HWY_EXPORT(variancesOfFloats);
HWY_EXPORT(sumSquaredDeltasOfFloats);
HWY_EXPORT(addElectedFloats);
HWY_EXPORT(addProductsOfFloats);
HWY_EXPORT(combineFloats);
HWY_EXPORT(sumScaledFloats);

std::vector<const float*> beginsOf(const Chunk& chunk, std::span<const std::size_t> which, std::size_t at) {
  std::vector<const float*> begins(which.size());
  std::transform(which.begin(), which.end(), begins.begin(),
                 [&](std::size_t i) { return chunk.inputs[i].data() + at; });
  return begins;
}

void swapNear(std::span<const float> base, std::span<const float> other, double t, Narrowing narrowing, std::span<float> out) {
  assert(base.size() == out.size() && other.size() == out.size());
  HWY_DYNAMIC_DISPATCH(swapNearFloats)(base.data(), other.data(), t, narrowing, out.data(), out.size());
}

void takeImportant(std::span<const float> base, std::span<const float> other, float weight, float threshold,
                   std::span<float> out) {
  assert(base.size() == out.size() && other.size() == out.size());
  HWY_DYNAMIC_DISPATCH(takeImportantFloats)(base.data(), other.data(), weight, threshold, out.data(), out.size());
}

void importances(std::span<const float> base, std::span<const float> other, float weight, std::span<float> out) {
  assert(base.size() == out.size() && other.size() == out.size());
  HWY_DYNAMIC_DISPATCH(importancesOfFloats)(base.data(), other.data(), weight, out.data(), out.size());
}

void countChanges(std::span<const float> base, Others others, float epsilon, std::span<Changes> changes) {
  assert(others.size() == changes.size());
  HWY_DYNAMIC_DISPATCH(countChangesOfFloats)(base.data(), others, epsilon, changes.data(), base.size());
}

void addChanges(std::span<const float> base, Others others, float epsilon, std::span<const double> factors,
                Narrowing narrowing, std::span<float> out) {
  assert(others.size() == factors.size() && base.size() == out.size());
  HWY_DYNAMIC_DISPATCH(addChangesOfFloats)(base.data(), others, epsilon, factors.data(), narrowing, out.data(), out.size());
}

void variances(std::span<const float> base, Others others, std::span<float> out) {
  assert(base.size() == out.size());
  HWY_DYNAMIC_DISPATCH(variancesOfFloats)(base.data(), others, out.data(), out.size());
}

double sumSquaredDeltas(std::span<const float> base, std::span<const float> x, std::span<const float> mask) {
  assert(base.size() == x.size() && (mask.empty() || mask.size() == x.size()));
  return HWY_DYNAMIC_DISPATCH(sumSquaredDeltasOfFloats)(base.data(), x.data(), mask.data(), x.size());
}

void addElected(std::span<const float> base, Others others, std::span<const double> weights,
                std::span<const float> mask, Narrowing narrowing, std::span<float> out) {
  assert(others.size() == weights.size() && base.size() == out.size());
  HWY_DYNAMIC_DISPATCH(addElectedFloats)
  (base.data(), others, weights.data(), mask.data(), narrowing, out.data(), out.size());
}

void PairSums::resize(std::size_t pairs) {
  for (std::vector<double>* sums : {&first, &second, &mixed}) {
    sums->resize(pairs);
  }
}

void addProducts(std::span<const float> x, std::span<const float> y, std::span<const float> origin, PairSums& sums,
                 std::size_t at) {
  assert(x.size() == y.size() && at + x.size() <= sums.size());
  HWY_DYNAMIC_DISPATCH(addProductsOfFloats)
  (x.data(), y.data(), origin.data(), sums.first.data() + at, sums.second.data() + at, sums.mixed.data() + at,
   x.size());
}

void combineElements(Others inputs, std::span<const std::vector<double>> coefficients, std::size_t at,
                     Narrowing narrowing, std::span<float> out) {
  assert(inputs.size() == coefficients.size());
  HWY_DYNAMIC_DISPATCH(combineFloats)(inputs, coefficients, at, narrowing, out.data(), out.size());
}

void sumScaled(Others inputs, std::span<const double> coefficients, Narrowing narrowing, std::span<float> out) {
  assert(inputs.size() == coefficients.size() && !inputs.empty());
  HWY_DYNAMIC_DISPATCH(sumScaledFloats)(inputs, coefficients, narrowing, out.data(), out.size());
}

}  // namespace layerloom
#endif  // HWY_ONCE
