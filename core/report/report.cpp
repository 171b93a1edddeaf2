// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include "core/checkpoint/header_hash.h"
#include "core/report/html.h"
#include "core/report/pdf.h"
#include "core/support/text.h"

namespace layerloom::report {
namespace {

constexpr std::size_t kRankedTensors = 25;

std::string figure(std::optional<double> value) {
  return value ? shortNumber(*value) : "–";
}

Section adviceSection(const std::vector<Advice>& advice) {
  Section section{"Advice", {}};
  for (const Advice& one : advice) {
    std::string level(adviceLevelName(one.level));
    level.front() = static_cast<char>(level.front() - 'a' + 'A');
    section.blocks.push_back(Paragraph{level, one.text()});
  }
  return section;
}

Section modelSection(const Statistics& statistics) {
  const GroupStatistics total = statistics.total();
  Table models{{"model", "relative delta", "‖Δ‖", "RMS", "max |Δ|", "unchanged", "top 20 %"}, {}, 1};
  for (std::size_t i = 0; i < statistics.models.size(); ++i) {
    if (const auto& f = total.models[i]) {
      models.rows.push_back({statistics.models[i], figure(f->relative()), figure(f->norm()), figure(f->rms()), figure(f->maxAbs),
                             fmt::format("{:.1f} %", 100 * f->zeroShare()), fmt::format("{:.0f} %", 100 * f->topShares.back())});
    }
  }
  Section section{"Models", {models}};
  Table pairs{{"pair", "cosine of deltas", "sign conflict", "by magnitude"}, {}, 1};
  for (std::size_t b = 1; b < statistics.models.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      if (const auto& pair = total.pairs[pairIndex(a, b, statistics.models.size())]) {
        pairs.rows.push_back({statistics.models[a] + " – " + statistics.models[b], figure(pair->cosine()), figure(pair->signConflict()),
                              figure(pair->weightedSignConflict())});
      }
    }
  }
  if (!pairs.rows.empty()) {
    section.blocks.emplace_back(pairs);
  }
  return section;
}

LineChart divergenceChart(const Statistics& statistics, const std::vector<LayerStatistics>& layers) {
  LineChart chart{"relative delta", {}};
  for (std::size_t i = 0; i < statistics.models.size(); ++i) {
    LineChart::Line line{statistics.models[i], {}};
    for (const LayerStatistics& layer : layers) {
      const auto& figures = layer.figures.models[i];
      line.values.push_back(figures ? std::optional(figures->relative()) : std::nullopt);
    }
    chart.lines.push_back(std::move(line));
  }
  return chart;
}

/// Relative delta by layer and kind of one model, the tensors outside the layers in a column of their own.
HeatMap heatMapOf(const Statistics& statistics, std::size_t model, const std::vector<LayerStatistics>& layers) {
  HeatMap map{statistics.models[model] + ": relative delta", {}, {}, {}};
  std::map<TensorKind, std::map<std::pair<std::string, int>, GroupStatistics>> cells;
  for (const TensorStatistics& tensor : statistics.tensors) {
    cells[tensor.kind][{tensor.module, tensor.layer}].add(tensor.figures);
  }
  std::vector<std::pair<std::string, int>> columns;
  for (const LayerStatistics& layer : layers) {
    columns.emplace_back(layer.module, layer.layer);
    map.columns.push_back(fmt::format("{}", layer.layer));
  }
  columns.emplace_back("", -1);
  map.columns.emplace_back("outside");
  for (const auto& [kind, places] : cells) {
    map.rows.emplace_back(kindName(kind));
    map.cells.emplace_back();
    for (const auto& column : columns) {
      const auto found = places.find(column);
      const bool there = found != places.end() && found->second.models[model];
      map.cells.back().push_back(there ? std::optional(found->second.models[model]->relative()) : std::nullopt);
    }
  }
  return map;
}

Section divergenceSection(const Statistics& statistics) {
  const std::vector<LayerStatistics> layers = statistics.layers();
  Section section{"Divergence", {divergenceChart(statistics, layers)}};
  for (std::size_t i = 0; i < statistics.models.size(); ++i) {
    section.blocks.emplace_back(heatMapOf(statistics, i, layers));
  }
  return section;
}

Section rankingSection(const Statistics& statistics) {
  const std::vector<const TensorStatistics*> ranked = statistics.mostDiverged(kRankedTensors);
  Table table{{"tensor"}, {}, 1};
  table.header.insert(table.header.end(), statistics.models.begin(), statistics.models.end());
  for (const TensorStatistics* tensor : ranked) {
    std::vector<std::string> row = {tensor->name};
    for (const auto& model : tensor->figures.models) {
      row.push_back(model ? figure(model->relative()) : figure(std::nullopt));
    }
    table.rows.push_back(std::move(row));
  }
  return {fmt::format("The {} tensors that diverged most (relative delta)", ranked.size()), {table}};
}

/// Per layer the mean of a parameter over the layer's tensors.
std::vector<std::optional<double>> meansByLayer(const MergePlan& plan, const std::function<std::optional<double>(const TensorJob&)>& valueOf) {
  std::vector<std::pair<double, double>> sums(static_cast<std::size_t>(std::max(0, plan.layers)));
  for (const TensorJob& job : plan.jobs) {
    const bool inLayer = job.origin && job.origin->layer && *job.origin->layer >= 0 && *job.origin->layer < plan.layers;
    const std::optional<double> value = inLayer ? valueOf(job) : std::nullopt;
    if (value) {
      auto& [sum, count] = sums[static_cast<std::size_t>(*job.origin->layer)];
      sum += *value;
      count += 1;
    }
  }
  std::vector<std::optional<double>> means;
  for (const auto& [sum, count] : sums) {
    means.push_back(count == 0 ? std::nullopt : std::optional(sum / count));
  }
  return means;
}

std::optional<Block> curvesOf(const MergePlan& plan) {
  const ParameterSpec* parameter = plan.method->mainParameter();
  if (parameter == nullptr) {
    return std::nullopt;
  }
  LineChart chart{parameter->name, {}};
  const auto place = static_cast<std::size_t>(parameter - plan.method->parameters.data());
  if (parameter->scope == ParameterScope::Method) {
    chart.lines.push_back({parameter->name, meansByLayer(plan, [&](const TensorJob& job) { return std::optional(job.settings.values[place]); })});
    return chart;
  }
  for (std::size_t model = 0; model < plan.references.size(); ++model) {
    LineChart::Line line{plan.references[model], meansByLayer(plan, [&](const TensorJob& job) -> std::optional<double> {
                           for (std::size_t i = 0; i < job.inputs.size(); ++i) {
                             if (job.inputs[i].model == model && job.settings.base != i) {
                               return job.settings.inputs[i].values[place];
                             }
                           }
                           return std::nullopt;
                         })};
    if (std::any_of(line.values.begin(), line.values.end(), [](const auto& value) { return value.has_value(); })) {
      chart.lines.push_back(std::move(line));
    }
  }
  return chart;
}

Result<Section> sourceSection(const StatisticsSources& sources) {
  Table table{{"model", "file", "bytes", "XXH3-128 of the header"}, {}, 2};
  const auto add = [&](const std::string& name, const Model& model) -> Status {
    for (const File& file : model.files()) {
      LAYERLOOM_TRY(const ContentHash hash, headerHash(file));
      table.rows.push_back({name, file.path().filename().string(), formatCount(file.identity().bytes), hash.hex()});
    }
    return {};
  };
  if (sources.base) {
    LAYERLOOM_CHECK(add(sources.baseName + " (base)", *sources.base));
  }
  for (std::size_t i = 0; i < sources.models.size(); ++i) {
    LAYERLOOM_CHECK(add(sources.names[i], *sources.models[i]));
  }
  return Section{"Sources", {table}};
}

}  // namespace

