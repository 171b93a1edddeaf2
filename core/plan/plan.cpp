// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/plan.h"

#include <algorithm>
#include <numeric>
#include <fmt/format.h>

#include "core/plan/plan_checks.h"
#include "core/plan/planner.h"
#include "core/plan/stages.h"
#include "core/support/text.h"

namespace layerloom {

void Planner::problemOnce(const std::string& key, Severity severity, const std::string& path, const TextPosition& where,
                          std::string message, std::string remedy) {
  if (m_reported.insert(key).second) {
    problem(severity, path, where, std::move(message), std::move(remedy));
  }
}

std::string Planner::nameOf(std::size_t model) const {
  return escaped(m_plan.references[model]);
}

PlanResult Planner::plan() {
  // Reading the recipe has said so where no method is named.
  m_plan.method = m_recipe.mergeMethod.empty() ? nullptr : checkMethod(m_recipe, m_problems);
  checkTypes(m_recipe, m_problems);
  if (m_plan.method != nullptr) {
    checkSettings(m_recipe, *m_plan.method, m_problems);
  }
  openModels();
  // Faults in settings do not hide those that only the tensors show; without all models or a common shape some of these show all the same.
  const bool fits = m_allOpen && !m_plan.models.empty() && fitTogether();
  if (fits && m_plan.method != nullptr) {
    alignVocabularies();
    planJobs();
  } else {
    checkApart();
  }
  // A draft may have no job though nothing is wrong but what reading it has found.
  if (!sound() || m_plan.jobs.empty()) {
    return {std::nullopt, std::move(m_problems)};
  }
  finish();
  return {std::move(m_plan), std::move(m_problems)};
}

ConfigChanges Planner::configChanges() const {
  ConfigChanges changes;
  // The config names the type of the weights, whatever tables of whole numbers stand among them.
  const auto& jobs = m_plan.jobs;
  const auto weights = std::find_if(jobs.begin(), jobs.end(), [](const TensorJob& job) { return !job.copies; });
  changes.dtype = (weights == jobs.end() ? jobs.front() : *weights).output.dtype;
  changes.untie = m_untied;
  if (m_vocabulary) {
    changes.vocabulary = m_vocabulary->rows;
  }
  for (const PlannedModule& module : m_modules) {
    const bool whole = m_recipe.slices.empty() && m_recipe.modules.empty();
    if (whole || layoutOf(donor()).stackOf(module.name) == nullptr) {
      continue;
    }
    ConfigChanges::Stack stack{module.name, {}};
    for (const PlannedSlice& slice : module.slices) {
      const PlannedSource& source = slice.sources.front();
      for (int layer = source.layers.begin; layer < source.layers.end; ++layer) {
        stack.layers.emplace_back(m_plan.models[source.model].get(), layer);
      }
    }
    changes.stacks.push_back(std::move(stack));
  }
  return changes;
}

void Planner::finish() {
  layOutShards(m_plan, m_options.shardBytes);
  for (const PlannedModule& module : m_modules) {
    int layers = 0;
    for (const PlannedSlice& slice : module.slices) {
      layers += slice.layers();
    }
    m_plan.layers = std::max(m_plan.layers, layers);
  }
  for (const TensorJob& job : m_plan.jobs) {
    m_plan.bytesToRead += job.inputBytes() * static_cast<std::uint64_t>(job.passes);
    m_plan.extraEffort += job.extraEffort(job.inputBytes() * static_cast<std::uint64_t>(job.passes - 1));
  }
  const Model& source = *m_plan.models[donor()];
  m_plan.config = source.config().text.empty() ? std::string() : makeConfig(source, configChanges());
  m_plan.companions = companionFiles(source);
  // What is made anew, or belongs to the tokenizer that it replaces, is not copied.
  if (m_vocabulary || !m_plan.files.empty()) {
    std::erase_if(m_plan.companions, [&](const std::filesystem::path& path) {
      const std::string name = path.filename().string();
      const bool made = std::any_of(m_plan.files.begin(), m_plan.files.end(),
                                    [&](const TokenizerFile& file) { return file.name == name; });
      return made || name == "chat_template.json" || (m_vocabulary && name != "generation_config.json");
    });
  }
}

std::uint64_t TensorJob::inputBytes() const {
  return std::accumulate(inputs.begin(), inputs.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const JobInput& input) { return sum + input.tensor->entry.bytes(); });
}

std::uint64_t TensorJob::extraEffort(std::uint64_t bytes) const {
  return static_cast<std::uint64_t>(static_cast<double>(bytes) * (observationEffort - 1));
}

std::uint64_t MergePlan::parameters() const {
  std::uint64_t sum = 0;
  for (const TensorJob& job : jobs) {
    sum += job.settings.elements;
  }
  return sum;
}

namespace {

/// Plans one document of several; the paths of its problems begin with its place in the text, as those found by reading it do.
PlanResult planStage(const Recipe& recipe, const PlanOptions& options) {
  PlanResult planned = Planner(recipe, options).plan();
  for (Problem& problem : planned.problems) {
    problem.path = fmt::format("document[{}]{}{}", recipe.document, problem.path.empty() ? "" : ".", problem.path);
  }
  return planned;
}

}  // namespace

PlanResult planMerge(const Recipe& recipe, const PlanOptions& options) {
  if (recipe.stages.empty()) {
    return Planner(recipe, options).plan();
  }
  PlanOptions whole = options;
  // Until a stage is planned its name stands for a result that is not known, also where stages use each other in a circle.
  for (const Recipe& stage : recipe.stages) {
    whole.stages.emplace(stage.name, nullptr);
  }
  std::vector<Problem> problems;
  std::uint64_t stageBytes = 0;
  std::map<std::string, std::shared_ptr<const Model>> stageModels;
  for (const Recipe& stage : recipe.stages) {
    PlanResult planned = planStage(stage, whole);
    problems.insert(problems.end(), planned.problems.begin(), planned.problems.end());
    if (!planned.plan) {
      continue;
    }
    stageBytes += planned.plan->bytesToRead + planned.plan->bytesToWrite;
    for (std::size_t i = 0; i < planned.plan->models.size(); ++i) {
      stageModels.emplace(planned.plan->references[i], planned.plan->models[i]);
    }
    auto model = announcedModel(*planned.plan, stage.name);
    if (!model) {
      problems.push_back({Severity::Error, "", stage.where, model.error().message, model.error().remedy});
      continue;
    }
    whole.stages.insert_or_assign(stage.name, *std::move(model));
  }
  PlanResult last = planStage(recipe, whole);
  if (last.plan) {
    last.plan->stageBytes = stageBytes;
    last.plan->stageModels = std::move(stageModels);
  }
  last.problems.insert(last.problems.begin(), problems.begin(), problems.end());
  if (hasErrors(last.problems)) {
    last.plan.reset();
  }
  return last;
}

}  // namespace layerloom
