// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/checkpoint/quantisation.h"
#include "core/plan/output_files.h"
#include "core/plan/plan_checks.h"
#include "core/plan/tensor_map.h"
#include "core/recipe/gradient.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

/// Builds a plan step by step; each step adds to the problems and the next ones run only on what is sound.
class Planner {
 public:
  Planner(const Recipe& recipe, const PlanOptions& options) : m_recipe(recipe), m_options(options) {}

  PlanResult plan();

 private:
  void problem(Severity severity, const std::string& path, const TextPosition& where, std::string message, std::string remedy = {}) {
    m_problems.push_back({severity, path, where, std::move(message), std::move(remedy)});
  }
  /// Reports a kind of fault once with the first tensor that shows it, however many tensors do.
  void problemOnce(const std::string& key, const std::string& path, const TextPosition& where, std::string message, std::string remedy);

  bool sound() const { return !hasErrors(m_problems); }
  void openModels();
  bool fitTogether();
  std::optional<std::size_t> openModel(const ModelReference& reference, const std::string& path);
  void checkArchitectures();
  void checkModel(std::size_t model, const std::string& path, const TextPosition& where);
  void planSlices();
  void planModels();
  void planSlice(std::size_t index);
  void checkStacks();
  std::optional<std::size_t> indexOf(const ModelReference& reference) const;
  std::size_t donor() const;
  void planJobs();
  void planJob(const MappedTensor& mapped);
  bool checkLacking(const MappedTensor& mapped);
  bool checkInputs(const MappedTensor& mapped, const std::vector<JobInput>& inputs);
  std::optional<MergeSettings> resolve(const MappedTensor& mapped, const std::vector<JobInput>& inputs);
  std::optional<double> resolveNumber(const ParameterSpec& spec, const std::vector<SettingLevel>& levels, const MappedTensor& mapped,
                                      const std::string& tensor, const PlannedSource* source);
  std::vector<double> resolveInput(const MappedTensor& mapped, const MappedInput& input, bool isBase);
  std::vector<double> resolveMethod(const MappedTensor& mapped);
  void finish();
  ConfigChanges configChanges() const;

  const Recipe& m_recipe;
  const PlanOptions& m_options;
  std::vector<Problem> m_problems;
  std::set<std::string> m_reported;
  MergePlan m_plan;
  std::vector<ModelLayout> m_layouts;
  std::vector<PlannedSlice> m_slices;
  bool m_allOpen = true;
  bool m_untied = false;
};

void Planner::problemOnce(const std::string& key, const std::string& path, const TextPosition& where, std::string message,
                          std::string remedy) {
  if (m_reported.insert(key).second) {
    problem(Severity::Error, path, where, std::move(message), std::move(remedy));
  }
}

PlanResult Planner::plan() {
  m_plan.method = checkMethod(m_recipe, m_problems);
  if (m_plan.method != nullptr) {
    checkSettings(m_recipe, *m_plan.method, m_problems);
  }
  openModels();
  // Faults in settings do not hide those that only the tensors show; without the models or a common shape there is nothing to go on.
  if (m_plan.method != nullptr && m_allOpen && fitTogether()) {
    planJobs();
  }
  if (!sound()) {
    return {std::nullopt, std::move(m_problems)};
  }
  finish();
  return {std::move(m_plan), std::move(m_problems)};
}

bool Planner::fitTogether() {
  const auto errors = [this] {
    return std::count_if(m_problems.begin(), m_problems.end(), [](const Problem& found) { return found.severity == Severity::Error; });
  };
  const auto before = errors();
  checkArchitectures();
  planSlices();
  checkStacks();
  return errors() == before;
}

std::optional<std::size_t> Planner::indexOf(const ModelReference& reference) const {
  const auto& references = m_plan.references;
  const auto found = std::find(references.begin(), references.end(), reference.text);
  return found == references.end() ? std::nullopt : std::optional<std::size_t>(found - references.begin());
}

