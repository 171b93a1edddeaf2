// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "core/plan/planner.h"
#include "core/support/text.h"

namespace layerloom {

/// The index of a model in the request; models that only lend tokens or a tokenizer are added behind the others.
std::optional<std::size_t> Planner::vocabularyModel(VocabularyRequest& request, const ModelReference& reference, const std::string& path,
                                                    const TextPosition& where) {
  if (const auto known = indexOf(reference)) {
    return known;
  }
  const auto folder = [&]() -> Result<std::filesystem::path> {
    LAYERLOOM_TRY(const ModelAddress address, addressOf(reference));
    return locateModel(address.path, address.revision, m_options.locator);
  }();
  if (!folder) {
    problem(Severity::Error, path, where, folder.error().message, folder.error().remedy);
    return std::nullopt;
  }
  request.models.push_back({*folder, reference.text, -1});
  return request.models.size() - 1;
}

std::optional<VocabularyRequest> Planner::vocabularyRequest() {
  using Source = RecipeTokenizer::Source;
  VocabularyRequest request;
  request.base = donor();
  request.chatTemplate = m_recipe.chatTemplate;
  for (std::size_t i = 0; i < m_plan.models.size(); ++i) {
    request.models.push_back({m_plan.models[i]->path(), nameOf(i), m_plan.models[i]->config().vocabulary});
  }
  if (!m_recipe.tokenizer) {
    return request;
  }
  const RecipeTokenizer& tokenizer = *m_recipe.tokenizer;
  request.padToMultipleOf = tokenizer.padToMultipleOf;
  request.source = tokenizer.source == Source::Base    ? VocabularyRequest::Source::Base
                   : tokenizer.source == Source::Union ? VocabularyRequest::Source::Union
                                                       : VocabularyRequest::Source::Model;
  if (tokenizer.source == Source::Model) {
    const auto model = vocabularyModel(request, tokenizer.model, tokenizer.brief ? "tokenizer_source" : "tokenizer.source", tokenizer.model.where);
    if (!model) {
      return std::nullopt;
    }
    request.sourceModel = *model;
  }
  for (const RecipeToken& token : tokenizer.tokens) {
    TokenOverride entry{token.token, std::nullopt, token.force};
    if (token.source == RecipeToken::Source::Zero) {
      entry.source = TokenSource{TokenSource::Kind::Zero, 0, std::nullopt, std::nullopt};
    } else if (token.source != RecipeToken::Source::Default) {
      const auto model = vocabularyModel(request, token.model, "tokenizer.tokens." + escaped(token.token), token.where);
      if (!model) {
        return std::nullopt;
      }
      const bool other = token.source == RecipeToken::Source::ModelToken;
      entry.source = TokenSource{other ? TokenSource::Kind::ModelToken : TokenSource::Kind::Model, *model, token.sourceToken, token.sourceTokenId};
    }
    request.tokens.push_back(std::move(entry));
  }
  return request;
}

void Planner::alignVocabularies() {
  if (!m_recipe.tokenizer && m_recipe.chatTemplate.empty()) {
    return;
  }
  const TextPosition where = m_recipe.tokenizer ? m_recipe.tokenizer->where : m_recipe.chatTemplateWhere;
  const std::string path = m_recipe.tokenizer ? (m_recipe.tokenizer->brief ? "tokenizer_source" : "tokenizer") : "chat_template";
  if (std::any_of(m_plan.models.begin(), m_plan.models.end(), [](const auto& model) { return model->isAnnounced(); })) {
    problem(Severity::Note, path, where, "the tokenizers are compared when the stages before are done");
    return;
  }
  const auto request = vocabularyRequest();
  if (!request) {
    return;
  }
  const auto report = [&](const Error& error) { problem(Severity::Error, path, where, error.message, error.remedy); };
  if (!m_recipe.tokenizer) {
    auto files = filesWithChatTemplate(*request);
    if (!files) {
      return report(files.error());
    }
    m_plan.files = *std::move(files);
    return;
  }
  auto vocabulary = layerloom::alignVocabularies(*request);
  if (!vocabulary) {
    return report(vocabulary.error());
  }
  for (const std::string& warning : vocabulary->warnings) {
    problem(Severity::Warning, path, where, warning);
  }
  m_plan.files = std::move(vocabulary->files);
  m_vocabulary = *std::move(vocabulary);
}

}  // namespace layerloom
