// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/plan/output_files.h"
#include "core/plan/plan.h"
#include "core/plan/tensor_map.h"

namespace layerloom {

/// A required parameter that has no value for some tensors.
struct LackingValue {
  const ParameterSpec* spec = nullptr;
  std::string path;  ///< of what needs it
  TextPosition where;
  std::string model;  ///< empty: needed by the whole method
  std::vector<std::string> tensors = {};
};

/// Models that are merged together, as the recipe has them.
struct SourceGroup {
  const std::vector<RecipeSource>& sources;
  const std::optional<ModelReference>& base;
  const std::vector<const Settings*>& levels;  ///< above the sources' own
  std::string path;
  std::string sourcesPath;
  TextPosition where;
};

/// The layers of a model, named for people.
struct NamedRange {
  std::string name;
  LayerRange layers;
};

/// Parameters as they were resolved last with some levels of settings.
struct ResolvedValues {
  bool byName = false;  ///< rules have filters, so that another tensor may have other values
  double position = 0;
  std::vector<double> values;  ///< empty: none yet
};

/// Builds a plan step by step; each step adds to the problems and the next ones run only on what is sound. Internal to the room.
class Planner {
 public:
  Planner(const Recipe& recipe, const PlanOptions& options) : m_recipe(recipe), m_options(options) {}

  PlanResult plan();

 private:
  void problem(Severity severity, const std::string& path, const TextPosition& where, std::string message, std::string remedy = {}) {
    m_problems.push_back({severity, path, where, std::move(message), std::move(remedy)});
  }
  /// Reports a kind of fault once with the first tensor that shows it, however many tensors do.
  void problemOnce(const std::string& key, Severity severity, const std::string& path, const TextPosition& where, std::string message,
                   std::string remedy = {});
  bool sound() const { return !hasErrors(m_problems); }
  std::string nameOf(std::size_t model) const;
  const ModelLayout& layoutOf(std::size_t model) const { return *m_plan.models[model]->layout(); }
  const ModelLayout& layoutOf(const PlannedSource& source) const { return layoutOf(source.model); }

  // planner_models.cpp
  void openModels();
  void openModel(const ModelReference& reference, const std::string& path);
  Result<std::shared_ptr<const Model>> findModel(const ModelReference& reference) const;
  bool isRefusedStage(const ModelReference& reference) const;
  void checkModel(std::size_t model, const std::string& path, const TextPosition& where);
  void checkArchitectures();
  const std::string& architectureOf(std::size_t model) const;
  std::optional<std::size_t> indexOf(const ModelReference& reference) const;

  // planner_slices.cpp
  bool fitTogether();
  void planModules();
  void planModule(const RecipeModule& module, const std::string& path);
  PlannedSlice planModels(const std::string& module, const std::vector<RecipeSource>& models, const std::vector<SettingLevel>& levels,
                          const std::string& path);
  std::optional<PlannedSlice> planSlice(const RecipeSlice& slice, const std::vector<SettingLevel>& levels, const std::string& path);
  void addSlice(PlannedModule& module, PlannedSlice slice);
  void addPlanned(PlannedModule module);
  void checkSlice(const std::string& module, const PlannedSlice& slice);
  void reportPastEnd(const std::string& path, const TextPosition& where, const NamedRange& range, int layers);
  void reportUnequal(const std::string& path, const TextPosition& where, const NamedRange& range, const NamedRange& lead);
  void checkTwice(const PlannedSlice& slice);
  void checkSameFolder(const PlannedSlice& slice);
  void checkGradients(const PlannedSlice& slice);
  std::size_t donor() const;

  // planner_apart.cpp
  void checkApart();
  void checkRanges(const std::vector<RecipeSlice>& slices, const std::string& module, const std::string& prefix);
  void checkRequired(const std::vector<RecipeSource>& models, const std::vector<RecipeSlice>& slices,
                     const std::vector<const Settings*>& levels, const std::string& prefix);
  void checkRequired(const SourceGroup& group);

  // planner_jobs.cpp
  void planJobs();
  void planJob(const MappedTensor& mapped);
  bool checkLacking(const MappedTensor& mapped);
  bool checkShapes(const MappedTensor& mapped, const TensorJob& job);
  bool checkCopy(const MappedTensor& mapped, TensorJob& job);
  bool alignRows(const MappedTensor& mapped, TensorJob& job);
  void finishJob(const MappedTensor& mapped, TensorJob job);
  std::optional<MergeSettings> resolve(const MappedTensor& mapped, const TensorJob& job, JobOrigin* origin);
  std::vector<double> resolveScope(ParameterScope scope, const MappedTensor& mapped, const std::string& tensor, const PlannedSource* source,
                                   std::vector<ResolvedParameter>* origins);
  const std::vector<double>* rememberedValues(const std::vector<SettingLevel>& levels, double position);
  std::optional<double> resolveValue(const ParameterSpec& spec, const std::vector<SettingLevel>& levels, const std::string& tensor,
                                     double position, ResolvedParameter& origin, bool& hasRule);
  void reportMissing(const ParameterSpec& spec, const MappedTensor& mapped, const std::string& tensor, const PlannedSource* source);
  void reportLackingValues(std::size_t tensors);
  void checkFilters(const std::set<std::string>& names, bool allLayers);

  // planner_vocabulary.cpp
  void alignVocabularies();
  std::optional<VocabularyRequest> vocabularyRequest();
  std::optional<std::size_t> vocabularyModel(VocabularyRequest& request, const ModelReference& reference, const std::string& path,
                                             const TextPosition& where);

  void finish();
  ConfigChanges configChanges() const;

  const Recipe& m_recipe;
  const PlanOptions& m_options;
  std::vector<Problem> m_problems;
  std::set<std::string> m_reported;
  MergePlan m_plan;
  std::vector<ModelReference> m_references;  ///< in the order of the plan's models
  std::vector<PlannedModule> m_modules;
  std::optional<Vocabulary> m_vocabulary;
  bool m_allOpen = true;
  bool m_untied = false;
  bool m_incomplete = false;  ///< a value of the tensor at hand could not be resolved
  std::vector<LackingValue> m_lackingValues;
  std::map<const std::vector<SettingLevel>*, ResolvedValues> m_resolved;
};

}  // namespace layerloom