std::optional<std::size_t> Planner::openModel(const ModelReference& reference, const std::string& path) {
  if (const auto known = indexOf(reference)) {
    return known;
  }
  auto model = ::layerloom::openModel(reference.text, m_options.locator);
  if (!model) {
    m_allOpen = false;
    problemOnce("open " + reference.text, path, reference.where, model.error().message, model.error().remedy);
    return std::nullopt;
  }
  m_layouts.push_back(findLayout(**model));
  m_plan.models.push_back(*std::move(model));
  m_plan.references.push_back(reference.text);
  checkModel(m_plan.models.size() - 1, path, reference.where);
  return m_plan.models.size() - 1;
}

void Planner::openModels() {
  if (m_recipe.baseModel) {
    openModel(*m_recipe.baseModel, "base_model");
  }
  for (std::size_t i = 0; i < m_recipe.models.size(); ++i) {
    openModel(m_recipe.models[i].model, fmt::format("models[{}]", i));
  }
  for (std::size_t i = 0; i < m_recipe.slices.size(); ++i) {
    const RecipeSlice& slice = m_recipe.slices[i];
    if (slice.baseModel) {
      openModel(*slice.baseModel, fmt::format("slices[{}].base_model", i));
    }
    for (std::size_t j = 0; j < slice.sources.size(); ++j) {
      openModel(slice.sources[j].model, fmt::format("slices[{}].sources[{}]", i, j));
    }
  }
}

void Planner::checkModel(std::size_t index, const std::string& path, const TextPosition& where) {
  const Model& model = *m_plan.models[index];
  const std::string name = escaped(m_plan.references[index]);
  if (const std::string scheme = quantisationOf(model); !scheme.empty()) {
    problem(Severity::Error, path, where, fmt::format("model \"{}\" is quantised ({})", name, escaped(scheme)),
            "use the model before quantisation");
    return;
  }
  for (const auto& [tensor, held] : model.tensors()) {
    if (!isMergeable(held.entry.dtype) && !isOptionalTensor(tensor)) {
      problemOnce("dtype " + name, path, where,
                  fmt::format("model \"{}\": the tensor \"{}\" is of type {}, which cannot be merged", name, escaped(tensor),
                              safetensorsName(held.entry.dtype)),
                  "use a model in float32, bfloat16 or float16");
    }
  }
  for (const std::string& warning : model.warnings()) {
    problem(Severity::Note, path, where, fmt::format("model \"{}\": {}", name, warning));
  }
}

void Planner::checkArchitectures() {
  const std::string& first = m_plan.models.front()->config().modelType;
  for (std::size_t i = 1; i < m_plan.models.size(); ++i) {
    const std::string& other = m_plan.models[i]->config().modelType;
    if (other == first || other.empty() || first.empty()) {
      continue;
    }
    problem(m_options.allowDifferentArchitectures ? Severity::Warning : Severity::Error, "", {},
            fmt::format("the models are of different architectures: \"{}\" is {}, \"{}\" is {}", escaped(m_plan.references[0]),
                        escaped(first), escaped(m_plan.references[i]), escaped(other)),
            "merge models of one architecture (--allow-crimes tries it all the same)");
  }
}

std::size_t Planner::donor() const {
  if (m_recipe.baseModel) {
    return *indexOf(*m_recipe.baseModel);
  }
  return m_slices.front().sources.front().model;
}

void Planner::planSlices() {
  if (!m_recipe.models.empty()) {
    planModels();
    return;
  }
  for (std::size_t i = 0; i < m_recipe.slices.size(); ++i) {
    planSlice(i);
  }
}

