// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/check_command.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

#include "app/cli/command_options.h"
#include "app/cli/messages.h"
#include "app/cli/plan_summary.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr int kJsonVersion = 1;

std::string checkFooter() {
  return "Example:\n"
         "  layerloom-cli check recipe.yml --model-dir ~/models\n"
         "\n"
         "Problems are written as file:line:column: severity: message (remedy). Warnings alone leave the status 0.\n"
         "--json writes {version, file, ok, problems: [{severity, path, line, column, message, remedy}], plan}; plan "
         "is null, or\n"
         "{method, tensors, layers, parameters, passes, bytes_to_read, bytes_to_write, files}.\n"
         "\n" +
         exitStatusHelp();
}

nlohmann::ordered_json planToJson(const MergePlan& plan) {
  return {{"method", plan.method->name},         {"tensors", plan.jobs.size()},   {"layers", plan.layers},
          {"parameters", plan.parameters()},     {"passes", passesOver(plan)},    {"bytes_to_read", plan.bytesToRead},
          {"bytes_to_write", plan.bytesToWrite}, {"files", outputFileNames(plan)}};
}

void printJson(std::ostream& out, const RecipeText& recipe, const CheckedRecipe& checked) {
  const nlohmann::ordered_json json = {
      {"version", kJsonVersion},
      {"file", recipe.name},
      {"ok", checked.plan.has_value()},
      {"problems", problemsToJson(checked.problems)},
      {"plan", checked.plan ? planToJson(*checked.plan) : nlohmann::ordered_json(nullptr)}};
  out << prettyJson(json) << '\n';
}

void printText(std::ostream& out, const RecipeText& recipe, const CheckedRecipe& checked) {
  printProblems(out, checked.problems, recipe.name);
  out << recipe.name << ": " << countProblems(checked.problems);
  if (checked.plan) {
    out << fmt::format("; {} tensors, {} layers, {} would be written", checked.plan->jobs.size(), checked.plan->layers,
                       formatBytes(checked.plan->bytesToWrite));
  }
  out << '\n';
}

}  // namespace

CLI::App* CheckCommand::addTo(CLI::App& program) {
  CLI::App* command = program.add_subcommand("check", "List every problem of a recipe and of the models it names");
  addRecipeArgument(*command, m_recipe);
  addModelDirOption(*command, m_modelDirs);
  command->add_flag("--json", m_json, "Write JSON");
  command->footer(checkFooter);
  return command;
}

ExitStatus CheckCommand::run(CommandContext& context) {
  const Result<RecipeText> recipe = readRecipe(m_recipe, context.in);
  if (!recipe.has_value()) {
    printError(context.err, recipe.error());
    return exitStatusOf(recipe.error().kind);
  }
  PlanOptions options;
  options.locator = {recipe->folder, toPaths(m_modelDirs)};
  const CheckedRecipe checked = checkRecipe(*recipe, options);
  if (m_json) {
    printJson(context.out, *recipe, checked);
  } else {
    printText(context.out, *recipe, checked);
  }
  return checked.plan ? ExitStatus::Done : ExitStatus::Refused;
}

}  // namespace layerloom
