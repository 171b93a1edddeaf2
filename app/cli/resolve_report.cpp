// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/resolve_report.h"

#include <array>
#include <fmt/format.h>

#include "core/recipe/gradient.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

std::string valueText(const ResolvedParameter& parameter) {
  if (parameter.spec->type == ParameterType::Boolean) {
    return parameter.value != 0 ? "true" : "false";
  }
  return fmt::format("{:.6g}", parameter.value);
}

/// "models[0].parameters.weight[1], filter "mlp", line 8, from [0, 0.5, 1]"
std::string originText(const ResolvedParameter& parameter, double position) {
  if (parameter.path.empty()) {
    return "standard value";
  }
  std::string text = escaped(parameter.path);
  if (!parameter.filter.empty()) {
    text += fmt::format(", filter \"{}\"", escaped(parameter.filter));
  }
  if (parameter.where.line > 0) {
    text += fmt::format(", line {}", parameter.where.line);
  }
  if (!parameter.gradient.empty()) {
    std::string list;
    for (const SettingScalar& value : parameter.gradient) {
      const auto number = asNumber(value);
      list += (list.empty() ? "" : ", ") + (number ? fmt::format("{:.6g}", *number) : std::string("…"));
    }
    text += fmt::format(", from [{}] at t = {:.6g}", list, position);
  }
  return text;
}

/// The sparsification or the like that a method applies to the change of one model, by the method's name.
std::string changeOperator(std::string_view method) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kOperators = {{{"ties", "trim"},
                                                                                         {"dare_linear", "dare"},
                                                                                         {"dare_ties", "dare"},
                                                                                         {"della", "magprune"},
                                                                                         {"della_linear", "magprune"},
                                                                                         {"breadcrumbs", "mask"},
                                                                                         {"breadcrumbs_ties", "mask"},
                                                                                         {"task_arithmetic", ""},
                                                                                         {"sce", "select"},
                                                                                         {"model_stock", ""}}};
  for (const auto& [name, word] : kOperators) {
    if (name == method) {
      return std::string(word);
    }
  }
  return {};
}

/// The method's formula with the tensor's numbers in the place of its letters. Models are named; B is the base model.
class FormulaWriter {
 public:
  FormulaWriter(const MergePlan& plan, const TensorJob& job) : m_plan(plan), m_job(job) {}

  std::string write() const {
    const std::string& method = m_job.settings.method->name;
    if (method == "linear") {
      return "W = " + average();
    }
    if (method == "slerp" && m_job.inputs.size() == 2 && m_job.settings.base) {
      const double t = m_job.settings.value("t");
      return fmt::format("W = sin({0:.6g}θ)/sin θ · {1} + sin({2:.6g}θ)/sin θ · {3}", 1 - t, name(*m_job.settings.base),
                         t, name(1 - *m_job.settings.base));
    }
    if (method == "passthrough") {
      return fmt::format("W = {:.6g} · {}", m_job.settings.value(0, "scale"), name(0));
    }
    // A base that is optional belongs to methods on spheres, whose changes are no sum.
    if (m_job.settings.method->baseModel == BaseModelUse::Required &&
        m_job.settings.method->parameter("weight") != nullptr) {
      return fmt::format("W = {} + {}", name(*m_job.settings.base), changes());
    }
    return "W = " + call();
  }

 private:
  std::string name(std::size_t input) const { return escaped(m_plan.references[m_job.inputs[input].model]); }

  std::string average() const {
    std::string sum;
    double total = 0;
    for (std::size_t i = 0; i < m_job.inputs.size(); ++i) {
      const double weight = m_job.settings.value(i, "weight");
      total += weight;
      sum += fmt::format("{}{:.6g} · {}", i == 0 ? "" : " + ", weight, name(i));
    }
    return m_job.settings.flag("normalize") ? fmt::format("({}) / {:.6g}", sum, total) : sum;
  }

  std::string changes() const {
    const MethodSpec& method = *m_job.settings.method;
    const std::string word = changeOperator(method.name);
    std::string sum;
    for (std::size_t i = 0; i < m_job.inputs.size(); ++i) {
      if (i == *m_job.settings.base) {
        continue;
      }
      std::string change = fmt::format("({} − {})", name(i), name(*m_job.settings.base));
      if (!word.empty()) {
        const ParameterSpec* density = method.parameter("density");
        change = density != nullptr && density->hasEffect
                     ? fmt::format("{}{}[density {:.6g}]", word, change, m_job.settings.value(i, "density"))
                     : word + change;
      }
      sum += fmt::format("{}{:.6g} · {}", sum.empty() ? "" : " + ", m_job.settings.value(i, "weight"), change);
    }
    const bool elects = method.name.ends_with("ties") || method.name == "della" || method.name == "breadcrumbs_ties";
    std::string text = elects ? fmt::format("agree({})", sum) : fmt::format("({})", sum);
    if (m_job.settings.flag("normalize")) {
      text += elects ? " / Σ agreeing weights" : " / Σ weights";
    }
    return method.parameter("lambda") != nullptr ? fmt::format("{:.6g} · {}", m_job.settings.value("lambda"), text)
                                                 : text;
  }