void Planner::planModels() {
  PlannedSlice slice;
  slice.levels = {{&m_recipe.parameters, "parameters"}};
  slice.path = "models";
  slice.where = m_recipe.models.front().where;
  const auto add = [&](const ModelReference& reference, const Settings* own, const std::string& path, const TextPosition& where) {
    PlannedSource source;
    source.model = *indexOf(reference);
    source.layers = {0, m_layouts[source.model].layers()};
    if (own != nullptr) {
      source.levels.push_back({own, path + ".parameters"});
    }
    source.levels.push_back({&m_recipe.parameters, "parameters"});
    source.path = path;
    source.where = where;
    if (m_recipe.baseModel && *m_recipe.baseModel == reference) {
      slice.base = slice.sources.size();
    }
    slice.sources.push_back(std::move(source));
  };
  for (std::size_t i = 0; i < m_recipe.models.size(); ++i) {
    const RecipeSource& source = m_recipe.models[i];
    add(source.model, &source.parameters, fmt::format("models[{}]", i), source.where);
  }
  if (m_recipe.baseModel && !slice.base) {
    add(*m_recipe.baseModel, nullptr, "base_model", m_recipe.baseModel->where);
  }
  m_slices.push_back(std::move(slice));
}

void Planner::planSlice(std::size_t index) {
  const RecipeSlice& recipeSlice = m_recipe.slices[index];
  const auto& base = recipeSlice.baseModel ? recipeSlice.baseModel : m_recipe.baseModel;
  PlannedSlice slice;
  slice.path = fmt::format("slices[{}]", index);
  slice.where = recipeSlice.where;
  slice.levels = {{&recipeSlice.parameters, slice.path + ".parameters"}, {&m_recipe.parameters, "parameters"}};
  for (std::size_t i = 0; i < recipeSlice.sources.size(); ++i) {
    const RecipeSource& source = recipeSlice.sources[i];
    PlannedSource planned;
    planned.path = fmt::format("{}.sources[{}]", slice.path, i);
    planned.model = *indexOf(source.model);
    planned.layers = *source.layerRange;
    planned.levels = {{&source.parameters, planned.path + ".parameters"}, slice.levels[0], slice.levels[1]};
    planned.where = source.where;
    if (base && *base == source.model) {
      slice.base = i;
    }
    slice.sources.push_back(std::move(planned));
  }
  m_slices.push_back(std::move(slice));
}

void Planner::checkStacks() {
  const std::size_t stacks = m_layouts[m_slices.front().sources.front().model].stacks.size();
  for (const PlannedSlice& slice : m_slices) {
    const int length = slice.sources.front().layers.end - slice.sources.front().layers.begin;
    for (const PlannedSource& source : slice.sources) {
      const ModelLayout& layout = m_layouts[source.model];
      const std::string name = escaped(m_plan.references[source.model]);
      if (layout.stacks.size() != stacks) {
        problem(Severity::Error, source.path, source.where, fmt::format("model \"{}\" is built in another way than the first model", name),
                "merge models of one architecture");
      } else if (source.layers.end > layout.layers()) {
        problem(Severity::Error, source.path + ".layer_range", source.where,
                fmt::format("the range [{}, {}) goes past the end of \"{}\", which has {} layers", source.layers.begin, source.layers.end,
                            name, layout.layers()),
                fmt::format("end the range at {} or before", layout.layers()));
      } else if (source.layers.end - source.layers.begin != length) {
        problem(Severity::Error, source.path, source.where,
                fmt::format("\"{}\" gives {} layers where the first model gives {}", name,
                            source.layers.end - source.layers.begin, length),
                "merge models of one depth, or give the sources of a slice equally many layers");
      }
    }
    if (stacks > 1 && !m_recipe.slices.empty()) {
      problemOnce("stacks", slice.path, slice.where, "slices of models with several stacks of layers cannot be merged by this version",
                  "write the recipe with \"models\"");
    }
  }
  if (m_recipe.baseModel && m_plan.method->baseModel == BaseModelUse::Required && m_layouts[donor()].stacks.empty()) {
    problem(Severity::Note, "", {}, "no layers were found: all tensors take the first value of a gradient");
  }
}

void Planner::planJobs() {
  for (const MappedTensor& mapped : mapTensors(m_slices, m_layouts, m_plan.models)) {
    planJob(mapped);
  }
  if (m_plan.jobs.empty() && sound()) {
    problem(Severity::Error, "", {}, "the models have no tensors in common", "check the models");
  }
}

