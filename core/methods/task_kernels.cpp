// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/task_kernels.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <iterator>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/methods/task_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/methods/quick_sum-inl.h"
#include "core/methods/wide-inl.h"
#include "core/tensor/mask_bits-inl.h"

HWY_BEFORE_NAMESPACE();
namespace layerloom {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// How the entries that are left of task vectors are told apart.
enum class Thinning { None, ByValues, ByBits };

/// Stored numbers in the type of the tag.
template <class D>
HWY_INLINE hn::Vec<D> loadAs(D tag, const float* from) {
  if constexpr (sizeof(hn::TFromD<D>) == sizeof(double)) {
    return loadWide(tag, from);
  } else {
    return hn::LoadU(tag, from);
  }
}

/// The values, or 0 where the entry is not left.
template <Thinning kThinning, class D>
HWY_INLINE hn::Vec<D> whereLeft(D tag, const TaskEntries& left, std::size_t at, hn::Vec<D> values) {
  if constexpr (kThinning == Thinning::ByValues) {
    return hn::IfThenElse(hn::Eq(loadAs(tag, left.thinned + at), hn::Zero(tag)), hn::Zero(tag), values);
  } else if constexpr (kThinning == Thinning::ByBits) {
    return hn::IfThenElseZero(maskAt(tag, left.bits, at), values);
  }
  return values;
}

/// factor · (x − base), or 0 where the entry is not left.
template <Thinning kThinning, class D>
HWY_INLINE hn::Vec<D> taskTerm(D tag, hn::Vec<D> base, const float* x, const TaskEntries& left, std::size_t at, double factor) {
  return whereLeft<kThinning>(tag, left, at, hn::Mul(hn::Set(tag, factor), hn::Sub(loadWide(tag, x + at), base)));
}

/// The same where each task vector may be thinned out in a way of its own.
template <class D>
HWY_INLINE hn::Vec<D> anyTaskTerm(D tag, hn::Vec<D> base, const float* x, const TaskEntries& left, std::size_t at, double factor) {
  if (left.thinned != nullptr) {
    return taskTerm<Thinning::ByValues>(tag, base, x, left, at, factor);
  }
  return left.bits != nullptr ? taskTerm<Thinning::ByBits>(tag, base, x, left, at, factor)
                              : taskTerm<Thinning::None>(tag, base, x, left, at, factor);
}

/// The sum of the terms that have the sign of their sum, divided by their weights where they are normalised.
template <class D, class Term>
HWY_INLINE hn::Vec<D> electedSum(D tag, const TaskSum& sum, hn::Vec<D> total, const Term& term) {
  const auto zero = hn::Zero(tag);
  const auto positive = hn::Ge(total, zero);
  auto kept = zero;
  auto weight = zero;
  for (std::size_t i = 0; i < sum.weights.size(); ++i) {
    const auto own = term(i);
    const auto agrees = agreesWith(tag, positive, own);
    kept = hn::Add(kept, hn::IfThenElseZero(agrees, own));
    weight = hn::Add(weight, hn::IfThenElseZero(agrees, hn::Set(tag, sum.weights[i])));
  }
  return sum.normalizes ? hn::Div(kept, hn::IfThenElse(hn::Eq(weight, zero), hn::Set(tag, 1), weight)) : kept;
}

/// How two task vectors are added up, their terms being formed once.
struct TwoTasks {
  std::array<const float*, 2> others;
  std::array<TaskEntries, 2> left;
  std::array<double, 2> factors;
  // What the sum is multiplied by where only the first, only the second or both agree with its sign, so that no entry needs a division.
  std::array<double, 2> shares;
  double shareOfBoth;
  double lambda;
};

template <bool kElects, Thinning kThinning, class D>
HWY_INLINE hn::Vec<D> sumOfTwo(D tag, const float* bases, const TwoTasks& tasks, std::size_t at) {
  const auto base = loadWide(tag, bases + at);
  const auto first = taskTerm<kThinning>(tag, base, tasks.others[0], tasks.left[0], at, tasks.factors[0]);
  const auto second = taskTerm<kThinning>(tag, base, tasks.others[1], tasks.left[1], at, tasks.factors[1]);
  auto total = hn::Add(first, second);
  if constexpr (kElects) {
    const auto positive = hn::Ge(total, hn::Zero(tag));
    const auto ofFirst = agreesWith(tag, positive, first);
    const auto ofSecond = agreesWith(tag, positive, second);
    const auto kept = hn::Add(hn::IfThenElseZero(ofFirst, first), hn::IfThenElseZero(ofSecond, second));
    const auto shareWithFirst = hn::IfThenElse(ofSecond, hn::Set(tag, tasks.shareOfBoth), hn::Set(tag, tasks.shares[0]));
    total = hn::Mul(kept, hn::IfThenElse(ofFirst, shareWithFirst, hn::Set(tag, tasks.shares[1])));
  }
  const auto change = hn::Mul(hn::Set(tag, tasks.lambda), total);
  return hn::IfThenElse(hn::Eq(change, hn::Zero(tag)), base, hn::Add(base, change));
}

/// As areQuickFactors().
bool areQuick(const TwoTasks& tasks) {
  const double others[] = {tasks.shares[0], tasks.shares[1], tasks.shareOfBoth, tasks.lambda};
  return areQuickFactors(tasks.factors) && std::all_of(std::begin(others), std::end(others), isUsualFactor);
}

/// TwoTasks in float32.
struct QuickTasks {
  explicit QuickTasks(const TwoTasks& tasks)
      : factors{static_cast<float>(tasks.factors[0]), static_cast<float>(tasks.factors[1])},
        shares{static_cast<float>(tasks.shares[0] * tasks.lambda), static_cast<float>(tasks.shares[1] * tasks.lambda)},
        shareOfBoth(static_cast<float>(tasks.shareOfBoth * tasks.lambda)),
        lambda(static_cast<float>(tasks.lambda)) {}

