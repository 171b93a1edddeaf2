// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/staged_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>
#include <utility>

#include "core/run/merge_lock.h"
#include "core/run/model_card.h"
#include "core/run/output_checks.h"
#include "core/run/output_folder.h"
#include "core/run/refusal.h"
#include "core/support/file.h"
#include "core/support/folder.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

/// A folder name made from the name of a stage, which may hold anything.
std::string folderName(std::size_t index, const std::string& name) {
  constexpr std::size_t kLongest = 60;
  std::string safe = name.substr(0, kLongest);
  std::replace_if(
      safe.begin(), safe.end(),
      [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
      },
      '_');
  return fmt::format("{}-{}", index + 1, safe);
}

constexpr std::string_view kStageMark = "# Layerloom stage ";

/// The recipe of a stage below a line that is another one when the stage would give another result: by another recipe,
/// another seed or other models, which may be results of earlier stages.
std::string stageText(const Recipe& stage, const MergePlan& plan, std::uint64_t seed) {
  const std::string recipe = writeRecipe(stage);
  std::string all = fmt::format("{}\n{}", seed, recipe);
  for (const auto& model : plan.models) {
    all += "\n" + model->fingerprint();
  }
  return fmt::format("{}{}\n{}", kStageMark, fingerprint(all), recipe);
}

/// What stands in the folder of a stage.
enum class StageState { Nothing, Done, Outdated, Foreign };

StageState stateOf(const fs::path& folder, const std::string& stageText) {
  std::error_code code;
  if (!fs::exists(folder, code) || fs::is_empty(folder, code)) {
    return StageState::Nothing;
  }
  const auto held = readTextFile(folder / "mergekit_config.yml", YamlLimits{}.bytes + stageText.size());
  if (!held || !held->starts_with(kStageMark)) {
    return StageState::Foreign;
  }
  return *held == stageText ? StageState::Done : StageState::Outdated;
}

fs::path scratchFolder(const fs::path& output) {
  fs::path folder = withoutTrailingSlash(output);
  folder += ".stages";
  return folder;
}

/// The folder for results of stages that are not to be kept, beside the output. Kept after a failure, for a merge that resumes.
class StageScratch {
 public:
  StageScratch() = default;

  static Result<StageScratch> open(const fs::path& output, UnfinishedMerge unfinished);

  const fs::path& path() const { return m_path; }
  bool isResumed() const { return m_isResumed; }
  void remove();
  /// Removes it unless there is something in it that a resumed merge can use; true when it stays.
  bool keepIfOfUse();

 private:
  bool isEmpty() const;

  fs::path m_path;  ///< empty: there is none
  std::vector<fs::path> m_madeFolders;
  MergeLock m_lock;
  bool m_isResumed = false;
};

Result<StageScratch> StageScratch::open(const fs::path& output, UnfinishedMerge unfinished) {
  StageScratch scratch;
  scratch.m_path = scratchFolder(output);
  LAYERLOOM_TRY(scratch.m_madeFolders, makeFolders(scratch.m_path));
  LAYERLOOM_TRY(scratch.m_lock, MergeLock::take(scratch.m_path));
  if (!scratch.isEmpty() && unfinished == UnfinishedMerge::Refuse) {
    scratch.m_lock.release();
    return refused(fmt::format("{}: an earlier merge into {} was interrupted", shown(scratch.m_path), shown(output)),
                   kInterruptedRemedy, RefusalReason::Interrupted);
  }
  scratch.m_isResumed = !scratch.isEmpty() && unfinished == UnfinishedMerge::Resume;
  if (unfinished == UnfinishedMerge::Discard) {
    LAYERLOOM_TRY(const std::vector<std::string> names, namesIn(scratch.m_path));
    for (const std::string& name : names) {
      LAYERLOOM_CHECK(name == MergeLock::kFileName ? Status() : removeTree(scratch.m_path / name));
    }
  }
  return scratch;
}

bool StageScratch::isEmpty() const {
  const auto names = namesIn(m_path);
  return !names || std::all_of(names->begin(), names->end(), [](const std::string& name) { return name == MergeLock::kFileName; });
}

