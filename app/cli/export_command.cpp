// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/export_command.h"

#include <CLI/CLI.hpp>
#include <ostream>

#include "app/cli/command_options.h"
#include "app/cli/messages.h"
#include "app/cli/recipe_text.h"
#include "core/checkpoint/layout.h"
#include "core/checkpoint/locator.h"
#include "core/methods/spec.h"
#include "core/recipe/shorten.h"
#include "core/support/file.h"

namespace layerloom {
namespace {

std::string exportFooter() {
  return "Example:\n"
         "  layerloom-cli export recipe.yml -o canonical.yml\n"
         "\n"
         "The result means the same in mergekit: its spelling, numbers that read back as the same numbers, and quotes "
         "around\n"
         "text that YAML would take for something else. A list over the layers becomes the shortest one that gives every\n"
         "layer the same value to 1e-9; a model that is not found may cost a longer list, nothing else is read of models.\n"
         "\n" +
         exitStatusHelp();
}

/// An adapter changes no number of layers.
Result<std::shared_ptr<const Model>> openWithoutAdapter(const ModelReference& reference, const LocatorOptions& places) {
  LAYERLOOM_TRY(const ModelAddress address, addressOf(reference));
  return openModel(ModelAddress{address.path, address.revision, {}, {}}, places);
}

/// Layers in the module's stack, or in all stacks; nothing when the model cannot be opened.
std::vector<int> layersOf(const ModelReference& reference, const std::string& module, const LocatorOptions& places) {
  const auto model = openWithoutAdapter(reference, places);
  std::vector<int> layers;
  if (model) {
    for (const LayerStack& stack : findLayout(**model).stacks) {
      if (module.empty() || stack.module == module) {
        layers.push_back(stack.layers);
      }
    }
  }
  return layers;
}

void shortenStage(Recipe& recipe, const LocatorOptions& places) {
  const MethodSpec* const method = findMethod(recipe.mergeMethod);
  if (method == nullptr) {
    return;
  }
  const auto isInterpolated = [method](const std::string& name) {
    const ParameterSpec* const parameter = method->parameter(name);
    return parameter != nullptr && parameter->type == ParameterType::Number && !parameter->whole;
  };
  shortenGradients(recipe, {isInterpolated, [&places](const ModelReference& model, const std::string& module) {
                              return layersOf(model, module, places);
                            }});
}

}  // namespace

CLI::App* ExportCommand::addTo(CLI::App& program) {
  CLI::App* command = program.add_subcommand("export", "Write a recipe as canonical mergekit YAML");
  addRecipeArgument(*command, m_recipe);
  command
      ->add_option("-o,--output", m_file,
                   "Write this file instead of standard output; replaced in one step if it exists")
      ->option_text("FILE");
  addModelDirOption(*command, m_modelDirs);
  command->footer(exportFooter);
  return command;
}

ExitStatus ExportCommand::run(CommandContext& context) {
  const Result<RecipeText> recipe = readRecipe(m_recipe, context.in);
  if (!recipe.has_value()) {
    printError(context.err, recipe.error());
    return exitStatusOf(recipe.error().kind);
  }
  const ParsedRecipe parsed = parseRecipe(recipe->text);
  printProblems(context.err, parsed.problems, recipe->name);
  if (!parsed.recipe) {
    return ExitStatus::Refused;
  }
  Recipe exported = *parsed.recipe;
  const LocatorOptions places{recipe->folder, toPaths(m_modelDirs), {}};
  for (Recipe& stage : exported.stages) {
    shortenStage(stage, places);
  }
  shortenStage(exported, places);
  const std::string yaml = writeRecipe(exported);
  if (m_file.empty()) {
    context.out << yaml;
    return ExitStatus::Done;
  }
  if (const Status written = replaceTextFile(m_file, yaml); !written.has_value()) {
    printError(context.err, written.error());
    return exitStatusOf(written.error().kind);
  }
  return ExitStatus::Done;
}

}  // namespace layerloom
