// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/methods_command.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

#include "app/cli/messages.h"
#include "core/methods/spec.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kJsonVersion = 1;

std::string standardText(const ParameterSpec& parameter) {
  if (!parameter.standard) {
    return "required";
  }
  if (parameter.type == ParameterType::Boolean) {
    return *parameter.standard != 0 ? "true" : "false";
  }
  return fmt::format("{}", *parameter.standard);
}

std::string rangeText(const ParameterSpec& parameter) {
  if (parameter.least && parameter.greatest) {
    return fmt::format("{} … {}", *parameter.least, *parameter.greatest);
  }
  if (parameter.least) {
    return fmt::format("{} or more", *parameter.least);
  }
  return parameter.greatest ? fmt::format("{} or less", *parameter.greatest) : std::string();
}

std::string inputsText(const MethodSpec& method) {
  std::string text = method.baseModel == BaseModelUse::Required   ? "the base model and "
                     : method.baseModel == BaseModelUse::Optional ? "a base model where wanted, and "
                                                                  : "";
  if (method.maxInputs == method.minInputs) {
    text += fmt::format("{}", method.minInputs);
  } else if (method.maxInputs < 0) {
    text += fmt::format("{} or more", method.minInputs);
  } else {
    text += fmt::format("{} to {}", method.minInputs, method.maxInputs);
  }
  const bool beside = method.baseModel != BaseModelUse::None;
  return text + (method.maxInputs == 1 ? (beside ? " other model" : " model") : (beside ? " other models" : " models"));
}

std::string describeMethod(const MethodSpec& method) {
  std::string text = fmt::format("{}  {}\n  {}\n  {}\n  Takes {}. {}\n", method.name, method.label, method.summary, method.formula,
                                 inputsText(method), method.reference);
  for (const ParameterSpec& parameter : method.parameters) {
    const std::string range = rangeText(parameter);
    text += fmt::format("    {:<20} {:<9} {:<10} {}{}\n", parameter.name, standardText(parameter),
                        parameter.scope == ParameterScope::Input ? "per model" : "", parameter.help,
                        range.empty() ? "" : fmt::format(" ({})", range));
  }
  return text;
}

std::string markdownOf(const MethodSpec& method) {
  std::string text = fmt::format("\n## `{}`: {}\n\n{}\n\n```text\n{}\n```\n\nTakes {}. Reference: {}.\n", method.name, method.label,
                                 method.summary, method.formula, inputsText(method), method.reference);
  if (method.parameters.empty()) {
    return text;
  }
  text += "\n| parameter | for | standard | range | |\n|---|---|---|---|---|\n";
  for (const ParameterSpec& parameter : method.parameters) {
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", parameter.name,
                        parameter.scope == ParameterScope::Input ? "each model" : "the method", standardText(parameter),
                        rangeText(parameter), parameter.help);
  }
  return text;
}

Json methodToJson(const MethodSpec& method) {
  Json parameters = Json::array();
  for (const ParameterSpec& parameter : method.parameters) {
    const auto number = [&](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
    parameters.push_back({{"name", parameter.name},
                          {"label", parameter.label},
                          {"type", parameter.type == ParameterType::Boolean ? "boolean" : "number"},
                          {"scope", parameter.scope == ParameterScope::Input ? "input" : "method"},
                          {"required", !parameter.standard.has_value()},
                          {"standard", number(parameter.standard)},
                          {"least", number(parameter.least)},
                          {"greatest", number(parameter.greatest)},
                          {"has_effect", parameter.hasEffect},
                          {"help", parameter.help}});
  }
  return {{"name", method.name},           {"label", method.label},   {"summary", method.summary},
          {"formula", method.formula},     {"reference", method.reference}, {"inputs", inputsText(method)},
          {"random", method.random},       {"parameters", std::move(parameters)}};
}

constexpr const char* kPageHead =
    "# Merge methods\n\n"
    "Made by `layerloom-cli methods --markdown`. W is the result, B the base model, Wᵢ the other models, δᵢ = Wᵢ − B, wᵢ the merge weights.\n";

}  // namespace

CLI::App* MethodsCommand::addTo(CLI::App& program) {
  CLI::App* command = program.add_subcommand("methods", "List the merge methods with their formulas and parameters");
  command->add_option("NAME", m_name, "One method; all without it")->option_text(" ");
  CLI::Option* json = command->add_flag("--json", m_json, "Write JSON");
  command->add_flag("--markdown", m_markdown, "Write a page of Markdown")->excludes(json);
  command->footer("Example:\n  layerloom-cli methods ties\n");
  return command;
}

ExitStatus MethodsCommand::run(CommandContext& context) {
  std::vector<const MethodSpec*> methods;
  std::vector<std::string> names;
  for (const MethodSpec& method : methodSpecs()) {
    names.push_back(method.name);
    if (m_name.empty() || method.name == m_name) {
      methods.push_back(&method);
    }
  }
  if (methods.empty()) {
    const auto near = nearestSpelling(m_name, names);
    printError(context.err, {ErrorKind::Refused, fmt::format("there is no merge method \"{}\"", escaped(m_name)),
                             near ? fmt::format("did you mean \"{}\"?", *near) : fmt::format("use one of: {}", fmt::join(names, ", "))});
    return ExitStatus::Refused;
  }
  Json list = Json::array();
  std::string text = m_markdown ? kPageHead : "";
  for (const MethodSpec* method : methods) {
    list.push_back(methodToJson(*method));
    text += m_markdown ? markdownOf(*method) : (method == methods.front() ? "" : "\n") + describeMethod(*method);
  }
  context.out << (m_json ? prettyJson({{"version", kJsonVersion}, {"methods", std::move(list)}}) + "\n" : text);
  return ExitStatus::Done;
}

}  // namespace layerloom
