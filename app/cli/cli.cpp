// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <new>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "app/cli/check_command.h"
#include "app/cli/command.h"
#include "app/cli/export_command.h"
#include "app/cli/inspect_command.h"
#include "app/cli/merge_command.h"
#include "app/cli/methods_command.h"
#include "app/cli/resolve_command.h"
#include "app/cli/stats_command.h"
#include "app/version.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr const char* kDescription =
    "Merges fine-tuned language models by a recipe in mergekit's language, in constant memory and without a graphics "
    "card.\n"
    "Models are folders with config.json and safetensors files. Nothing is ever downloaded.\n";

constexpr const char* kFooter =
    "Example: layerloom-cli merge recipe.yml merged-model --model-dir ~/models\n"
    "\n"
    "A model in a recipe is looked up as an absolute path, beside the recipe, in the working directory, in each "
    "--model-dir\n"
    "and in the Hugging Face cache. \"layerloom-cli COMMAND --help\" explains a command.\n";

/// The program's parser and its commands.
class Program {
 public:
  Program() : m_parser(kDescription, "layerloom-cli") {
    m_parser.set_version_flag("--version", fmt::format("layerloom-cli {}", kVersion), "Print the version and exit");
    m_parser.set_help_flag("-h,--help", "Print this help and exit");
    m_parser.require_subcommand(1);
    m_parser.get_formatter()->label("SUBCOMMAND", "COMMAND");
    m_parser.get_formatter()->column_width(34);
    for (Command* command : {static_cast<Command*>(&m_merge), static_cast<Command*>(&m_check),
                             static_cast<Command*>(&m_inspect), static_cast<Command*>(&m_stats),
                             static_cast<Command*>(&m_resolve),
                             static_cast<Command*>(&m_export), static_cast<Command*>(&m_methods)}) {
      CLI::App* added = command->addTo(m_parser);
      added->group("Commands");
      added->set_help_flag("-h,--help", "Print this help and exit");
      m_commands.emplace_back(added, command);
    }
    m_parser.footer(kFooter);  // last: a command that is added later would print it below its own
  }

  ExitStatus run(std::span<const std::string> args, CommandContext& context) {
    if (args.empty()) {
      context.err << m_parser.help();
      return ExitStatus::Refused;
    }
    if (!args.front().starts_with('-') && !isCommand(args.front())) {
      return refuseUnknown(args.front(), context);
    }
    try {
      m_parser.parse(std::vector<std::string>(args.rbegin(), args.rend()));  // CLI11 takes the last argument first
    } catch (const CLI::ParseError& error) {
      return explain(error, context);
    }
    for (const auto& [parsed, command] : m_commands) {
      if (parsed->parsed()) {
        return command->run(context);
      }
    }
    return ExitStatus::Defect;
  }

 private:
  ExitStatus explain(const CLI::ParseError& error, CommandContext& context) const {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
      m_parser.exit(error, context.out, context.err);
      return ExitStatus::Done;
    }
    std::string help = "layerloom-cli --help";
    for (const auto& [parsed, command] : m_commands) {
      if (parsed->parsed()) {
        help = fmt::format("layerloom-cli {} --help", parsed->get_name());
      }
    }
    context.err << fmt::format("layerloom-cli: {}\nSee \"{}\".\n", escaped(error.what(), 1000), help);
    return ExitStatus::Refused;
  }

  bool isCommand(const std::string& word) const {
    return std::any_of(m_commands.begin(), m_commands.end(),
                       [&](const auto& entry) { return entry.first->get_name() == word; });
  }

  ExitStatus refuseUnknown(const std::string& word, CommandContext& context) const {
    std::vector<std::string> names;
    for (const auto& [parsed, command] : m_commands) {
      names.push_back(parsed->get_name());
    }
    const std::optional<std::string> meant = nearestSpelling(word, names);
    const std::string hint = meant ? fmt::format("; did you mean \"{}\"?", *meant) : std::string();
    context.err << fmt::format("layerloom-cli: there is no command \"{}\"{}\nSee \"layerloom-cli --help\".\n",
                               escaped(word), hint);
    return ExitStatus::Refused;
  }

  CLI::App m_parser;
  MergeCommand m_merge;
  CheckCommand m_check;
  InspectCommand m_inspect;
  StatsCommand m_stats;
  ResolveCommand m_resolve;
  MethodsCommand m_methods;
  ExportCommand m_export;
  std::vector<std::pair<CLI::App*, Command*>> m_commands;
};

ExitStatus runGuarded(std::span<const std::string> args, CommandContext& context) {
  try {
    Program program;
    return program.run(args, context);
  } catch (const std::bad_alloc&) {
    context.err << "layerloom-cli: the machine has too little memory for this\n";
    return ExitStatus::Io;
  } catch (const std::exception& error) {
    context.err << fmt::format("layerloom-cli: this is a defect in the program: {}\n", escaped(error.what()));
    return ExitStatus::Defect;
  }
}

}  // namespace

int runCli(std::span<const std::string> args, std::istream& in, std::ostream& out, std::ostream& err,
           std::stop_source stop, const PauseSwitch* pause) {
  CommandContext context{in, out, err, stop.get_token(), pause};
  ExitStatus status = runGuarded(args, context);
  out.flush();
  if (status == ExitStatus::Done && !out) {
    err << "layerloom-cli: standard output cannot be written\n";
    status = ExitStatus::Io;
  }
  return static_cast<int>(status);
}

}  // namespace layerloom
