// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/statistics_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/support/csv.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kJsonVersion = 1;
constexpr std::size_t kShownTensors = 10;

Json number(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

/// Bins from the first that is not empty to the last.
Json histogramToJson(const DeltaStatistics& figures) {
  const auto isFull = [](std::uint64_t count) { return count != 0; };
  const auto first = std::find_if(figures.histogram.begin(), figures.histogram.end(), isFull);
  const auto end = std::find_if(figures.histogram.rbegin(), figures.histogram.rend(), isFull).base();
  Json counts = Json::array();
  for (auto bin = first; bin < end; ++bin) {
    counts.push_back(*bin);
  }
  const auto least = first == figures.histogram.end() ? 0 : kHistogramLeast + (first - figures.histogram.begin());
  return {{"least_exponent", least}, {"counts", counts}};
}

Json modelFigures(const DeltaStatistics& figures) {
  Json shares = Json::object();
  for (std::size_t i = 0; i < kTopShares.size(); ++i) {
    shares[fmt::format("{}", kTopShares[i])] = number(figures.topShares[i]);
  }
  return {{"delta_l2", number(figures.norm())},
          {"relative_delta", number(figures.relative())},
          {"rms", number(figures.rms())},
          {"max_abs", number(figures.maxAbs)},
          {"mean", number(figures.mean())},
          {"zero_share", number(figures.zeroShare())},
          {"zeros", figures.zeros},
          {"non_finite", figures.nonFinite},
          {"top_share", shares},
          {"stable_rank", number(figures.stableRank)},
          {"histogram", histogramToJson(figures)}};
}

void addFigures(Json& entry, const GroupStatistics& figures) {
  entry["elements"] = figures.elements;
  entry["base_l2"] = number(std::sqrt(figures.baseSquared));
  Json models = Json::array();
  for (const auto& model : figures.models) {
    models.push_back(model ? modelFigures(*model) : Json(nullptr));
  }
  entry["models"] = models;
  Json pairs = Json::array();
  for (std::size_t b = 1; b < figures.models.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      if (const auto& pair = figures.pairs[pairIndex(a, b, figures.models.size())]) {
        pairs.push_back({{"a", a},
                         {"b", b},
                         {"cosine", number(pair->cosine())},
                         {"sign_conflict", number(pair->signConflict())},
                         {"sign_conflict_weighted", number(pair->weightedSignConflict())}});
      }
    }
  }
  entry["pairs"] = pairs;
}

std::string shapeText(const std::vector<std::uint64_t>& shape) {
  return fmt::format("{}", fmt::join(shape, "x"));
}

std::string field(std::optional<double> value) {
  return value && std::isfinite(*value) ? fmt::format("{}", *value) : std::string();
}

class CsvWriter {
 public:
  explicit CsvWriter(const Statistics& statistics) : m_statistics(statistics) {}

  std::string write() {
    addHeader();
    for (const TensorStatistics& tensor : m_statistics.tensors) {
      const std::string layer = tensor.layer < 0 ? "" : fmt::format("{}", tensor.layer);
      addLine({"tensor", tensor.name, layer, std::string(kindName(tensor.kind)), shapeText(tensor.shape)}, tensor.figures);
    }
    for (const LayerStatistics& layer : m_statistics.layers()) {
      addLine({"layer", layer.module, fmt::format("{}", layer.layer), "", ""}, layer.figures);
    }
    for (const KindStatistics& kind : m_statistics.kinds()) {
      addLine({"kind", "", "", std::string(kindName(kind.kind)), ""}, kind.figures);
    }
    addLine({"total", "", "", "", ""}, m_statistics.total());
    return std::move(m_text);
  }

 private:
  void addHeader() {
    m_text = "level,name,layer,kind,shape,elements";
    for (const std::string& model : m_statistics.models) {
      for (const char* figure : {"delta_l2", "relative_delta", "rms", "max_abs", "mean", "zero_share", "top_1", "top_5", "top_20", "stable_rank"}) {
        m_text += "," + csvField(fmt::format("{} {}", figure, model));
      }
    }
    forEachPair([&](std::size_t a, std::size_t b) {
      for (const char* figure : {"cosine", "sign_conflict", "sign_conflict_weighted"}) {
        m_text += "," + csvField(fmt::format("{} {} / {}", figure, m_statistics.models[a], m_statistics.models[b]));
      }
    });
    m_text += "\r\n";
  }

  void addLine(const std::vector<std::string>& place, const GroupStatistics& figures) {
    for (const std::string& text : place) {
      m_text += csvField(text) + ",";
    }
    m_text += fmt::format("{}", figures.elements);
    for (const auto& model : figures.models) {
      std::array<std::optional<double>, 10> values;
      if (model) {
        values = {model->norm(), model->relative(), model->rms(), model->maxAbs, model->mean(), model->zeroShare(),
                  model->topShares[0], model->topShares[1], model->topShares[2], model->stableRank};
      }
      for (const auto& value : values) {
        m_text += "," + field(value);
      }
    }
    forEachPair([&](std::size_t a, std::size_t b) {
      const auto& pair = figures.pairs[pairIndex(a, b, figures.models.size())];
      m_text += "," + field(pair ? pair->cosine() : std::nullopt) + "," + field(pair ? pair->signConflict() : std::nullopt) + "," +
                field(pair ? pair->weightedSignConflict() : std::nullopt);
    });
    m_text += "\r\n";
  }