Result<Document> makeReport(const ReportContent& content) {
  const Statistics& statistics = content.statistics;
  Document document{"Divergence of models", {}, {}};
  document.subtitle = {fmt::format("Base: {}", statistics.base.empty() ? "the mean of the models" : statistics.base),
                       fmt::format("Models: {}", fmt::join(statistics.models, ", ")), content.program};
  document.sections.push_back(adviceSection(content.advice));
  document.sections.push_back(modelSection(statistics));
  if (!content.recipe.empty()) {
    document.title = "Merge report";
    Section section{"Recipe", {}};
    if (content.plan != nullptr) {
      if (const auto curves = curvesOf(*content.plan)) {
        section.blocks.push_back(*curves);
      }
    }
    section.blocks.emplace_back(Code{content.recipe});
    document.sections.push_back(std::move(section));
  }
  document.sections.push_back(divergenceSection(statistics));
  document.sections.push_back(rankingSection(statistics));
  LAYERLOOM_TRY(Section sources, sourceSection(content.sources));
  document.sections.push_back(std::move(sources));
  return document;
}

Status writeReport(const ReportContent& content, const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  if (extension != ".html" && extension != ".pdf") {
    return refused(fmt::format("{}: a report is written as .html or .pdf", shown(file)), "name a file that ends in one of these");
  }
  LAYERLOOM_TRY(const Document document, makeReport(content));
  if (extension == ".html") {
    return replaceTextFile(file, toHtml(document));
  }
  LAYERLOOM_TRY(const std::string bytes, toPdf(document));
  return replaceTextFile(file, bytes);
}

}  // namespace layerloom::report
