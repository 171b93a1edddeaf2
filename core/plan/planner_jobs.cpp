// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/checkpoint/architectures.h"
#include "core/plan/plan_checks.h"
#include "core/plan/planner.h"
#include "core/recipe/gradient.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

bool hasFilters(const Settings& settings) {
  return std::any_of(settings.begin(), settings.end(), [](const auto& setting) {
    return std::any_of(setting.second.begin(), setting.second.end(), [](const SettingRule& rule) { return !rule.filter.empty(); });
  });
}

bool hasFilters(const Recipe& recipe) {
  bool found = false;
  forEachSettings(recipe, [&](const Settings& settings, const std::string&, bool) { found = found || hasFilters(settings); });
  return found;
}

}  // namespace

void Planner::planJobs() {
  const std::vector<MappedTensor> tensors = mapTensors(m_modules, m_plan.models);
  m_plan.jobs.reserve(tensors.size());
  for (const MappedTensor& mapped : tensors) {
    planJob(mapped);
  }
  reportLackingValues(tensors.size());
  if (hasFilters(m_recipe)) {
    std::set<std::string> names;
    for (const MappedTensor& mapped : tensors) {
      names.insert(mapped.name);
      for (const MappedInput& input : mapped.inputs) {
        names.insert(input.tensor->entry.name);
      }
    }
    checkFilters(names, true);
  }
  if (m_plan.jobs.empty() && sound()) {
    problem(Severity::Error, "", {}, "the models have no tensors in common", "check the models");
  }
}

/// False when the tensor makes no job: the result does without it, or the recipe is refused for it.
bool Planner::checkLacking(const MappedTensor& mapped) {
  if (mapped.lacking.empty()) {
    return true;
  }
  const PlannedSlice& slice = *mapped.slice;
  const MethodSpec& method = *m_plan.method;
  const PlannedSource& source = slice.sources[mapped.lacking.front()];
  const std::string lacks = fmt::format("model \"{}\" has no tensor \"{}\", which another model has", nameOf(source.model), escaped(mapped.name));
  if (!mapped.vocabulary && !isOptionalPart(architectureOf(slice.sources.front().model), mapped.name)) {
    problemOnce("lacking " + source.path, Severity::Error, source.path, source.where, lacks, "merge models of one architecture, all complete");
    return false;
  }
  const bool lone = mapped.inputs.size() == 1;
  const bool hasBase = std::any_of(mapped.inputs.begin(), mapped.inputs.end(), [&](const MappedInput& input) { return slice.base == input.source; });
  const auto others = static_cast<int>(mapped.inputs.size()) - (hasBase && method.baseModel != BaseModelUse::None ? 1 : 0);
  switch (method.missing) {
    case MissingInputs::PassesLone:
      if (lone) {
        return true;
      }
      break;
    case MissingInputs::PassesLoneBase:
      if (lone && hasBase) {
        return true;
      }
      break;
    case MissingInputs::KeepsBase:
      if (others < method.minInputs) {
        return lone && hasBase;
      }
      break;
    case MissingInputs::Refused:
      break;
  }
  const bool enough = others >= method.minInputs && (method.baseModel != BaseModelUse::Required || hasBase);
  problemOnce("lacking " + source.path, enough ? Severity::Warning : Severity::Error, source.path, source.where,
              enough ? lacks + "; such tensors are merged without it" : lacks, enough ? "" : "merge models that all have the tensor");
  return enough;
}

bool Planner::checkShapes(const MappedTensor& mapped, const TensorJob& job) {
  const TensorEntry& first = job.inputs.front().tensor->entry;
  for (const JobInput& input : job.inputs) {
    const TensorEntry& entry = input.tensor->entry;
    if (entry.shape == first.shape) {
      continue;
    }
    const bool onlyRows = entry.shape.size() == first.shape.size() && !entry.shape.empty() &&
                          std::equal(entry.shape.begin() + 1, entry.shape.end(), first.shape.begin() + 1);
    if (onlyRows && mapped.vocabulary && m_recipe.tokenizer) {
      continue;  // rows are put in order by token
    }
    const std::string remedy = onlyRows && mapped.vocabulary ? "the vocabularies differ: add \"tokenizer: {source: base}\" or \"{source: union}\""
                                                             : "merge models of one size";
    problemOnce("shape " + std::to_string(input.model), Severity::Error, "", m_references[input.model].where,
                fmt::format("the tensor \"{}\" is {} in \"{}\" but {} in \"{}\"", escaped(mapped.name), formatShape(first.shape),
                            nameOf(job.inputs.front().model), formatShape(entry.shape), nameOf(input.model)),
                remedy);
    return false;
  }
  return true;
}