void StageScratch::remove() {
  if (m_path.empty()) {
    return;
  }
  (void)removeTree(m_path);
  m_lock.release();
  // Those above it too, where nobody put anything in.
  for (auto folder = m_madeFolders.rbegin(); folder != m_madeFolders.rend(); ++folder) {
    (void)removeFolder(*folder);
  }
}

bool StageScratch::keepIfOfUse() {
  if (m_path.empty()) {
    return false;
  }
  if (isEmpty()) {
    remove();
    return false;
  }
  m_lock.release();
  return true;
}

/// Runs the stages one after the other; removes their results at the end unless they are to be kept.
class StagedRun {
 public:
  StagedRun(PlanOptions planOptions, const RunOptions& options, std::stop_token stop, const ProgressCallback& progress,
            std::uint64_t bytesTotal)
      : m_planOptions(std::move(planOptions)),
        m_options(options),
        m_stop(std::move(stop)),
        m_progress(progress),
        m_bytesTotal(bytesTotal) {}

  Result<MergeReport> run(const Recipe& recipe, const MergePlan& whole, const fs::path& output,
                          const fs::path& stageFolder);

 private:
  Result<MergeReport> runAll(const Recipe& recipe, const MergePlan& whole, const fs::path& output, const fs::path& folder);
  Result<MergePlan> plan(const Recipe& recipe) const;
  Result<MergeReport> runStage(const Recipe& stage, const fs::path& target);
  Result<MergeReport> runOne(const MergePlan& plan, const fs::path& output, const RunOptions& options);
  ProgressCallback shifted();

  PlanOptions m_planOptions;
  const RunOptions& m_options;
  const std::stop_token m_stop;
  const ProgressCallback& m_progress;
  const std::uint64_t m_bytesTotal;
  std::uint64_t m_bytesDone = 0;
  double m_secondsDone = 0;
  StageScratch m_scratch;
  std::map<std::string, std::vector<std::string>> m_stageSources;  ///< of the stages so far, the models that they were made of
};

/// The progress of one stage as progress of the whole.
ProgressCallback StagedRun::shifted() {
  if (!m_progress) {
    return {};
  }
  return [this](Progress progress) {
    const std::uint64_t rest = m_bytesTotal - std::min(m_bytesTotal, m_bytesDone + progress.bytesTotal);
    const std::uint64_t left = progress.bytesTotal - progress.bytesDone;
    progress.secondsLeft = progress.secondsLeft < 0 || left == 0
                               ? -1
                               : progress.secondsLeft * static_cast<double>(left + rest) / static_cast<double>(left);
    progress.bytesDone += m_bytesDone;
    progress.bytesTotal = std::max(m_bytesTotal, progress.bytesDone);
    progress.seconds += m_secondsDone;
    m_progress(progress);
  };
}

Result<MergePlan> StagedRun::plan(const Recipe& recipe) const {
  PlanResult planned = planMerge(recipe, m_planOptions);
  if (!planned.plan) {
    const auto error = std::find_if(planned.problems.begin(), planned.problems.end(),
                                    [](const Problem& problem) { return problem.severity == Severity::Error; });
    return refused(
        recipe.name.empty() ? error->message : fmt::format("stage \"{}\": {}", escaped(recipe.name), error->message),
        error->remedy);
  }
  return *std::move(planned.plan);
}

Result<MergeReport> StagedRun::runOne(const MergePlan& plan, const fs::path& output, const RunOptions& options) {
  LAYERLOOM_TRY(MergeReport report, runMerge(plan, output, options, m_stop, shifted()));
  m_bytesDone += plan.bytesToRead + plan.bytesToWrite;
  m_secondsDone += report.seconds;
  return report;
}

/// Makes the result of a stage unless it stands there already; the report of nothing in that case.
Result<MergeReport> StagedRun::runStage(const Recipe& stage, const fs::path& target) {
  LAYERLOOM_TRY(const MergePlan stagePlan, plan(stage));
  RunOptions options = m_options;
  options.stageSources = m_stageSources;
  m_stageSources[stage.name] = sourceModels(stagePlan, options);
  options.recipeText = stageText(stage, stagePlan, m_planOptions.seed);
  const StageState state = stateOf(target, options.recipeText);
  if (state == StageState::Done) {
    m_bytesDone += stagePlan.bytesToRead + stagePlan.bytesToWrite;
    return MergeReport{};
  }
  if (state == StageState::Foreign) {
    return refused(fmt::format("{}: exists already and is no result of a stage", shown(target)),
                   "name another folder for the stages");
  }
  if (state == StageState::Outdated && m_scratch.isResumed()) {
    return refused(fmt::format("{}: cannot be resumed, because the recipe, the seed or a model of the stage \"{}\" is another than before",
                               shown(m_scratch.path()), escaped(stage.name)),
                   kOtherMergeRemedy, RefusalReason::OtherMerge);
  }
  options.overwrite = state == StageState::Outdated;
  return runOne(stagePlan, target, options);
}

