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
#include "core/support/translation.h"

namespace layerloom::report {
namespace {

constexpr std::size_t kRankedTensors = 25;

/// The sections that speak of figures, in one language.
class Speaker {
 public:
  explicit Speaker(const ReportLanguage& language) : m_language(language) {}

  std::string operator()(const char* text) const { return m_language.translate ? m_language.translate(text) : text; }
  /// With `argument` in place of "%1".
  std::string operator()(const char* text, const std::string& argument) const;

  void addAdvice(std::vector<Section>& sections, const std::vector<Advice>& advice) const;
  Section models(const Statistics& statistics) const;
  Section divergence(const Statistics& statistics) const;
  Section ranking(const Statistics& statistics) const;
  Result<Section> files(const StatisticsSources& sources) const;

 private:
  std::string figure(std::optional<double> value) const { return value ? shortNumber(*value, m_language.decimalPoint) : "–"; }
  std::string percent(double share, int digits) const {
    return withDecimalPoint(fmt::format("{:.{}f} %", 100 * share, digits), m_language.decimalPoint);
  }
  std::string level(AdviceLevel level) const;
  LineChart chart(const Statistics& statistics, const std::vector<LayerStatistics>& layers) const;
  HeatMap heatMap(const Statistics& statistics, std::size_t model, const std::vector<LayerStatistics>& layers) const;