/// Tables of whole numbers have nothing to merge; the executor checks that all are equal while it copies them.
bool Planner::checkCopy(const MappedTensor& mapped, TensorJob& job) {
  const DType dtype = job.inputs.front().tensor->entry.dtype;
  for (const JobInput& input : job.inputs) {
    const DType other = input.tensor->entry.dtype;
    job.copies = job.copies || isWholeNumber(other);
    if ((!isMergeable(other) && !isWholeNumber(other)) || (isWholeNumber(other) != isWholeNumber(dtype))) {
      problemOnce("dtype " + m_plan.references[input.model], Severity::Error, "", m_references[input.model].where,
                  fmt::format("model \"{}\": the tensor \"{}\" is of type {}, which cannot be merged", nameOf(input.model),
                              escaped(mapped.name), safetensorsName(other)),
                  "use a model in float32, bfloat16 or float16");
      return false;
    }
  }
  return true;
}

bool Planner::alignRows(const MappedTensor& mapped, TensorJob& job) {
  if (!m_vocabulary || !mapped.vocabulary || job.copies) {
    return true;
  }
  std::vector<VocabularyTensor> present;
  for (const JobInput& input : job.inputs) {
    present.push_back({input.model, static_cast<std::int64_t>(input.tensor->entry.shape.empty() ? 0 : input.tensor->entry.shape[0])});
  }
  const PlannedSlice& slice = *mapped.slice;
  auto rows = planRows(*m_vocabulary, present, slice.base ? std::optional(slice.sources[*slice.base].model) : std::nullopt);
  if (!rows) {
    problemOnce("rows", Severity::Error, "tokenizer", m_recipe.tokenizer->where,
                fmt::format("tensor \"{}\": {}", escaped(mapped.name), rows.error().message), rows.error().remedy);
    return false;
  }
  job.rows = std::make_shared<const RowPlan>(*std::move(rows));
  return true;
}

void Planner::planJob(const MappedTensor& mapped) {
  if (!checkLacking(mapped) || mapped.inputs.empty()) {
    return;
  }
  TensorJob job;
  for (const MappedInput& input : mapped.inputs) {
    const std::size_t model = mapped.slice->sources[input.source].model;
    job.inputs.push_back({model, input.tensor});
    m_untied = m_untied || (!mapped.layer && mapped.inputs.size() > 1 && input.tensor->entry.name != mapped.name);
  }
  if (!checkCopy(mapped, job) || !checkShapes(mapped, job) || !alignRows(mapped, job)) {
    return;
  }
  finishJob(mapped, std::move(job));
}

void Planner::finishJob(const MappedTensor& mapped, TensorJob job) {
  auto origin = m_options.keepOrigins ? std::make_shared<JobOrigin>() : nullptr;
  auto settings = resolve(mapped, job, origin.get());
  if (!settings) {
    return;
  }
  job.origin = std::move(origin);
  if (!job.copies) {
    const auto merge = makeTensorMerge(*settings);
    if (!merge) {
      // A wrong number of models has been reported for the slice already.
      if (std::any_of(m_problems.begin(), m_problems.end(),
                      [&](const Problem& found) { return found.severity == Severity::Error && found.path == mapped.slice->path; })) {
        return;
      }
      problemOnce("method " + mapped.slice->path, Severity::Error, mapped.slice->path, mapped.slice->where, merge.error().message,
                  merge.error().remedy);
      return;
    }
    job.passes = (*merge)->usualPasses();
    job.observationEffort = (*merge)->observationEffort();
  }
  DType common = job.inputs.front().tensor->entry.dtype;
  if (!job.copies) {
    for (const JobInput& input : job.inputs) {
      common = promoted(common, input.tensor->entry.dtype);
    }
    job.inputDtype = dtypeFromRecipe(m_recipe.dtype);
    common = dtypeFromRecipe(m_recipe.outDtype).value_or(job.inputDtype.value_or(common));
    settings->narrowing = common == DType::BF16 ? Narrowing::ToBf16 : bitsOf(common) == 16 ? Narrowing::ToOdd : Narrowing::ToNearest;
    settings->choosesPrecisely =
        bitsOf(job.inputDtype.value_or(common)) == 16 || bitsOf(common) == 16 ||
        std::any_of(job.inputs.begin(), job.inputs.end(), [](const JobInput& input) { return bitsOf(input.tensor->entry.dtype) == 16; });
  }
  job.output = {mapped.name, common, settings->shape, 0, settings->elements * (bitsOf(common) / 8)};
  job.settings = *std::move(settings);
  m_plan.jobs.push_back(std::move(job));
}

