// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/checkpoint/layout.h"
#include "core/checkpoint/locator.h"
#include "core/methods/spec.h"
#include "core/methods/tensor_merge.h"
#include "core/recipe/recipe.h"
#include "core/vocabulary/vocabulary.h"

namespace layerloom {

/// An input of a job: a tensor of one of the plan's models.
struct JobInput {
  std::size_t model = 0;  ///< index into MergePlan::models
  const ModelTensor* tensor = nullptr;
};

/// A parameter's effective value for a tensor and where it comes from.
struct ResolvedParameter {
  const ParameterSpec* spec = nullptr;
  double value = 0;    ///< booleans as 0 and 1
  std::string path;    ///< of the rule in the recipe; empty: the method's standard value
  std::string filter;  ///< of the rule
  TextPosition where;
  std::vector<SettingScalar> gradient;  ///< the list that the value was interpolated from; empty for a single value
};

/// Where the parameters of a job come from; made on request.
struct JobOrigin {
  std::string slice;  ///< its path in the recipe
  std::optional<int> layer;
  double position = 0;                                 ///< t in the slice
  std::vector<ResolvedParameter> method;               ///< of the whole method
  std::vector<std::vector<ResolvedParameter>> inputs;  ///< one list per input
};

/// One output tensor and all that its making needs.
struct TensorJob {
  TensorEntry output;  ///< name, type, shape; byte range within its shard
  std::size_t shard = 0;
  std::vector<JobInput> inputs;
  MergeSettings settings;  ///< the method's parameters, resolved for this tensor; inputs in the order of `inputs`
  int passes = 1;          ///< how often the inputs are read as a rule
  double observationEffort = 1;  ///< as TensorMerge::observationEffort()

  std::uint64_t inputBytes() const;
  /// How many bytes more than they are some that are read in passes which observe count for in estimates.
  std::uint64_t extraEffort(std::uint64_t bytes) const;
  std::optional<DType> inputDtype;  ///< `dtype`: inputs are rounded to it on load; nothing: as they are
  /// How the rows of the inputs are put into the order of the result's vocabulary, in the order of `inputs`; null: as
  /// they are.
  std::shared_ptr<const RowPlan> rows;
  bool copies =
      false;  ///< no numbers to merge (a table of whole numbers): the bytes of the first input, which all others equal
  std::shared_ptr<const JobOrigin> origin;  ///< with PlanOptions::keepOrigins
};

/// A file of the output.
struct OutputShard {
  std::string fileName;
  std::string header;       ///< length and JSON, ready to write
  std::uint64_t bytes = 0;  ///< of the whole file
};

struct MergePlan {
  const MethodSpec* method = nullptr;
  std::vector<std::shared_ptr<const Model>> models;
  std::vector<std::string> references;  ///< as the recipe names the models; also the names in random streams
  std::vector<TensorJob> jobs;          ///< in the order of the output files
  std::vector<OutputShard> shards;
  std::string config;                             ///< the output's config.json; empty when the source has none
  std::string index;                              ///< the output's index; empty for a single file
  std::vector<std::filesystem::path> companions;  ///< tokenizer files and the like to copy
  std::vector<TokenizerFile> files;               ///< small files that are made anew
  int layers = 0;                                 ///< of the result
  std::uint64_t extraEffort = 0;                  ///< how many bytes more than these and those to write count in estimates of time
  std::uint64_t bytesToRead = 0;                  ///< counted once per pass that the method needs as a rule
  std::uint64_t bytesToWrite = 0;
  std::uint64_t stageBytes = 0;  ///< that earlier stages of the recipe read and write
  std::map<std::string, std::shared_ptr<const Model>> stageModels;  ///< that earlier stages read, by reference

  std::uint64_t parameters() const;
};

struct PlanOptions {
  LocatorOptions locator;
  std::uint64_t shardBytes = 5'000'000'000;
  std::uint64_t seed = 0;
  bool allowDifferentArchitectures = false;
  bool keepOrigins = false;  ///< note for every job where its parameters come from
  /// Models that are open already, by the text of their references; others are opened.
  std::map<std::string, std::shared_ptr<const Model>> opened;
  /// Results of earlier stages by name; looked up before anything else. Null: a stage that is refused, so that what uses it is checked
  /// without it.
  std::map<std::string, std::shared_ptr<const Model>> stages;
};

/// A plan, and all that is to be said about recipe and models together; the plan is there unless a problem is an error.
struct PlanResult {
  std::optional<MergePlan> plan;
  std::vector<Problem> problems;
};

/// Works out what a merge will read, compute and write. Reads headers and small files, writes nothing. Of a recipe with
/// stages this is the plan of the last one; the stages before it are planned too, and stand in for models that do not
/// exist yet.
PlanResult planMerge(const Recipe& recipe, const PlanOptions& options);

}  // namespace layerloom