bool Planner::checkLacking(const MappedTensor& mapped) {
  const PlannedSlice& slice = m_slices[mapped.slice];
  const bool copiesLone = m_plan.method->name == "slerp" && mapped.inputs.size() == 1;
  if (mapped.lacking.empty() || copiesLone) {
    return true;
  }
  const PlannedSource& source = slice.sources[mapped.lacking.front()];
  problemOnce("lacking " + source.path, source.path, source.where,
              fmt::format("model \"{}\" has no tensor \"{}\", which another model has", escaped(m_plan.references[source.model]),
                          escaped(mapped.name)),
              "merge models of one architecture, all complete");
  return false;
}

bool Planner::checkInputs(const MappedTensor& mapped, const std::vector<JobInput>& inputs) {
  const TensorEntry& first = inputs.front().tensor->entry;
  for (const JobInput& input : inputs) {
    const TensorEntry& entry = input.tensor->entry;
    if (entry.shape == first.shape) {
      continue;
    }
    const bool onlyRows = entry.shape.size() == first.shape.size() && !entry.shape.empty() &&
                          std::equal(entry.shape.begin() + 1, entry.shape.end(), first.shape.begin() + 1);
    const std::string remedy = onlyRows ? "the vocabularies differ: merge models with the same tokenizer, or let mergekit align them "
                                          "(tokenizer: {source: base})"
                                        : "merge models of one size";
    problemOnce("shape " + std::to_string(input.model), "", {},
                fmt::format("the tensor \"{}\" is {} in \"{}\" but {} in \"{}\"", escaped(mapped.name), formatShape(first.shape),
                            escaped(m_plan.references[inputs.front().model]), formatShape(entry.shape),
                            escaped(m_plan.references[input.model])),
                remedy);
    return false;
  }
  return true;
}

void Planner::planJob(const MappedTensor& mapped) {
  if (!checkLacking(mapped)) {
    return;
  }
  const PlannedSlice& slice = m_slices[mapped.slice];
  TensorJob job;
  for (const MappedInput& input : mapped.inputs) {
    const std::size_t model = slice.sources[input.source].model;
    job.inputs.push_back({model, m_plan.models[model]->find(input.name)});
    m_untied = m_untied || (mapped.position == 0 && input.name != mapped.name && mapped.inputs.size() > 1);
  }
  if (!isMergeable(job.inputs.front().tensor->entry.dtype) || !checkInputs(mapped, job.inputs)) {
    return;
  }
  auto settings = resolve(mapped, job.inputs);
  if (!settings) {
    return;
  }
  if (!sound()) {
    return;
  }
  const auto merge = makeTensorMerge(*settings);
  if (!merge) {
    problemOnce("method " + slice.path, slice.path, slice.where, merge.error().message, merge.error().remedy);
    return;
  }
  job.passes = (*merge)->mostPasses();
  DType common = job.inputs.front().tensor->entry.dtype;
  for (const JobInput& input : job.inputs) {
    common = promoted(common, input.tensor->entry.dtype);
  }
  job.inputDtype = dtypeFromRecipe(m_recipe.dtype);
  job.output = {mapped.name, dtypeFromRecipe(m_recipe.outDtype).value_or(job.inputDtype.value_or(common)), settings->shape, 0, 0};
  job.output.end = settings->elements * (bitsOf(job.output.dtype) / 8);
  job.settings = *std::move(settings);
  m_plan.jobs.push_back(std::move(job));
}

std::optional<MergeSettings> Planner::resolve(const MappedTensor& mapped, const std::vector<JobInput>& inputs) {
  const PlannedSlice& slice = m_slices[mapped.slice];
  MergeSettings settings;
  settings.method = m_plan.method;
  settings.tensor = mapped.name;
  settings.shape = inputs.front().tensor->entry.shape;
  settings.elements = inputs.front().tensor->entry.elements();
  settings.seed = m_options.seed;
  const bool soundBefore = sound();
  for (const MappedInput& input : mapped.inputs) {
    const bool isBase = slice.base == input.source;
    if (isBase) {
      settings.base = settings.inputs.size();
    }
    settings.inputs.push_back({m_plan.references[slice.sources[input.source].model], resolveInput(mapped, input, isBase)});
  }
  settings.values = resolveMethod(mapped);
  return sound() == soundBefore ? std::optional(std::move(settings)) : std::nullopt;
}