  std::array<float, 2> factors;
  std::array<float, 2> shares;  ///< times λ, as the next
  float shareOfBoth;
  float lambda;
};

/// As ExactSums says. A difference may take one digit more than its numbers, so may the sum of two, and the sum with the base.
ExactSums exactSumsOf(const TwoTasks& tasks) {
  const double shares[] = {tasks.shares[0], tasks.shares[1], tasks.shareOfBoth};
  return ExactSums(digitsOf(tasks.factors) + digitsOf(shares) + digitsOf({&tasks.lambda, 1}) + 3);
}

/// As sumOfTwo(), with roundings; or without, where the sums are exact. The sign of a difference is exact, and that of the sum is where it is
/// not small beside its terms.
template <bool kElects, Thinning kThinning, bool kExact, class D>
HWY_INLINE QuickSum<D> quickSumOfTwo(D tag, const float* bases, const TwoTasks& tasks, const QuickTasks& quick, const ExactSums& exactSums,
                                     std::size_t at) {
  constexpr std::size_t kRoundings = 8;  // more than there are steps and constants
  const auto base = hn::LoadU(tag, bases + at);
  const auto delta = [=](std::size_t i) HWY_ATTR {
    return whereLeft<kThinning>(tag, tasks.left[i], at, hn::Sub(hn::LoadU(tag, tasks.others[i] + at), base));
  };
  const auto firstDelta = delta(0);
  const auto secondDelta = delta(1);
  const auto first = hn::Mul(hn::Set(tag, quick.factors[0]), firstDelta);
  const auto second = hn::Mul(hn::Set(tag, quick.factors[1]), secondDelta);
  const auto total = hn::Add(first, second);
  const auto areExact = [=, &exactSums](hn::Vec<D> sum) HWY_ATTR {
    const float* const inputs[] = {bases, tasks.others[0], tasks.others[1]};
    return QuickSum<D>{sum, exactSums.areExact(tag, 3, [=](std::size_t i) HWY_ATTR { return hn::LoadU(tag, inputs[i] + at); })};
  };
  if constexpr (!kElects) {
    const auto lambda = hn::Set(tag, quick.lambda);
    const auto sum = hn::Add(base, hn::Mul(lambda, total));
    const auto magnitude = hn::Add(hn::Abs(base), hn::Mul(hn::Abs(lambda), hn::Add(hn::Abs(first), hn::Abs(second))));
    return kExact ? areExact(sum) : quickSum(tag, sum, magnitude, kRoundings);
  } else {
    const auto sign = hn::And(total, hn::SignBit(tag));
    const auto agrees = [=](hn::Vec<D> own, float factor) HWY_ATTR {
      const auto ownSign = hn::And(hn::Set(tag, factor), hn::SignBit(tag));
      const hn::RebindToSigned<D> whole;  // in which the numbers above 0 are those above 0, and a −0 is none
      return hn::RebindMask(tag, hn::Gt(hn::BitCast(whole, hn::Xor(own, hn::Xor(sign, ownSign))), hn::Zero(whole)));
    };
    const auto ofFirst = agrees(firstDelta, quick.factors[0]);
    const auto ofSecond = agrees(secondDelta, quick.factors[1]);
    const auto kept = hn::Add(hn::IfThenElseZero(ofFirst, first), hn::IfThenElseZero(ofSecond, second));
    const auto shareWithFirst = hn::IfThenElse(ofSecond, hn::Set(tag, quick.shareOfBoth), hn::Set(tag, quick.shares[0]));
    const auto change = hn::Mul(kept, hn::IfThenElse(ofFirst, shareWithFirst, hn::Set(tag, quick.shares[1])));
    const auto value = hn::Add(base, change);
    if constexpr (kExact) {
      return areExact(value);
    }
    QuickSum<D> sum = quickSum(tag, value, hn::Add(hn::Abs(base), hn::Abs(change)), kRoundings);
    // The second term is at most as great as the first and the total together.
    sum.isSure = hn::And(sum.isSure, hn::Ge(hn::Abs(total), hn::Mul(hn::Set(tag, 3 * kRoundings * 0x1p-24F), hn::Abs(first))));
    return sum;
  }
}

/// Two models are the rule.
template <bool kElects, Thinning kThinning>
HWY_INLINE void addTwoTasks(const float* HWY_RESTRICT bases, Others others, std::span<const TaskEntries> left, const TaskSum& sum,
                            Narrowing narrowing, float* HWY_RESTRICT out, std::size_t count) {
  const auto share = [&](double weight) { return sum.normalizes && weight != 0 ? 1 / weight : 1.0; };
  const TwoTasks tasks{{others[0], others[1]},
                       {left[0], left[1]},
                       {sum.factors[0], sum.factors[1]},
                       {share(sum.weights[0]), share(sum.weights[1])},
                       share(sum.weights[0] + sum.weights[1]),
                       sum.lambda};
  const QuickTasks quickTasks(tasks);
  const ExactSums exactSums = exactSumsOf(tasks);
  const auto wide = [=](auto tag, std::size_t at) HWY_ATTR { return sumOfTwo<kElects, kThinning>(tag, bases, tasks, at); };
  const auto quick = [=](auto tag, std::size_t at, auto isExact) HWY_ATTR {
    return quickSumOfTwo<kElects, kThinning, decltype(isExact)::value>(tag, bases, tasks, quickTasks, exactSums, at);
  };
  if (exactSums.arePossible()) {
    storeSums(narrowing, true, [=](auto tag, std::size_t at) HWY_ATTR { return quick(tag, at, std::true_type()); }, wide, out, count);
  } else {
    storeSums(narrowing, areQuick(tasks), [=](auto tag, std::size_t at) HWY_ATTR { return quick(tag, at, std::false_type()); }, wide, out, count);
  }
}

template <Thinning kThinning>
HWY_INLINE void addTwoTasks(const float* HWY_RESTRICT bases, Others others, std::span<const TaskEntries> left, const TaskSum& sum,
                            Narrowing narrowing, float* HWY_RESTRICT out, std::size_t count) {
  return sum.elects ? addTwoTasks<true, kThinning>(bases, others, left, sum, narrowing, out, count)
                    : addTwoTasks<false, kThinning>(bases, others, left, sum, narrowing, out, count);
}

// Flat: GCC otherwise calls what forms the sums of a vector, and hands them over through memory.
HWY_FLATTEN void addTasksOfFloats(const float* HWY_RESTRICT bases, Others others, std::span<const TaskEntries> left, const TaskSum& sum,
                                  Narrowing narrowing, float* HWY_RESTRICT out, std::size_t count) {
  const auto areAll = [&](const auto& isSo) { return others.size() == 2 && std::all_of(left.begin(), left.end(), isSo); };
  if (areAll([](const TaskEntries& one) { return one.bits != nullptr; })) {
    return addTwoTasks<Thinning::ByBits>(bases, others, left, sum, narrowing, out, count);
  }
  if (areAll([](const TaskEntries& one) { return one.thinned != nullptr; })) {
    return addTwoTasks<Thinning::ByValues>(bases, others, left, sum, narrowing, out, count);
  }
  if (areAll([](const TaskEntries& one) { return one.thinned == nullptr && one.bits == nullptr; })) {
    return addTwoTasks<Thinning::None>(bases, others, left, sum, narrowing, out, count);
  }
  forEach(count, [=, &sum](auto tag, std::size_t at) HWY_ATTR {
    const auto base = loadWide(tag, bases + at);
    const auto term = [=, &sum](std::size_t i) HWY_ATTR { return anyTaskTerm(tag, base, others[i], left[i], at, sum.factors[i]); };
    auto total = hn::Zero(tag);
    for (std::size_t i = 0; i < others.size(); ++i) {
      total = hn::Add(total, term(i));
    }
    if (sum.elects) {
      total = electedSum(tag, sum, total, term);
    }
    const auto change = hn::Mul(hn::Set(tag, sum.lambda), total);
    storeNarrow(tag, hn::IfThenElse(hn::Eq(change, hn::Zero(tag)), base, hn::Add(base, change)), narrowing, out + at);
  });
}

void addAgreeingFloats(const float* HWY_RESTRICT delta, const float* HWY_RESTRICT total, float weight, float* HWY_RESTRICT kept,
                       float* HWY_RESTRICT divisor, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const float sign = total[i] >= 0 ? 1.0F : -1.0F;
    const bool agrees = delta[i] * sign > 0;
    kept[i] += agrees ? delta[i] : 0.0F;
    divisor[i] += agrees ? weight : 0.0F;
  }
}