Result<MergeReport> StagedRun::run(const Recipe& recipe, const MergePlan& whole, const fs::path& output,
                                   const fs::path& stageFolder) {
  if (!stageFolder.empty()) {
    return runAll(recipe, whole, output, stageFolder);
  }
  LAYERLOOM_TRY(m_scratch, StageScratch::open(output, m_options.unfinished));
  Result<MergeReport> report = runAll(recipe, whole, output, m_scratch.path());
  if (report && !report->cancelled) {
    m_scratch.remove();
    return report;
  }
  // A resumed merge that is refused is another one; what the first has made stays.
  if (report || (report.error().kind == ErrorKind::Refused && !m_scratch.isResumed())) {
    m_scratch.remove();
  } else if (m_scratch.keepIfOfUse() && report.error().kind != ErrorKind::Refused) {
    std::string& remedy = report.error().remedy;
    remedy += fmt::format("{}earlier stages are kept in {}; {}", remedy.empty() ? "" : "; ", shown(m_scratch.path()), kResumeHint);
  }
  return report;
}

Result<MergeReport> StagedRun::runAll(const Recipe& recipe, const MergePlan& whole, const fs::path& output, const fs::path& folder) {
  MergeReport sum;
  const auto add = [&](const MergeReport& report) {
    sum.bytesRead += report.bytesRead;
    sum.bytesWritten += report.bytesWritten;
    sum.tensorsKept += report.tensorsKept;
    sum.audit.add(report.audit);
    sum.warnings.insert(sum.warnings.end(), report.warnings.begin(), report.warnings.end());
  };
  for (std::size_t i = 0; i < recipe.stages.size(); ++i) {
    const Recipe& stage = recipe.stages[i];
    const fs::path target = folder / folderName(i, stage.name);
    LAYERLOOM_CHECK(checkPlace(whole, target));
    LAYERLOOM_TRY(const MergeReport report, runStage(stage, target));
    if (report.cancelled) {
      return report;
    }
    add(report);
    m_planOptions.locator.named[stage.name] = target;
  }
  Recipe last = recipe;
  last.stages.clear();
  LAYERLOOM_TRY(const MergePlan lastPlan, plan(last));
  RunOptions options = m_options;
  options.stageSources = m_stageSources;
  LAYERLOOM_TRY(MergeReport report, runOne(lastPlan, output, options));
  add(report);
  report.bytesRead = sum.bytesRead;
  report.bytesWritten = sum.bytesWritten;
  report.tensorsKept = sum.tensorsKept;
  report.audit = std::move(sum.audit);
  report.warnings = std::move(sum.warnings);
  report.seconds = m_secondsDone;
  return report;
}

}  // namespace

Result<MergeReport> runRecipe(const Recipe& recipe, const PlanOptions& planOptions, const MergePlan& plan,
                              const fs::path& output, const fs::path& stageFolder, const RunOptions& options,
                              std::stop_token stop, const ProgressCallback& progress) {
  if (recipe.stages.empty()) {
    return runMerge(plan, output, options, std::move(stop), progress);
  }
  LAYERLOOM_CHECK(checkOutput(plan, output, options));
  const std::uint64_t total = plan.stageBytes + plan.bytesToRead + plan.bytesToWrite;
  return StagedRun(planOptions, options, std::move(stop), progress, total).run(recipe, plan, output, stageFolder);
}

fs::path unfinishedFolder(const fs::path& output) {
  for (const fs::path& folder : {partialFolder(output), scratchFolder(output)}) {
    const auto status = statusOf(folder);
    if (status && *status) {
      return folder;
    }
  }
  return {};
}

}  // namespace layerloom
