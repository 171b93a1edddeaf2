// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/model_stock.h"

#include <cmath>
#include <fmt/format.h>

#include "core/methods/gram.h"
#include "core/methods/passthrough.h"
#include "core/methods/rows.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr double kLeastNorms = 1e-6;
constexpr double kSingular = 1e-6;

Status stockCoefficients(const Gram& gram, std::span<double> coefficients) {
  const std::size_t count = gram.vectors();
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      sum += gram.cosine(i, j, kLeastNorms);
    }
  }
  const double n = static_cast<double>(count);
  const double cosine = sum / (n * (n - 1) / 2);
  const double denominator = 1 + (n - 1) * cosine;
  const double t = std::abs(denominator) < kSingular ? 0.0 : n * cosine / denominator;
  for (std::size_t i = 0; i < count; ++i) {
    coefficients[i] = t / n;
  }
  coefficients[count] = 1 - t;
  return {};
}

}  // namespace

Result<std::unique_ptr<TensorMerge>> makeModelStock(const MergeSettings& settings) {
  if (settings.inputs.size() == 1 && settings.base) {
    return makeCopy();
  }
  SpanSettings span;
  span.narrowing = settings.narrowing;
  span.vectors = inputsBesideBase(settings);
  if (!settings.base || span.vectors.size() < 2) {
    return refused(fmt::format("tensor \"{}\": model_stock takes the base model and at least two other models",
                               escaped(settings.tensor)),
                   "list more models, or set base_model");
  }
  span.origin = settings.base;
  const std::uint64_t row = rowElements(settings);
  if (settings.flag("filter_wise") && row != settings.elements) {
    LAYERLOOM_TRY(span.chunkElements, chunkOfRows(settings, row));
    span.row = row;
  }
  span.coefficients = stockCoefficients;
  return makeSpanMerge(std::move(span));
}

}  // namespace layerloom
