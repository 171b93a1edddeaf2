// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/export_command.h"

#include <CLI/CLI.hpp>
#include <ostream>

#include "app/cli/command_options.h"
#include "app/cli/messages.h"
#include "app/cli/recipe_text.h"
#include "core/support/file.h"

namespace layerloom {
namespace {

std::string exportFooter() {
  return "Example:\n"
         "  layerloom-cli export recipe.yml -o canonical.yml\n"
         "\n"
         "The result means the same in mergekit: its spelling, numbers that read back as the same numbers, and quotes "
         "around\n"
         "text that YAML would take for something else. Models are not looked at.\n"
         "\n" +
         exitStatusHelp();
}

}  // namespace

CLI::App* ExportCommand::addTo(CLI::App& program) {
  CLI::App* command = program.add_subcommand("export", "Write a recipe as canonical mergekit YAML");
  addRecipeArgument(*command, m_recipe);
  command
      ->add_option("-o,--output", m_file,
                   "Write this file instead of standard output; replaced in one step if it exists")
      ->option_text("FILE");
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
  const std::string yaml = writeRecipe(*parsed.recipe);
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