  void forEachPair(const std::function<void(std::size_t, std::size_t)>& use) const {
    for (std::size_t b = 1; b < m_statistics.models.size(); ++b) {
      for (std::size_t a = 0; a < b; ++a) {
        use(a, b);
      }
    }
  }

  const Statistics& m_statistics;
  std::string m_text;
};

/// The figures that say most, in columns.
std::string row(const std::string& place, const GroupStatistics& figures) {
  std::string text = fmt::format("{:<22}", place);
  for (const auto& model : figures.models) {
    text += model ? fmt::format(" {:>9.5f}", model->relative()) : fmt::format(" {:>9}", "-");
  }
  for (std::size_t b = 1; b < figures.models.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      const auto& pair = figures.pairs[pairIndex(a, b, figures.models.size())];
      const auto shown = [](std::optional<double> value) { return value ? fmt::format("{:.3f}", *value) : std::string("-"); };
      text += fmt::format("  {:>7} {:>6}", pair ? shown(pair->cosine()) : "-", pair ? shown(pair->signConflict()) : "-");
    }
  }
  return text + "\n";
}

std::string header(const Statistics& statistics, const char* place) {
  std::string text = fmt::format("{:<22}", place);
  for (std::size_t i = 0; i < statistics.models.size(); ++i) {
    text += fmt::format(" {:>9}", fmt::format("delta {}", i));
  }
  for (std::size_t b = 1; b < statistics.models.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      text += fmt::format("  {:>14}", fmt::format("cos, signs {}/{}", a, b));
    }
  }
  return text + "\n";
}

}  // namespace

Json statisticsToJson(const Statistics& statistics, const std::vector<Advice>& advice) {
  Json json = {{"version", kJsonVersion},
               {"base", statistics.base.empty() ? Json(nullptr) : Json(statistics.base)},
               {"models", statistics.models},
               {"notes", statistics.notes},
               {"tensors", Json::array()},
               {"layers", Json::array()},
               {"kinds", Json::array()}};
  for (const TensorStatistics& tensor : statistics.tensors) {
    Json entry = {{"name", tensor.name},
                  {"layer", tensor.layer < 0 ? Json(nullptr) : Json(tensor.layer)},
                  {"kind", kindName(tensor.kind)},
                  {"shape", tensor.shape}};
    addFigures(entry, tensor.figures);
    json["tensors"].push_back(std::move(entry));
  }
  for (const LayerStatistics& layer : statistics.layers()) {
    Json entry = {{"layer", layer.layer}};
    if (!layer.module.empty()) {
      entry["module"] = layer.module;
    }
    addFigures(entry, layer.figures);
    json["layers"].push_back(std::move(entry));
  }
  for (const KindStatistics& kind : statistics.kinds()) {
    Json entry = {{"kind", kindName(kind.kind)}};
    addFigures(entry, kind.figures);
    json["kinds"].push_back(std::move(entry));
  }
  json["total"] = Json::object();
  addFigures(json["total"], statistics.total());
  json["advice"] = Json::array();
  for (const Advice& one : advice) {
    json["advice"].push_back({{"level", adviceLevelName(one.level)},
                              {"topic", adviceTopicName(one.topic)},
                              {"text", one.text()},
                              {"models", one.models},
                              {"layers", one.layers},
                              {"kind", one.kind ? Json(kindName(*one.kind)) : Json(nullptr)}});
  }
  return json;
}

std::string statisticsToCsv(const Statistics& statistics) {
  return CsvWriter(statistics).write();
}

std::string describeStatistics(const Statistics& statistics, const std::vector<Advice>& advice) {
  std::string text = fmt::format("base: {}\n", statistics.base.empty() ? "the mean of the models" : escaped(statistics.base));
  for (std::size_t i = 0; i < statistics.models.size(); ++i) {
    text += fmt::format("model {}: {}\n", i, escaped(statistics.models[i]));
  }
  text += "\ndelta: norm of the change over norm of the base; cos: cosine of two changes; signs: share of entries with opposite signs\n\n";
  text += header(statistics, "layer");
  for (const LayerStatistics& layer : statistics.layers()) {
    text += row(layer.module.empty() ? fmt::format("{}", layer.layer) : fmt::format("{} {}", layer.module, layer.layer), layer.figures);
  }
  text += "\n" + header(statistics, "kind");
  for (const KindStatistics& kind : statistics.kinds()) {
    text += row(std::string(kindName(kind.kind)), kind.figures);
  }
  text += "\n" + header(statistics, "whole model") + row("", statistics.total());
  text += "\nTensors that diverged most:\n";
  for (const TensorStatistics* tensor : statistics.mostDiverged(kShownTensors)) {
    text += fmt::format("{:>9.5f}  {}\n", tensor->figures.greatestRelative(), escaped(tensor->name));
  }
  text += "\nAdvice:\n";
  for (const Advice& one : advice) {
    text += fmt::format("{}: {}\n", adviceLevelName(one.level), escaped(one.text(), 2000));
  }
  return text;
}

}  // namespace layerloom
