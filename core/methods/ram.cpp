// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/ram.h"

#include <algorithm>
#include <fmt/format.h>

#include "core/methods/entry_kernels.h"
#include "core/methods/gram.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

class Ram : public TensorMerge {
 public:
  Ram(const MergeSettings& settings, bool rescales)
      : m_base(*settings.base),
        m_others(inputsBesideBase(settings)),
        m_epsilon(static_cast<float>(settings.value("epsilon"))),
        m_r(settings.value("r")),
        m_alpha(settings.value("alpha")),
        m_narrowing(settings.narrowing),
        m_counting(rescales),
        m_usualPasses(rescales ? 2 : 1),
        m_changes(m_others.size()),
        m_factors(m_others.size(), 1.0) {}

  int usualPasses() const override { return m_usualPasses; }
  bool needsPass() const override { return m_counting; }
  std::unique_ptr<Observation> startObservation() const override;
  void absorb(Observation& observation) override;
  Status endPass() override;
  void compute(const Chunk& chunk, std::span<float> out) const override;

  void count(const Chunk& chunk, std::vector<Changes>& changes) const;

 private:
  const std::size_t m_base;
  const std::vector<std::size_t> m_others;
  const float m_epsilon;
  const double m_r;
  const double m_alpha;
  const Narrowing m_narrowing;
  bool m_counting;
  const int m_usualPasses;
  std::vector<Changes> m_changes;
  std::vector<double> m_factors;  ///< on the entries that a model alone changes
};

class ChangesObservation : public Observation {
 public:
  ChangesObservation(const Ram& ram, std::size_t others) : changes(others), m_ram(ram) {}
  void observe(const Chunk& chunk) override { m_ram.count(chunk, changes); }

  std::vector<Changes> changes;

 private:
  const Ram& m_ram;
};

void Ram::count(const Chunk& chunk, std::vector<Changes>& changes) const {
  countChanges(chunk.inputs[m_base], beginsOf(chunk, m_others), m_epsilon, changes);
}

std::unique_ptr<Observation> Ram::startObservation() const {
  return std::make_unique<ChangesObservation>(*this, m_others.size());
}

void Ram::absorb(Observation& observation) {
  const auto& seen = static_cast<const ChangesObservation&>(observation).changes;
  for (std::size_t i = 0; i < m_changes.size(); ++i) {
    m_changes[i].shared += seen[i].shared;
    m_changes[i].unique += seen[i].unique;
  }
}

Status Ram::endPass() {
  m_counting = false;
  for (std::size_t i = 0; i < m_changes.size(); ++i) {
    // A model that changes nothing alone has nothing to rescale.
    if (m_changes[i].unique > 0) {
      const double ratio = static_cast<double>(m_changes[i].shared) / static_cast<double>(m_changes[i].unique);
      m_factors[i] = 1 + m_r * std::min(ratio, m_alpha);
    }
  }
  return {};
}

void Ram::compute(const Chunk& chunk, std::span<float> out) const {
  addChanges(chunk.inputs[m_base], beginsOf(chunk, m_others), m_epsilon, m_factors, m_narrowing, out);
}

}  // namespace

Result<std::unique_ptr<TensorMerge>> makeRam(const MergeSettings& settings, bool rescales) {
  if (!settings.base) {
    return refused(fmt::format("tensor \"{}\": {} needs a base model", escaped(settings.tensor), settings.method->name),
                   "add \"base_model: FOLDER\"");
  }
  return std::make_unique<Ram>(settings, rescales);
}

}  // namespace layerloom
