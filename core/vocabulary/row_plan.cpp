// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <fmt/format.h>

#include "core/support/text.h"
#include "core/vocabulary/vocabulary.h"

namespace layerloom {
namespace {

using Override = Vocabulary::Override;
using Mixture = RowPlan::Mixture;

class RowPlanner {
 public:
  RowPlanner(const Vocabulary& vocabulary, std::span<const VocabularyTensor> present, std::optional<std::size_t> base)
      : m_vocabulary(vocabulary), m_present(present), m_base(base ? presentIndex(*base) : std::nullopt) {}

  Result<RowPlan> plan() {
    m_plan.tokens = m_vocabulary.tokens;
    m_plan.total = m_vocabulary.rows;
    m_plan.rows.assign(m_present.size(), std::vector<std::int64_t>(m_vocabulary.tokens, -1));
    auto next = m_vocabulary.overrides.begin();
    for (std::size_t token = 0; token < m_vocabulary.tokens; ++token) {
      const bool overridden = next != m_vocabulary.overrides.end() && next->token == static_cast<std::int64_t>(token);
      LAYERLOOM_CHECK(planToken(token, overridden ? &*next : nullptr));
      next += overridden ? 1 : 0;
    }
    return std::move(m_plan);
  }

 private:
  std::optional<std::size_t> presentIndex(std::size_t model) const {
    for (std::size_t i = 0; i < m_present.size(); ++i) {
      if (m_present[i].model == model) {
        return i;
      }
    }
    return std::nullopt;
  }

  std::int64_t ownRow(std::size_t present, std::size_t token) const {
    return m_vocabulary.ownRows[m_present[present].model][token];
  }

  std::string quoted(std::size_t token) const { return fmt::format("\"{}\"", escaped(m_vocabulary.texts[token])); }
  std::string modelName(std::size_t model) const { return escaped(m_vocabulary.modelNames[model]); }

  Status planToken(std::size_t token, const Override* rule) {
    const bool force = rule != nullptr && rule->force;
    bool all = true;
    for (std::size_t i = 0; i < m_present.size(); ++i) {
      const std::int64_t row = ownRow(i, token);
      if (row >= m_present[i].rows) {
        return refused(fmt::format("{}: the token {} has id {}, but the tensor has {} rows",
                                   modelName(m_present[i].model), quoted(token), row, m_present[i].rows),
                       "set vocab_size in that model's config.json to the rows of its embedding");
      }
      all = all && row >= 0;
      m_plan.rows[i][token] = row;
    }
    if (all && !force) {
      return {};
    }
    LAYERLOOM_TRY(Mixture mixture, rule != nullptr && rule->source ? chosen(token, *rule->source) : usual(token));
    const std::int64_t code = codeOf(std::move(mixture));
    for (std::size_t i = 0; i < m_present.size(); ++i) {
      if (force || m_plan.rows[i][token] < 0) {
        m_plan.rows[i][token] = code;
      }
    }
    return {};
  }

  /// What a token without a source in the recipe gets in models that lack it.
  Result<Mixture> usual(std::size_t token) const {
    Mixture having;
    for (std::size_t i = 0; i < m_present.size(); ++i) {
      if (ownRow(i, token) >= 0) {
        having.push_back({i, ownRow(i, token)});
      }
    }
    if (having.size() > 1 && m_base && ownRow(*m_base, token) >= 0) {
      return Mixture{{*m_base, ownRow(*m_base, token)}};
    }
    return having;
  }

  Result<Mixture> chosen(std::size_t token, const TokenSource& source) const {
    if (source.kind == TokenSource::Kind::Zero) {
      return Mixture{};
    }
    const std::optional<std::size_t> donor = presentIndex(source.model);
    if (!donor) {
      return refused(
          fmt::format("the token {} is to take its embedding from {}, which has no such tensor in this merge",
                      quoted(token), modelName(source.model)),
          "name one of the models that are merged");
    }
    if (source.kind == TokenSource::Kind::Model) {
      if (ownRow(*donor, token) < 0) {
        return refused(fmt::format("the token {} is to take its embedding from {}, which does not have this token",
                                   quoted(token), modelName(source.model)),
                       "name a model that has it, or use {kind: model_token} with another token of that model");
      }
      return Mixture{{*donor, ownRow(*donor, token)}};
    }
    return otherToken(token, source, *donor);
  }

  Result<Mixture> otherToken(std::size_t token, const TokenSource& source, std::size_t donor) const {
    if (!source.tokenId) {
      return refused(fmt::format("the token {} is to take the embedding of \"{}\", which is no token of {}",
                                 quoted(token), escaped(source.token.value_or("")), modelName(source.model)),
                     "write the other token as its tokenizer.json spells it, or give token_id");
    }
    const std::int64_t row = *source.tokenId;
    if (row < 0 || row >= m_present[donor].rows) {
      return refused(
          fmt::format("the token {} is to take the embedding of token id {} of {}, whose ids go from 0 to {}",
                      quoted(token), row, modelName(source.model), m_present[donor].rows - 1),
          "give a token_id within that model's embedding");
    }
    return Mixture{{donor, row}};
  }

  std::int64_t codeOf(Mixture mixture) {
    if (!mixture.empty()) {
      m_plan.mixtures.push_back(std::move(mixture));
      return -static_cast<std::int64_t>(m_plan.mixtures.size());
    }
    // All zero rows share one mixture.
    if (!m_zeros) {
      m_plan.mixtures.emplace_back();
      m_zeros = -static_cast<std::int64_t>(m_plan.mixtures.size());
    }
    return *m_zeros;
  }

  const Vocabulary& m_vocabulary;
  const std::span<const VocabularyTensor> m_present;
  const std::optional<std::size_t> m_base;
  std::optional<std::int64_t> m_zeros;
  RowPlan m_plan;
};

}  // namespace

Result<RowPlan> planRows(const Vocabulary& vocabulary, std::span<const VocabularyTensor> present,
                         std::optional<std::size_t> base) {
  assert(std::ranges::all_of(present, [&](const VocabularyTensor& tensor) {
    return tensor.model < vocabulary.ownRows.size() && tensor.rows >= 0;
  }));
  return RowPlanner(vocabulary, present, base).plan();
}

}  // namespace layerloom
