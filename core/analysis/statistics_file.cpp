// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/statistics_file.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

#include "core/checkpoint/strict_json.h"
#include "core/support/content_hash.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

/// Raised when figures, kinds or places of sketches come out otherwise.
constexpr int kFormat = 2;
constexpr std::size_t kHashDigits = 32;
/// Lists within lists; the program writes six.
constexpr std::size_t kMaxDepth = 16;

Json::binary_t toBytes(const std::vector<float>& values) {
  const auto bytes = std::as_bytes(std::span(values));
  Json::binary_t result;
  result.resize(bytes.size());
  std::ranges::copy(bytes, std::as_writable_bytes(std::span(result)).begin());
  return result;
}

std::vector<float> toFloats(const Json& json, std::size_t expected) {
  const Json::binary_t& bytes = json.get_ref<const Json::binary_t&>();
  if (bytes.size() != expected * sizeof(float)) {
    throw std::length_error("a sketch has another size");
  }
  std::vector<float> values(expected);
  std::ranges::copy(std::as_bytes(std::span(bytes)), std::as_writable_bytes(std::span(values)).begin());
  return values;
}

/// The library would turn any number into a whole one, which is undefined where it does not fit.
template <class T>
T wholeFrom(const Json& json) {
  if (!json.is_number_integer()) {
    throw std::invalid_argument("a count is no whole number");
  }
  return json.get<T>();
}

std::vector<std::uint64_t> wholesFrom(const Json& json) {
  std::vector<std::uint64_t> values;
  std::transform(json.begin(), json.end(), std::back_inserter(values), wholeFrom<std::uint64_t>);
  return values;
}

Json toJson(const DeltaStatistics& f) {
  return {f.elements,     f.zeros,        f.nonFinite,  f.squared, f.sum,
          f.maxAbs,       f.baseSquared,  f.baseDot,    f.histogram, f.topShares,
          f.stableRank ? Json(*f.stableRank) : Json(nullptr), f.rankedElements};
}

DeltaStatistics deltaFrom(const Json& json) {
  DeltaStatistics f;
  f.elements = wholeFrom<std::uint64_t>(json.at(0));
  f.zeros = wholeFrom<std::uint64_t>(json.at(1));
  f.nonFinite = wholeFrom<std::uint64_t>(json.at(2));
  f.squared = json.at(3);
  f.sum = json.at(4);
  f.maxAbs = json.at(5);
  f.baseSquared = json.at(6);
  f.baseDot = json.at(7);
  const std::vector<std::uint64_t> histogram = wholesFrom(json.at(8));
  if (histogram.size() != f.histogram.size()) {
    throw std::length_error("a histogram has another size");
  }
  std::ranges::copy(histogram, f.histogram.begin());
  f.topShares = json.at(9);
  if (!json.at(10).is_null()) {
    f.stableRank = json.at(10).get<double>();
  }
  f.rankedElements = wholeFrom<std::uint64_t>(json.at(11));
  return f;
}

Json toJson(const PairStatistics& p) {
  return {p.dot, p.squaredA, p.squaredB, p.both, p.opposite, p.bothWeight, p.oppositeWeight};
}

PairStatistics pairFrom(const Json& json) {
  return {json.at(0), json.at(1), json.at(2), wholeFrom<std::uint64_t>(json.at(3)), wholeFrom<std::uint64_t>(json.at(4)), json.at(5),
          json.at(6)};
}

Json toJson(const TensorSketch& sketch) {
  Json models = Json::array();
  for (const std::vector<float>& values : sketch.models) {
    models.push_back(Json::binary(toBytes(values)));
  }
  return {sketch.rows, sketch.columns, sketch.whole, Json::binary(toBytes(sketch.base)), models};
}