std::optional<MergeSettings> Planner::resolve(const MappedTensor& mapped, const TensorJob& job, JobOrigin* origin) {
  const PlannedSlice& slice = *mapped.slice;
  const TensorEntry& first = job.inputs.front().tensor->entry;
  MergeSettings settings;
  settings.method = m_plan.method;
  settings.tensor = mapped.name;
  settings.shape = first.shape;
  settings.elements = first.elements();
  if (job.rows) {
    settings.elements = first.shape[0] == 0 ? 0 : settings.elements / first.shape[0] * job.rows->total;
    settings.shape[0] = job.rows->total;
  }
  settings.seed = m_options.seed;
  m_incomplete = false;
  for (const MappedInput& input : mapped.inputs) {
    const PlannedSource& source = slice.sources[input.source];
    const bool isBase = slice.base == input.source;
    if (isBase) {
      settings.base = settings.inputs.size();
    }
    std::vector<ResolvedParameter> origins;
    // A base model that stands apart has no parameters of its own.
    const bool apart = isBase && m_plan.method->baseModel != BaseModelUse::None;
    auto values = apart ? standardValues(*m_plan.method)
                        : resolveScope(ParameterScope::Input, mapped, input.tensor->entry.name, &source, origin != nullptr ? &origins : nullptr);
    settings.inputs.push_back({m_plan.references[source.model], std::move(values)});
    if (origin != nullptr) {
      origin->inputs.push_back(std::move(origins));
    }
  }
  settings.values = resolveScope(ParameterScope::Method, mapped, mapped.name, nullptr, origin != nullptr ? &origin->method : nullptr);
  if (origin != nullptr) {
    origin->slice = slice.path;
    origin->layer = mapped.layer;
    origin->position = mapped.position;
  }
  return m_incomplete ? std::nullopt : std::optional(std::move(settings));
}

std::vector<double> Planner::resolveScope(ParameterScope scope, const MappedTensor& mapped, const std::string& tensor,
                                          const PlannedSource* source, std::vector<ResolvedParameter>* origins) {
  const auto& levels = source != nullptr ? source->levels : mapped.slice->levels;
  if (const std::vector<double>* known = rememberedValues(levels, mapped.position)) {
    return *known;
  }
  std::vector<double> values = standardValues(*m_plan.method);
  bool incomplete = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ParameterSpec& spec = m_plan.method->parameters[i];
    if (spec.scope != scope) {
      continue;
    }
    ResolvedParameter origin;
    bool hasRule = false;
    const auto value = resolveValue(spec, levels, tensor, mapped.position, origin, hasRule);
    if (!value) {
      incomplete = true;
      if (!hasRule) {
        reportMissing(spec, mapped, tensor, source);
      }
      continue;
    }
    values[i] = origin.value = *value;
    if (origins != nullptr) {
      origins->push_back(std::move(origin));
    }
  }
  m_incomplete = m_incomplete || incomplete;
  if (!incomplete) {
    m_resolved[&levels].position = mapped.position;
    m_resolved[&levels].values = values;
  }
  return values;
}

/// A layer's tensors have the same values where no rule looks at names. Null where they have to be resolved.
const std::vector<double>* Planner::rememberedValues(const std::vector<SettingLevel>& levels, double position) {
  const auto [known, isNew] = m_resolved.try_emplace(&levels);
  ResolvedValues& resolved = known->second;
  if (isNew) {
    resolved.byName = std::any_of(levels.begin(), levels.end(), [](const SettingLevel& level) { return hasFilters(*level.settings); });
  }
  const bool same = !resolved.byName && !resolved.values.empty() && resolved.position == position;
  return same && !m_options.keepOrigins ? &resolved.values : nullptr;
}