  const ReportLanguage& m_language;
};

std::string Speaker::operator()(const char* text, const std::string& argument) const {
  std::string result = (*this)(text);
  const std::size_t place = result.find("%1");
  return place == std::string::npos ? result : result.replace(place, 2, argument);
}

std::string Speaker::level(AdviceLevel level) const {
  switch (level) {
    case AdviceLevel::StrongWarning:
      return (*this)(LAYERLOOM_TEXT("Report", "Strong warning"));
    case AdviceLevel::Warning:
      return (*this)(LAYERLOOM_TEXT("Report", "Warning"));
    case AdviceLevel::Caution:
      return (*this)(LAYERLOOM_TEXT("Report", "Caution"));
    case AdviceLevel::Note:
      break;
  }
  return (*this)(LAYERLOOM_TEXT("Report", "Note"));
}

/// What speaks of models beside the merge has a section of its own.
void Speaker::addAdvice(std::vector<Section>& sections, const std::vector<Advice>& advice) const {
  Section inside{(*this)(LAYERLOOM_TEXT("Report", "Advice")), {}};
  Section beside{(*this)(LAYERLOOM_TEXT("Report", "Advice on models that are not in the merge")), {}};
  for (const Advice& one : advice) {
    const std::string text = m_language.advice ? m_language.advice(one) : one.text();
    (one.beside ? beside : inside).blocks.emplace_back(Paragraph{level(one.level), text});
  }
  sections.push_back(std::move(inside));
  if (!beside.blocks.empty()) {
    sections.push_back(std::move(beside));
  }
}

Section Speaker::models(const Statistics& statistics) const {
  const Speaker& say = *this;
  const GroupStatistics total = statistics.total();
  Table models{{say(LAYERLOOM_TEXT("Report", "model")), say(LAYERLOOM_TEXT("Report", "relative delta")), "‖Δ‖", "RMS", "max |Δ|",
                say(LAYERLOOM_TEXT("Report", "unchanged")), say(LAYERLOOM_TEXT("Report", "top 20 %"))}, {}, 1};
  for (std::size_t i = 0; i < statistics.models.size(); ++i) {
    if (const auto& f = total.models[i]) {
      models.rows.push_back({statistics.models[i], figure(f->relative()), figure(f->norm()), figure(f->rms()), figure(f->maxAbs), percent(f->zeroShare(), 1),
                             percent(f->topShares.back(), 0)});
    }
  }
  Section section{say(LAYERLOOM_TEXT("Report", "Models")), {models}};
  Table pairs{{say(LAYERLOOM_TEXT("Report", "pair")), say(LAYERLOOM_TEXT("Report", "cosine of deltas")), say(LAYERLOOM_TEXT("Report", "sign conflict")),
               say(LAYERLOOM_TEXT("Report", "by magnitude"))}, {}, 1};
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

LineChart Speaker::chart(const Statistics& statistics, const std::vector<LayerStatistics>& layers) const {
  LineChart chart{(*this)(LAYERLOOM_TEXT("Report", "%1 by layer"), (*this)(LAYERLOOM_TEXT("Report", "relative delta"))), {}};
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
HeatMap Speaker::heatMap(const Statistics& statistics, std::size_t model, const std::vector<LayerStatistics>& layers) const {
  HeatMap map{statistics.models[model] + ": " + (*this)(LAYERLOOM_TEXT("Report", "relative delta")), {}, {}, {}};
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
  map.columns.push_back((*this)(LAYERLOOM_TEXT("Report", "outside")));
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

Section Speaker::divergence(const Statistics& statistics) const {
  const std::vector<LayerStatistics> layers = statistics.layers();
  Section section{(*this)(LAYERLOOM_TEXT("Report", "Divergence")), {chart(statistics, layers)}};
  for (std::size_t i = 0; i < statistics.models.size(); ++i) {
    section.blocks.emplace_back(heatMap(statistics, i, layers));
  }
  return section;
}

Section Speaker::ranking(const Statistics& statistics) const {
  const std::vector<const TensorStatistics*> ranked = statistics.mostDiverged(kRankedTensors);
  Table table{{(*this)(LAYERLOOM_TEXT("Report", "tensor"))}, {}, 1};
  table.header.insert(table.header.end(), statistics.models.begin(), statistics.models.end());
  for (const TensorStatistics* tensor : ranked) {
    std::vector<std::string> row = {tensor->name};
    for (const auto& model : tensor->figures.models) {
      row.push_back(figure(model ? std::optional(model->relative()) : std::nullopt));
    }
    table.rows.push_back(std::move(row));
  }
  return {(*this)(LAYERLOOM_TEXT("Report", "The %1 tensors that diverged most (relative delta)"), fmt::format("{}", ranked.size())), {table}};
}

Result<Section> Speaker::files(const StatisticsSources& sources) const {
  const Speaker& say = *this;
  Table table{{say(LAYERLOOM_TEXT("Report", "model")), say(LAYERLOOM_TEXT("Report", "file")), say(LAYERLOOM_TEXT("Report", "bytes")),
               say(LAYERLOOM_TEXT("Report", "XXH3-128 of the header"))}, {}, 2};
  const auto add = [&](const std::string& name, const Model& model) -> Status {
    for (const File& file : model.files()) {
      LAYERLOOM_TRY(const ContentHash hash, headerHash(file));
      table.rows.push_back({name, file.path().filename().string(), formatCount(file.identity().bytes), hash.hex()});
    }
    return {};
  };
  if (sources.base) {
    LAYERLOOM_CHECK(add(say(LAYERLOOM_TEXT("Report", "%1 (base)"), sources.baseName), *sources.base));
  }
  for (std::size_t i = 0; i < sources.models.size(); ++i) {
    LAYERLOOM_CHECK(add(sources.names[i], *sources.models[i]));
  }
  return Section{say(LAYERLOOM_TEXT("Report", "Sources")), {table}};
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

std::optional<Block> curvesOf(const MergePlan& plan, const Speaker& say) {
  const ParameterSpec* parameter = plan.method->mainParameter();
  if (parameter == nullptr) {
    return std::nullopt;
  }
  LineChart chart{say(LAYERLOOM_TEXT("Report", "%1 by layer"), parameter->name), {}};
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

}  // namespace

Result<Document> makeReport(const ReportContent& content) {
  const Statistics& statistics = content.statistics;
  const Speaker say(content.language);
  Document document;
  document.language = content.language.code;
  document.decimalPoint = content.language.decimalPoint;
  document.title = say(content.recipe.empty() ? LAYERLOOM_TEXT("Report", "Divergence of models") : LAYERLOOM_TEXT("Report", "Merge report"));
  document.subtitle = {
      say(LAYERLOOM_TEXT("Report", "Base: %1"), statistics.base.empty() ? say(LAYERLOOM_TEXT("Report", "the mean of the models")) : statistics.base),
      say(LAYERLOOM_TEXT("Report", "Models: %1"), fmt::format("{}", fmt::join(statistics.models, ", "))), content.program};
  say.addAdvice(document.sections, content.advice);
  document.sections.push_back(say.models(statistics));
  if (!content.recipe.empty()) {
    Section section{say(LAYERLOOM_TEXT("Report", "Recipe")), {}};
    if (content.plan != nullptr) {
      if (const auto curves = curvesOf(*content.plan, say)) {
        section.blocks.push_back(*curves);
      }
    }
    section.blocks.emplace_back(Code{content.recipe});
    document.sections.push_back(std::move(section));
  }
  document.sections.push_back(say.divergence(statistics));
  document.sections.push_back(say.ranking(statistics));
  LAYERLOOM_TRY(Section sources, say.files(content.sources));
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