std::optional<double> Planner::resolveNumber(const ParameterSpec& spec, const std::vector<SettingLevel>& levels,
                                             const MappedTensor& mapped, const std::string& tensor, const PlannedSource* source) {
  const auto resolved = resolveSetting(levels, spec.name, tensor, mapped.position);
  if (resolved) {
    if (spec.type == ParameterType::Boolean) {
      const auto boolean = asBoolean(resolved->value);
      return boolean ? std::optional(*boolean ? 1.0 : 0.0) : std::nullopt;
    }
    return asNumber(resolved->value);
  }
  if (!spec.standard) {
    const PlannedSlice& slice = m_slices[mapped.slice];
    const std::string path = source != nullptr ? source->path : slice.path;
    const std::string owner = source != nullptr ? fmt::format(" for the model \"{}\"", escaped(m_plan.references[source->model])) : "";
    problemOnce(fmt::format("missing {} {}", spec.name, path), path, source != nullptr ? source->where : slice.where,
                fmt::format("the required parameter \"{}\" is missing{} (first needed for the tensor \"{}\")", spec.name, owner,
                            escaped(tensor)),
                fmt::format("add \"parameters: {{{}: …}}\"{}", spec.name, source != nullptr ? " to the model" : ""));
  }
  return spec.standard;
}

std::vector<double> Planner::resolveInput(const MappedTensor& mapped, const MappedInput& input, bool isBase) {
  std::vector<double> values = standardValues(*m_plan.method);
  // A base model that stands apart has no parameters of its own.
  if (isBase && m_plan.method->baseModel != BaseModelUse::None) {
    return values;
  }
  const PlannedSource& source = m_slices[mapped.slice].sources[input.source];
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ParameterSpec& spec = m_plan.method->parameters[i];
    if (spec.scope == ParameterScope::Input) {
      values[i] = resolveNumber(spec, source.levels, mapped, input.name, &source).value_or(values[i]);
    }
  }
  return values;
}

std::vector<double> Planner::resolveMethod(const MappedTensor& mapped) {
  std::vector<double> values = standardValues(*m_plan.method);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ParameterSpec& spec = m_plan.method->parameters[i];
    if (spec.scope == ParameterScope::Method) {
      values[i] = resolveNumber(spec, m_slices[mapped.slice].levels, mapped, mapped.name, nullptr).value_or(values[i]);
    }
  }
  return values;
}

ConfigChanges Planner::configChanges() const {
  ConfigChanges changes;
  changes.dtype = m_plan.jobs.front().output.dtype;
  changes.untie = m_untied;
  if (!m_recipe.slices.empty()) {
    for (const PlannedSlice& slice : m_slices) {
      const PlannedSource& source = slice.sources.front();
      for (int layer = source.layers.begin; layer < source.layers.end; ++layer) {
        changes.layers.emplace_back(m_plan.models[source.model].get(), layer);
      }
    }
  }
  return changes;
}

void Planner::finish() {
  layOutShards(m_plan, m_options.shardBytes);
  for (const PlannedSlice& slice : m_slices) {
    m_plan.layers += slice.sources.front().layers.end - slice.sources.front().layers.begin;
  }
  for (const TensorJob& job : m_plan.jobs) {
    for (const JobInput& input : job.inputs) {
      m_plan.bytesToRead += input.tensor->entry.bytes() * static_cast<std::uint64_t>(job.passes);
    }
  }
  const Model& source = *m_plan.models[donor()];
  m_plan.config = source.config().text.empty() ? std::string() : makeConfig(source, configChanges());
  m_plan.companions = companionFiles(source);
}

}  // namespace

std::uint64_t MergePlan::parameters() const {
  std::uint64_t sum = 0;
  for (const TensorJob& job : jobs) {
    sum += job.settings.elements;
  }
  return sum;
}

PlanResult planMerge(const Recipe& recipe, const PlanOptions& options) {
  return Planner(recipe, options).plan();
}

}  // namespace layerloom
