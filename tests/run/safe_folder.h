// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <QTemporaryDir>

#include "core/run/run.h"
#include "tests/common/model_data.h"
#include "tests/run/faulty_files.h"

namespace layerloom::test {

/// The bytes of all files in a folder by name.
inline std::map<std::string, std::string> filesIn(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[std::filesystem::relative(entry.path(), folder).string()] = readBytes(entry.path());
    }
  }
  return files;
}

/// A folder with two models, of which a recipe with random numbers makes a model of three shards.
class SafeFolder {
 public:
  SafeFolder() {
    for (const auto& [name, seed] : {std::pair{"one", 1U}, std::pair{"two", 2U}}) {
      writeTinyLlama(path(name), 2, seed);
      writeBytes(path(name) / "tokenizer.json", tinyTokenizer({"a", "b", "c"}));
    }
  }

  std::filesystem::path path(const std::string& name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }

  static constexpr const char* kRecipe =
      "merge_method: dare_ties\nbase_model: one\nmodels:\n- {model: two, parameters: {weight: 0.7, density: 0.6}}\n";

  static RunOptions resuming(bool overwrite = false) {
    RunOptions options;
    options.unfinished = UnfinishedMerge::Resume;
    options.overwrite = overwrite;
    return options;
  }

  /// The options with what this folder asks for.
  PlanOptions planOptions(PlanOptions options = {}) const {
    options.locator.recipeDir = path("");
    options.shardBytes = options.shardBytes == PlanOptions{}.shardBytes ? kShardBytes : options.shardBytes;
    return options;
  }

  /// Plans and merges into "out", as the program does; the planning meets faults too.
  Result<MergeReport> merge(RunOptions options = {}, const std::string& recipe = kRecipe, PlanOptions planOptions = {},
                            std::stop_token stop = {}) const {
    const PlanResult planned = planMerge(*parseRecipe(recipe).recipe, this->planOptions(std::move(planOptions)));
    if (!planned.plan) {
      return refused(planned.problems.front().message);
    }
    options.threads = options.threads == 0 ? 1 : options.threads;
    options.recipeText = recipe;
    options.program = options.program.empty() ? "test" : options.program;
    return runMerge(*planned.plan, path("out"), options, std::move(stop));
  }

  /// The merge with a fault in one of its calls.
  Result<MergeReport> mergeWith(Fault fault, RunOptions options = {}) const {
    FaultyFiles files(fault);
    const FileSystemInUse use(files);
    return merge(std::move(options));
  }

  /// How many calls a merge makes.
  std::uint64_t callsOf(const RunOptions& options = {}) const {
    FaultyFiles files;
    const FileSystemInUse use(files);
    if (const auto report = merge(options); !report) {
      qFatal("%s", report.error().message.c_str());
    }
    return files.calls();
  }

  std::map<std::string, std::string> result() const { return filesIn(path("out")); }
  bool hasResult() const { return std::filesystem::exists(path("out")); }
  bool hasPartial() const { return std::filesystem::exists(path("out.partial")); }
  void clear() const {
    std::filesystem::remove_all(path("out"));
    std::filesystem::remove_all(path("out.partial"));
  }

 private:
  static constexpr std::uint64_t kShardBytes = 1000;

  QTemporaryDir m_folder;
};

}  // namespace layerloom::test