void divideFloatsByNonzero(const float* HWY_RESTRICT divisors, float* HWY_RESTRICT sums, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    sums[i] /= divisors[i] == 0 ? 1.0F : divisors[i];
  }
}

void addFloatsToBase(const float* HWY_RESTRICT base, float factor, float* HWY_RESTRICT changes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const float sum = base[i] + factor * changes[i];
    changes[i] = changes[i] == 0 ? base[i] : sum;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace layerloom
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace layerloom {

HWY_EXPORT(addTasksOfFloats);
HWY_EXPORT(addAgreeingFloats);
HWY_EXPORT(divideFloatsByNonzero);
HWY_EXPORT(addFloatsToBase);

void addTasks(std::span<const float> base, Others others, std::span<const TaskEntries> left, const TaskSum& sum, Narrowing narrowing,
              std::span<float> out) {
  assert(others.size() == left.size() && others.size() == sum.factors.size() && base.size() == out.size());
  HWY_DYNAMIC_DISPATCH(addTasksOfFloats)(base.data(), others, left, sum, narrowing, out.data(), out.size());
}

void addAgreeing(std::span<const float> delta, std::span<const float> total, float weight, std::span<float> kept,
                 std::span<float> divisor) {
  HWY_DYNAMIC_DISPATCH(addAgreeingFloats)(delta.data(), total.data(), weight, kept.data(), divisor.data(), delta.size());
}

void divideByNonzero(std::span<const float> divisors, std::span<float> sums) {
  HWY_DYNAMIC_DISPATCH(divideFloatsByNonzero)(divisors.data(), sums.data(), sums.size());
}

void addToBase(std::span<const float> base, float factor, std::span<float> changes) {
  HWY_DYNAMIC_DISPATCH(addFloatsToBase)(base.data(), factor, changes.data(), changes.size());
}

}  // namespace layerloom
#endif  // HWY_ONCE