std::shared_ptr<const TensorSketch> sketchFrom(const Json& json) {
  auto sketch = std::make_shared<TensorSketch>();
  sketch->rows = wholeFrom<std::uint64_t>(json.at(0));
  sketch->columns = wholeFrom<std::uint64_t>(json.at(1));
  sketch->whole = json.at(2);
  // The product may be beyond 64 bits.
  if (sketch->columns != 0 && sketch->rows > json.at(3).get_ref<const Json::binary_t&>().size() / sketch->columns) {
    throw std::length_error("a sketch has another size");
  }
  sketch->base = toFloats(json.at(3), sketch->rows * sketch->columns);
  for (const Json& values : json.at(4)) {
    const bool isEmpty = values.get_ref<const Json::binary_t&>().empty();
    sketch->models.push_back(toFloats(values, isEmpty ? 0 : sketch->base.size()));
  }
  return sketch;
}

template <class T>
Json optionals(const std::vector<std::optional<T>>& values) {
  Json array = Json::array();
  for (const auto& value : values) {
    array.push_back(value ? toJson(*value) : Json(nullptr));
  }
  return array;
}

Json toJson(const TensorStatistics& tensor) {
  return {tensor.name,
          tensor.layer,
          tensor.module,
          static_cast<int>(tensor.kind),
          tensor.shape,
          tensor.figures.elements,
          tensor.figures.baseSquared,
          optionals(tensor.figures.models),
          optionals(tensor.figures.pairs),
          toJson(*tensor.sketch)};
}

TensorStatistics tensorFrom(const Json& json) {
  TensorStatistics tensor;
  tensor.name = json.at(0);
  tensor.layer = wholeFrom<int>(json.at(1));
  tensor.module = json.at(2);
  tensor.kind = static_cast<TensorKind>(wholeFrom<int>(json.at(3)));
  tensor.shape = wholesFrom(json.at(4));
  tensor.figures.elements = wholeFrom<std::uint64_t>(json.at(5));
  tensor.figures.baseSquared = json.at(6);
  for (const Json& model : json.at(7)) {
    tensor.figures.models.push_back(model.is_null() ? std::nullopt : std::optional(deltaFrom(model)));
  }
  for (const Json& pair : json.at(8)) {
    tensor.figures.pairs.push_back(pair.is_null() ? std::nullopt : std::optional(pairFrom(pair)));
  }
  tensor.sketch = sketchFrom(json.at(9));
  const auto& models = tensor.figures.models;
  const auto isSketchOf = [&](const auto& model, const std::vector<float>& values) {
    return values.size() == (model ? tensor.sketch->base.size() : 0);
  };
  const bool fits = tensor.kind >= TensorKind::Query && tensor.kind <= TensorKind::Other &&
                    tensor.figures.pairs.size() == pairCount(models.size()) &&
                    std::equal(models.begin(), models.end(), tensor.sketch->models.begin(), tensor.sketch->models.end(), isSketchOf);
  if (!fits) {
    throw std::out_of_range("figures do not fit together");
  }
  return tensor;
}

}  // namespace

std::string toFileText(const Statistics& statistics, bool stableRank) {
  Json tensors = Json::array();
  for (const TensorStatistics& tensor : statistics.tensors) {
    tensors.push_back(toJson(tensor));
  }
  const std::vector<std::uint8_t> bytes = Json::to_msgpack(Json{kFormat, stableRank, tensors});
  const std::string hash = contentHash(std::as_bytes(std::span(bytes))).hex();
  return hash + std::string(bytes.begin(), bytes.end());
}

std::optional<StoredStatistics> fromFileText(std::string_view text) {
  if (text.size() < kHashDigits) {
    return std::nullopt;
  }
  const std::string_view body = text.substr(kHashDigits);
  if (contentHash(std::as_bytes(std::span(body))).hex() != text.substr(0, kHashDigits)) {
    return std::nullopt;
  }
  try {
    const Result<Json> parsed = parseStrictMessagePack(body, "statistics", kMaxDepth);
    if (!parsed) {
      return std::nullopt;
    }
    const Json& json = *parsed;
    if (json.at(0) != kFormat) {
      return std::nullopt;
    }
    StoredStatistics stored;
    stored.stableRank = json.at(1);
    for (const Json& tensor : json.at(2)) {
      stored.statistics.tensors.push_back(tensorFrom(tensor));
    }
    stored.statistics.complete = true;
    return stored;
  } catch (const std::exception&) {
    return std::nullopt;  // the right hash over other content: another program's file
  }
}

}  // namespace layerloom