/// Nothing when a required value is missing, or when the rule that decides holds no usable value (which checkSettings reports).
std::optional<double> Planner::resolveValue(const ParameterSpec& spec, const std::vector<SettingLevel>& levels, const std::string& tensor,
                                            double position, ResolvedParameter& origin, bool& hasRule) {
  origin.spec = &spec;
  // A path costs more than all the rest, and is for people.
  const auto found = m_options.keepOrigins ? findEffectiveRule(levels, spec.name, tensor) : findDecidingRule(levels, spec.name, tensor);
  if (!found) {
    return spec.standard;
  }
  hasRule = true;
  if (m_options.keepOrigins) {
    origin.path = found->path;
    origin.filter = found->rule->filter;
    origin.where = found->rule->where;
    origin.gradient = found->rule->values.size() > 1 ? found->rule->values : std::vector<SettingScalar>();
  }
  if (spec.type == ParameterType::Boolean) {
    const auto boolean = evaluateBoolean(*found->rule, position);
    return boolean ? std::optional(*boolean ? 1.0 : 0.0) : std::nullopt;
  }
  return evaluateNumber(*found->rule, position);
}

void Planner::reportMissing(const ParameterSpec& spec, const MappedTensor& mapped, const std::string& tensor, const PlannedSource* source) {
  const std::string& path = source != nullptr ? source->path : mapped.slice->path;
  auto found = std::find_if(m_lackingValues.begin(), m_lackingValues.end(),
                            [&](const LackingValue& lacking) { return lacking.spec == &spec && lacking.path == path; });
  if (found == m_lackingValues.end()) {
    const TextPosition& where = source != nullptr ? source->where : mapped.slice->where;
    m_lackingValues.push_back({&spec, path, where, source != nullptr ? nameOf(source->model) : std::string()});
    found = std::prev(m_lackingValues.end());
  }
  found->tensors.push_back(escaped(tensor));
}

void Planner::reportLackingValues(std::size_t tensors) {
  constexpr std::size_t kNamed = 3;
  for (const LackingValue& lacking : m_lackingValues) {
    const bool appended = lacking.path == "base_model" && m_plan.method->baseModel == BaseModelUse::None;
    const std::size_t count = lacking.tensors.size();
    const auto namedEnd = lacking.tensors.begin() + static_cast<std::ptrdiff_t>(std::min(count, kNamed));
    const std::string which =
        count == 0         ? std::string()
        : count >= tensors ? fmt::format(" for all {} tensors", count)
                           : fmt::format(" for {} of {} tensors: {}{}", count, tensors, fmt::join(lacking.tensors.begin(), namedEnd, ", "),
                                         count > kNamed ? ", …" : "");
    problem(Severity::Error, lacking.path, lacking.where,
            fmt::format("the required parameter \"{}\" is missing{}{}{}", lacking.spec->name,
                        lacking.model.empty() ? std::string() : fmt::format(" for the model \"{}\"", lacking.model),
                        appended ? ", one more input of this method," : "", which),
            appended                ? "list the base model under \"models\" with its own value, or remove \"base_model\""
            : lacking.model.empty() ? fmt::format("add \"parameters: {{{}: …}}\"", lacking.spec->name)
                                    : fmt::format("add \"parameters: {{{}: …}}\" to the model", lacking.spec->name));
  }
}

/// Rules whose filter occurs in none of the names. Without `allLayers` the names may have other layer numbers than the result.
void Planner::checkFilters(const std::set<std::string>& names, bool allLayers) {
  const auto matches = [&](const std::string& filter) {
    const bool open = !allLayers && filter.find_first_of("0123456789") != std::string::npos;
    return open || std::any_of(names.begin(), names.end(), [&](const std::string& name) { return name.find(filter) != std::string::npos; });
  };
  forEachSettings(m_recipe, [&](const Settings& settings, const std::string& path, bool) {
    for (const auto& [name, setting] : settings) {
      const bool known = m_plan.method == nullptr || m_plan.method->parameter(name) != nullptr;
      for (std::size_t i = 0; i < setting.size() && known; ++i) {
        const SettingRule& rule = setting[i];
        if (!rule.filter.empty() && !matches(rule.filter)) {
          const std::string here = fmt::format("{}.{}", path, escaped(name));
          problem(Severity::Warning, setting.size() > 1 ? fmt::format("{}[{}]", here, i) : here, rule.where,
                  fmt::format("the filter \"{}\" occurs in no tensor's name", escaped(rule.filter)), "check its spelling");
        }
      }
    }
  });
}

}  // namespace layerloom
