// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/compared_tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "core/checkpoint/layout.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

class ComparisonMaker {
 public:
  explicit ComparisonMaker(const StatisticsSources& sources)
      : m_sources(sources), m_layout(findLayout(sources.base ? *sources.base : *sources.models.front())), m_left(sources.models.size()) {}

  Comparison make() {
    for (const std::string& name : names()) {
      add(name);
    }
    std::sort(m_result.tensors.begin(), m_result.tensors.end(), [](const ComparedTensor& a, const ComparedTensor& b) {
      return std::tie(a.place.module, a.place.layer, a.place.name) < std::tie(b.place.module, b.place.layer, b.place.name);
    });
    addNotes();
    return std::move(m_result);
  }

 private:
  struct LeftOut {
    std::size_t missing = 0;
    std::size_t otherShape = 0;
    std::string example;
  };

  std::set<std::string> names() const {
    std::set<std::string> all;
    const auto addNames = [&](const Model& model) {
      for (const auto& [name, tensor] : model.tensors()) {
        all.insert(name);
      }
    };
    if (m_sources.base) {
      addNames(*m_sources.base);
    } else {
      std::for_each(m_sources.models.begin(), m_sources.models.end(), [&](const auto& model) { addNames(*model); });
    }
    return all;
  }

  /// The tensor that the others must resemble.
  const ModelTensor* pattern(const std::string& name) const {
    if (m_sources.base) {
      return m_sources.base->find(name);
    }
    for (const auto& model : m_sources.models) {
      if (const ModelTensor* tensor = model->find(name)) {
        return tensor;
      }
    }
    return nullptr;
  }

  void add(const std::string& name) {
    const ModelTensor* first = pattern(name);
    if (!isMergeable(first->entry.dtype)) {
      return;
    }
    ComparedTensor tensor;
    tensor.base = m_sources.base ? first : nullptr;
    tensor.elements = first->entry.elements();
    tensor.place.name = name;
    tensor.place.shape = first->entry.shape;
    tensor.place.kind = kindOf(name, m_layout);
    if (const auto place = findPlace(m_layout, name)) {
      tensor.place.layer = place->layer;
      tensor.place.module = m_layout.stacks.size() > 1 ? place->stack->module : "";
    }
    std::size_t present = 0;
    for (std::size_t i = 0; i < m_sources.models.size(); ++i) {
      const ModelTensor* other = m_sources.models[i]->find(name);
      const bool alike = other != nullptr && isMergeable(other->entry.dtype) && other->entry.shape == first->entry.shape;
      tensor.models.push_back(alike ? other : nullptr);
      present += alike ? 1 : 0;
      if (!alike) {
        LeftOut& left = m_left[i];
        ++(other == nullptr ? left.missing : left.otherShape);
        left.example = left.example.empty() ? name : left.example;
      }
    }
    if (present >= (m_sources.base ? 1U : 2U)) {
      m_result.tensors.push_back(std::move(tensor));
    }
  }

  void addNotes() {
    if (!m_sources.base) {
      m_result.notes.emplace_back("no base model: deltas are taken against the mean of the models");
    }
    for (std::size_t i = 0; i < m_left.size(); ++i) {
      const LeftOut& left = m_left[i];
      if (left.missing + left.otherShape > 0) {
        m_result.notes.push_back(fmt::format("{}: {} tensors are missing and {} have another shape, for example \"{}\"; they are left out",
                                             m_sources.names[i], left.missing, left.otherShape, escaped(left.example)));
      }
    }
  }

  const StatisticsSources& m_sources;
  const ModelLayout m_layout;
  Comparison m_result;
  std::vector<LeftOut> m_left;  ///< per model
};

}  // namespace

Comparison comparedTensors(const StatisticsSources& sources) {
  return ComparisonMaker(sources).make();
}

}  // namespace layerloom
