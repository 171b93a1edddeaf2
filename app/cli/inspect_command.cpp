// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inspect_command.h"

#include <CLI/CLI.hpp>
#include <ostream>

#include "app/cli/command_options.h"
#include "app/cli/messages.h"
#include "app/cli/model_report.h"
#include "core/checkpoint/locator.h"

namespace layerloom {
namespace {

constexpr int kJsonVersion = 1;

std::string inspectFooter() {
  return "Example:\n"
         "  layerloom-cli inspect ~/models/my-model --tensors\n"
         "\n"
         "Reads headers and config.json only. \"stack\" names the layers that were found, \"outside\" the tensors that "
         "belong to none,\n"
         "\"assumed\" what was decided by the tensor names alone.\n"
         "--json writes {version, models: [{path, architecture, …}]}; a model that cannot be opened is {reference, "
         "error: {kind,\n"
         "message, remedy}}.\n"
         "\n" +
         exitStatusHelp();
}

}  // namespace

CLI::App* InspectCommand::addTo(CLI::App& program) {
  CLI::App* command = program.add_subcommand("inspect", "Say what a model is: architecture, layers, types, odd things");
  command->add_option("MODEL", m_models, "A model folder, a .safetensors file, or a model's name")
      ->required()
      ->option_text("...");
  addModelDirOption(*command, m_modelDirs);
  command->add_flag("--json", m_json, "Write JSON");
  command->add_flag("--tensors", m_tensors, "List every tensor with type and shape");
  command->footer(inspectFooter);
  return command;
}

ExitStatus InspectCommand::run(CommandContext& context) {
  const ModelDetail detail = m_tensors ? ModelDetail::Tensors : ModelDetail::Summary;
  nlohmann::ordered_json models = nlohmann::ordered_json::array();
  ExitStatus status = ExitStatus::Done;
  for (const std::string& reference : m_models) {
    const Result<std::shared_ptr<const Model>> model = openModel(reference, {".", toPaths(m_modelDirs)});
    if (!model.has_value()) {
      printError(context.err, model.error());
      models.push_back({{"reference", reference}, {"error", errorToJson(model.error())}});
      status = status == ExitStatus::Done ? exitStatusOf(model.error().kind) : status;
      continue;
    }
    const ModelLayout layout = findLayout(**model);
    if (m_json) {
      models.push_back(modelToJson(**model, layout, detail));
    } else {
      context.out << describeModel(**model, layout, detail);
    }
  }
  if (m_json) {
    context.out << prettyJson({{"version", kJsonVersion}, {"models", models}}) << '\n';
  }
  return status;
}

}  // namespace layerloom