  /// "karcher(a, b; max_iter = 10, tol = 1e-05)"
  std::string call() const {
    const MethodSpec& method = *m_job.settings.method;
    std::string inputs;
    for (std::size_t i = 0; i < m_job.inputs.size(); ++i) {
      inputs += (i == 0 ? "" : ", ") + name(i);
      if (method.parameter("weight") != nullptr && method.parameter("weight")->scope == ParameterScope::Input) {
        inputs += fmt::format(": weight {:.6g}", m_job.settings.value(i, "weight"));
      }
    }
    std::string settings;
    for (const ResolvedParameter& parameter : m_job.origin->method) {
      if (parameter.spec->hasEffect) {
        settings +=
            fmt::format("{}{} = {}", settings.empty() ? "; " : ", ", parameter.spec->name, valueText(parameter));
      }
    }
    return fmt::format("{}({}{})", method.name, inputs, settings);
  }

  const MergePlan& m_plan;
  const TensorJob& m_job;
};

Json parameterToJson(const ResolvedParameter& parameter) {
  const bool boolean = parameter.spec->type == ParameterType::Boolean;
  return {{"name", parameter.spec->name}, {"value", boolean ? Json(parameter.value != 0) : Json(parameter.value)},
          {"path", parameter.path},       {"filter", parameter.filter},
          {"line", parameter.where.line}, {"column", parameter.where.column}};
}

Json parametersToJson(const std::vector<ResolvedParameter>& parameters) {
  Json list = Json::array();
  for (const ResolvedParameter& parameter : parameters) {
    list.push_back(parameterToJson(parameter));
  }
  return list;
}

void appendParameters(std::string& text, const char* indent, const std::vector<ResolvedParameter>& parameters,
                      double position) {
  for (const ResolvedParameter& parameter : parameters) {
    text += fmt::format("{}{:<14} {:<10} {}\n", indent, parameter.spec->name, valueText(parameter),
                        originText(parameter, position));
  }
}

}  // namespace

std::string describeResolved(const MergePlan& plan, const TensorJob& job) {
  const JobOrigin& origin = *job.origin;
  std::string text = fmt::format("{}\n", escaped(job.output.name, 1000));
  text += origin.layer
              ? fmt::format("  layer {}, t = {:.6g} in {}\n", *origin.layer, origin.position, escaped(origin.slice))
              : fmt::format("  outside the layers, t = 0 in {}\n", escaped(origin.slice));
  if (job.copies) {
    return text + "  whole numbers: copied as they are\n\n";
  }
  text += fmt::format("  {}: {}\n  {}\n", job.settings.method->name, job.settings.method->formula,
                      FormulaWriter(plan, job).write());
  appendParameters(text, "  ", origin.method, origin.position);
  for (std::size_t i = 0; i < job.inputs.size(); ++i) {
    text += fmt::format("  {}{}  {}\n", escaped(plan.references[job.inputs[i].model]),
                        job.settings.base == i ? " (base)" : "", escaped(job.inputs[i].tensor->entry.name, 1000));
    appendParameters(text, "    ", origin.inputs[i], origin.position);
  }
  return text + "\n";
}

Json resolvedToJson(const MergePlan& plan, const TensorJob& job) {
  const JobOrigin& origin = *job.origin;
  Json inputs = Json::array();
  for (std::size_t i = 0; i < job.inputs.size(); ++i) {
    inputs.push_back({{"model", plan.references[job.inputs[i].model]},
                      {"tensor", job.inputs[i].tensor->entry.name},
                      {"base", job.settings.base == i},
                      {"parameters", parametersToJson(origin.inputs[i])}});
  }
  return {{"name", job.output.name},
          {"layer", origin.layer ? Json(*origin.layer) : Json(nullptr)},
          {"t", origin.position},
          {"slice", origin.slice},
          {"method", job.settings.method->name},
          {"formula", job.copies ? std::string() : FormulaWriter(plan, job).write()},
          {"parameters", parametersToJson(origin.method)},
          {"inputs", std::move(inputs)}};
}

}  // namespace layerloom
