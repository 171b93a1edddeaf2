// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/resolve_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <ostream>

#include "app/cli/command_options.h"
#include "app/cli/messages.h"
#include "app/cli/recipe_check.h"
#include "app/cli/resolve_report.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr int kJsonVersion = 1;

std::string resolveFooter() {
  return "Example:\n"
         "  layerloom-cli resolve recipe.yml --tensor model.layers.7.mlp.up_proj.weight --model-dir ~/models\n"
         "\n"
         "Tensors are named as in the result. --json writes {version, tensors: [{name, layer, t, slice, method, formula,\n"
         "parameters: [{name, value, path, filter, line, column}], inputs: [{model, tensor, base, parameters}]}]}; path is empty\n"
         "and line 0 for a standard value, layer is null outside the layers.\n"
         "\n" +
         exitStatusHelp();
}

}  // namespace

CLI::App* ResolveCommand::addTo(CLI::App& program) {
  CLI::App* command = program.add_subcommand("resolve", "Show which values hold for a tensor, and which rule set them");
  addRecipeArgument(*command, m_recipe);
  CLI::Option* tensor =
      command->add_option("--tensor", m_tensors, "A tensor of the result; may be given several times")->option_text("NAME");
  command->add_flag("--all", m_all, "All tensors")->excludes(tensor);
  addModelDirOption(*command, m_modelDirs);
  command->add_flag("--json", m_json, "Write JSON");
  command->footer(resolveFooter);
  return command;
}

ExitStatus ResolveCommand::run(CommandContext& context) {
  const Result<RecipeText> recipe = readRecipe(m_recipe, context.in);
  if (!recipe.has_value()) {
    printError(context.err, recipe.error());
    return exitStatusOf(recipe.error().kind);
  }
  if (!m_all && m_tensors.empty()) {
    printError(context.err, {ErrorKind::Refused, "no tensor is named", "add --tensor NAME, or --all for every tensor"});
    return ExitStatus::Refused;
  }
  PlanOptions options;
  options.locator = {recipe->folder, toPaths(m_modelDirs)};
  options.keepOrigins = true;
  const CheckedRecipe checked = checkRecipe(*recipe, options);
  printProblems(context.err, checked.problems, recipe->name);
  if (!checked.plan) {
    return ExitStatus::Refused;
  }
  std::vector<const TensorJob*> jobs;
  for (const TensorJob& job : checked.plan->jobs) {
    if (m_all || std::find(m_tensors.begin(), m_tensors.end(), job.output.name) != m_tensors.end()) {
      jobs.push_back(&job);
    }
  }
  for (const std::string& name : m_tensors) {
    const auto& all = checked.plan->jobs;
    if (std::none_of(all.begin(), all.end(), [&](const TensorJob& job) { return job.output.name == name; })) {
      std::vector<std::string> names;
      std::transform(all.begin(), all.end(), std::back_inserter(names), [](const TensorJob& job) { return job.output.name; });
      const auto near = nearestSpelling(name, names);
      printError(context.err, {ErrorKind::Refused, fmt::format("the result has no tensor \"{}\"", escaped(name)),
                               near ? fmt::format("did you mean \"{}\"?", escaped(*near)) : "see --all for the names"});
      return ExitStatus::Refused;
    }
  }
  if (m_json) {
    nlohmann::ordered_json tensors = nlohmann::ordered_json::array();
    for (const TensorJob* job : jobs) {
      tensors.push_back(resolvedToJson(*checked.plan, *job));
    }
    context.out << dumpJson({{"version", kJsonVersion}, {"tensors", std::move(tensors)}}) << '\n';
  } else {
    for (const TensorJob* job : jobs) {
      context.out << describeResolved(*checked.plan, *job);
    }
  }
  return ExitStatus::Done;
}

}  // namespace layerloom
