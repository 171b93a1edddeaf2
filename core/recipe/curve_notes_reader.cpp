// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/recipe/recipe_reader.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

std::optional<CurveShape> shapeFrom(std::string_view word) {
  if (word == "step") {
    return CurveShape::Step;
  }
  if (word == "linear") {
    return CurveShape::Linear;
  }
  return word == "smooth" ? std::optional(CurveShape::Smooth) : std::nullopt;
}

std::optional<std::vector<CurvePoint>> pointsFrom(const YamlValue& list) {
  std::vector<CurvePoint> points;
  for (const YamlValue& pair : list.items) {
    if (!pair.isSequence() || pair.items.size() != 2) {
      return std::nullopt;
    }
    const auto layer = wholeNumber(pair.items[0]);
    const auto value = parseDouble(pair.items[1].text);
    const bool ascending = points.empty() || (layer && points.back().layer < *layer);
    if (!layer || *layer < 0 || !value || !std::isfinite(*value) || !ascending) {
      return std::nullopt;
    }
    points.push_back({*layer, *value});
  }
  return points.empty() ? std::nullopt : std::optional(points);
}

}  // namespace

std::vector<RecipeCurve> RecipeReader::readCurves(const YamlValue& value) {
  std::vector<RecipeCurve> curves;
  const YamlValue* list = value.isMapping() ? value.find("curves") : nullptr;
  if (list == nullptr || !list->isSequence()) {
    return curves;
  }
  for (const YamlValue& entry : list->items) {
    if (auto curve = readCurve(entry)) {
      curves.push_back(*std::move(curve));
    } else {
      warn("layerloom", entry.where, "a note on a curve cannot be read; the curve is drawn from its values instead");
    }
  }
  return curves;
}

std::optional<RecipeCurve> RecipeReader::readCurve(const YamlValue& value) {
  const YamlValue* parameter = value.find("parameter");
  const YamlValue* shape = value.find("shape");
  const YamlValue* points = value.find("points");
  if (parameter == nullptr || shape == nullptr || points == nullptr) {
    return std::nullopt;
  }
  RecipeCurve curve;
  const auto shapeValue = shapeFrom(shape->text);
  auto pointValues = pointsFrom(*points);
  if (!shapeValue || !pointValues) {
    return std::nullopt;
  }
  curve.parameter = parameter->text;
  curve.curve = {*shapeValue, *std::move(pointValues)};
  if (const YamlValue* filter = value.find("filter")) {
    curve.filter = filter->text;
  }
  const YamlValue* source = value.find("model");
  const auto index = source != nullptr ? wholeNumber(*source) : std::optional(0);
  if (!index || *index < 0) {
    return std::nullopt;
  }
  curve.ofMethod = source == nullptr;
  curve.source = static_cast<std::size_t>(*index);
  return curve;
}

}  // namespace layerloom
