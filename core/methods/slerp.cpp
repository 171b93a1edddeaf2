// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/slerp.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/methods/gram.h"
#include "core/methods/passthrough.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr double kNearlyColinear = 0.9995;
constexpr double kNoNorm = 1e-8;

double normFrom(double norm) {
  return norm > kNoNorm ? norm : 1.0;
}

}  // namespace

Result<std::unique_ptr<TensorMerge>> makeSlerp(const MergeSettings& settings) {
  if (settings.inputs.size() == 1) {
    return makeCopy();
  }
  if (settings.inputs.size() != 2 || !settings.base) {
    return refused(fmt::format("tensor \"{}\": slerp takes the base model and exactly one other model", escaped(settings.tensor)),
                   "list two models, one of them the base model");
  }
  SpanSettings span;
  span.narrowing = settings.narrowing;
  span.vectors = {*settings.base, 1 - *settings.base};
  span.coefficients = [t = settings.value("t")](const Gram& gram, std::span<double> coefficients) -> Status {
    const double cosine = std::clamp(gram.at(0, 1) / (normFrom(gram.norm(0)) * normFrom(gram.norm(1))), -1.0, 1.0);
    coefficients[0] = 1 - t;
    coefficients[1] = t;
    if (std::abs(cosine) <= kNearlyColinear) {
      const double angle = std::acos(cosine);
      coefficients[0] = std::sin((1 - t) * angle) / std::sin(angle);
      coefficients[1] = std::sin(t * angle) / std::sin(angle);
    }
    return {};
  };
  return makeSpanMerge(std::move(span));
}

}  // namespace layerloom
