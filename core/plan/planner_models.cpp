// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "core/plan/planner.h"
#include "core/support/text.h"

namespace layerloom {

std::optional<std::size_t> Planner::indexOf(const ModelReference& reference) const {
  const auto found = std::find(m_references.begin(), m_references.end(), reference);
  return found == m_references.end() ? std::nullopt : std::optional<std::size_t>(found - m_references.begin());
}

/// Its problems are reported where it stands.
bool Planner::isRefusedStage(const ModelReference& reference) const {
  const auto address = addressOf(reference);
  const auto stage = address ? m_options.stages.find(address->path) : m_options.stages.end();
  return stage != m_options.stages.end() && stage->second == nullptr;
}

Result<std::shared_ptr<const Model>> Planner::findModel(const ModelReference& reference) const {
  LAYERLOOM_TRY(const ModelAddress address, addressOf(reference));
  const auto stage = m_options.stages.find(address.path);
  if (stage == m_options.stages.end()) {
    const auto opened = m_options.opened.find(reference.text);
    return opened == m_options.opened.end() ? layerloom::openModel(address, m_options.locator) : opened->second;
  }
  if (!address.adapter.empty()) {
    return refused(fmt::format("\"{}\" puts an adapter on the result of a stage", escaped(reference.text)),
                   "apply the adapter to a model that exists already");
  }
  return stage->second;
}

void Planner::openModel(const ModelReference& reference, const std::string& path) {
  // An entry without a model is a fault that reading the recipe has found.
  if (reference.text.empty() || indexOf(reference)) {
    m_allOpen = m_allOpen && !reference.text.empty();
    return;
  }
  if (isRefusedStage(reference)) {
    m_allOpen = false;
    return;
  }
  auto model = findModel(reference);
  if (!model) {
    m_allOpen = false;
    problemOnce("open " + reference.text, Severity::Error, path, reference.where, model.error().message, model.error().remedy);
    return;
  }
  m_plan.models.push_back(*std::move(model));
  m_plan.references.push_back(reference.text);
  m_references.push_back(reference);
  checkModel(m_plan.models.size() - 1, path, reference.where);
}

void Planner::openModels() {
  forEachReference(m_recipe, [this](const ModelReference& reference, const std::string& path) {
    if (!path.starts_with("tokenizer")) {
      openModel(reference, path);
    }
  });
}

void Planner::checkModel(std::size_t index, const std::string& path, const TextPosition& where) {
  const Model& model = *m_plan.models[index];
  const std::string name = nameOf(index);
  if (const std::string& scheme = model.quantisation(); !scheme.empty()) {
    problem(Severity::Error, path, where, fmt::format("model \"{}\" is quantised ({})", name, escaped(scheme)),
            "use the model before quantisation");
    return;
  }
  for (const std::string& warning : model.warnings()) {
    problem(Severity::Note, path, where, fmt::format("model \"{}\": {}", name, warning));
  }
}

const std::string& Planner::architectureOf(std::size_t model) const {
  const std::string& replaced = m_references[model].architecture;
  return replaced.empty() ? m_plan.models[model]->config().architecture : replaced;
}

void Planner::checkArchitectures() {
  const std::string& first = m_plan.models.front()->config().modelType;
  for (std::size_t i = 1; i < m_plan.models.size(); ++i) {
    const std::string& other = m_plan.models[i]->config().modelType;
    const bool replaced = !m_references[i].architecture.empty() || !m_references[0].architecture.empty();
    const bool same = replaced ? architectureOf(i) == architectureOf(0) : other == first;
    if (same || other.empty() || first.empty()) {
      continue;
    }
    problem(m_options.allowDifferentArchitectures ? Severity::Warning : Severity::Error, "", m_references[i].where,
            fmt::format("the models are of different architectures: \"{}\" is {}, \"{}\" is {}", nameOf(0), escaped(first), nameOf(i),
                        escaped(other)),
            "merge models of one architecture (--allow-crimes tries it all the same)");
  }
}

}  // namespace layerloom
