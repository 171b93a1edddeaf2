// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vocabulary/vocabulary.h"

#include <algorithm>
#include <cassert>
#include <fmt/format.h>
#include <unordered_set>
#include <utility>

#include "core/support/text.h"
#include "core/vocabulary/chat_template.h"
#include "core/vocabulary/model_tokenizer.h"
#include "core/vocabulary/tokenizer.h"
#include "core/vocabulary/tokenizer_config.h"

namespace layerloom {
namespace {

// As many as fit a line of a message.
constexpr std::size_t kNamedInWarning = 5;

std::string listed(const std::vector<std::string>& tokens) {
  std::string list;
  for (std::size_t i = 0; i < std::min(tokens.size(), kNamedInWarning); ++i) {
    list += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", escaped(tokens[i], 60));
  }
  return tokens.size() > kNamedInWarning ? list + ", …" : list;
}

Result<std::vector<TokenizerConfig>> readConfigs(const VocabularyRequest& request) {
  std::vector<TokenizerConfig> configs;
  for (const VocabularyModel& model : request.models) {
    LAYERLOOM_TRY(TokenizerConfig config, TokenizerConfig::read(model.folder));
    configs.push_back(std::move(config));
  }
  return configs;
}

Result<std::optional<std::string>> chatTemplateOf(const VocabularyRequest& request,
                                                  const std::vector<TokenizerConfig>& configs) {
  if (request.chatTemplate.empty()) {
    return std::nullopt;
  }
  std::vector<std::optional<std::string>> ofModels;
  for (const TokenizerConfig& config : configs) {
    ofModels.push_back(config.chatTemplate());
  }
  return resolveChatTemplate(request.chatTemplate, ofModels);
}

class Alignment {
 public:
  explicit Alignment(const VocabularyRequest& request) : m_request(request), m_tokenizers(request.models.size()) {}

  Result<Vocabulary> run() {
    LAYERLOOM_CHECK(checkTokens());
    LAYERLOOM_TRY(m_configs, readConfigs(m_request));
    LAYERLOOM_TRY(const std::optional<std::string> chatTemplate, chatTemplateOf(m_request, m_configs));
    LAYERLOOM_CHECK(readBase());
    LAYERLOOM_CHECK(readOthers());
    if (m_request.source == VocabularyRequest::Source::Union) {
      LAYERLOOM_CHECK(unite());
    }
    LAYERLOOM_CHECK(addNamedTokens());
    for (std::size_t model = 0; model < m_request.models.size(); ++model) {
      m_result.modelNames.push_back(m_request.models[model].name);
      m_result.ownRows.push_back(rowsOf(model));
    }
    describe();
    makeFiles(chatTemplate);
    return std::move(m_result);
  }

 private:
  using Source = VocabularyRequest::Source;

  const VocabularyModel& model(std::size_t index) const { return m_request.models[index]; }
  std::string name(std::size_t index) const { return escaped(model(index).name); }

  Status checkTokens() const {
    std::unordered_set<std::string> seen;
    for (const TokenOverride& rule : m_request.tokens) {
      if (rule.token.empty() || !isUtf8(rule.token)) {
        return refused(fmt::format("tokenizer.tokens: \"{}\" cannot be a token", escaped(rule.token)),
                       "write the token as UTF-8 text of at least one character");
      }
      if (!seen.insert(rule.token).second) {
        return refused(fmt::format("tokenizer.tokens: has the token \"{}\" twice", escaped(rule.token)),
                       "remove one of them");
      }
    }
    return {};
  }

  Result<Tokenizer> readRequired(std::size_t index, const char* part) {
    LAYERLOOM_TRY(std::optional<Tokenizer> tokenizer, readTokenizer(model(index), m_configs[index]));
    if (!tokenizer) {
      return refused(fmt::format("{}: has no tokenizer.json, and the recipe makes it the {}",
                                 escaped(model(index).folder.string(), 1000), part),
                     "put the tokenizer files into that folder, or name another model");
    }
    warnOfIds(index, *tokenizer);
    return std::move(*tokenizer);
  }

  void warnOfIds(std::size_t index, const Tokenizer& tokenizer) {
    if (tokenizer.idsDiffer()) {
      m_result.warnings.push_back(
          fmt::format("{}: added tokens of tokenizer.json stand at other ids than the file says; they are taken as "
                      "transformers loads them",
                      name(index)));
    }
  }

  bool isOutput(std::size_t index) const { return m_request.source == Source::Model && index == m_request.sourceModel; }

  Status readBase() {
    const std::size_t base = m_request.base;
    LAYERLOOM_TRY(Tokenizer tokenizer, readRequired(base, "base of the vocabulary"));
    if (isOutput(base)) {
      m_output = tokenizer;
    }
    if (model(base).vocabSize > 0 && model(base).vocabSize < tokenizer.end()) {
      warnOfStripped(base, tokenizer);
      LAYERLOOM_CHECK(tokenizer.strip(model(base).vocabSize));
    }
    m_tokenizers[base] = tokenizer.withoutDocument();
    if (m_request.source != Source::Model) {
      m_output = std::move(tokenizer);
    }
    return {};
  }

  void warnOfStripped(std::size_t index, const Tokenizer& tokenizer) {
    std::vector<std::pair<std::int64_t, std::string>> past;
    for (const auto& [text, id] : tokenizer.ids()) {
      if (id >= model(index).vocabSize) {
        past.emplace_back(id, text);
      }
    }
    std::ranges::sort(past);
    std::vector<std::string> texts;
    for (auto& [id, text] : past) {
      texts.push_back(std::move(text));
    }
    m_result.warnings.push_back(
        fmt::format("{}: {} tokens have no embedding, because they stand past its vocab_size of {}: {}", name(index),
                    texts.size(), model(index).vocabSize, listed(texts)));
  }

  Status readOthers() {
    for (std::size_t i = 0; i < m_request.models.size(); ++i) {
      if (i == m_request.base) {
        continue;
      }
      if (isOutput(i)) {
        LAYERLOOM_TRY(m_output, readRequired(i, "source of the tokenizer"));
        m_tokenizers[i] = m_output.withoutDocument();
        continue;
      }
      LAYERLOOM_TRY(m_tokenizers[i], readTokenizer(model(i), m_configs[i]));
      if (!m_tokenizers[i]) {
        m_result.warnings.push_back(fmt::format("{}: has no tokenizer files; its tokens are taken to be those of {}",
                                                name(i), name(m_request.base)));
        continue;
      }
      warnOfIds(i, *m_tokenizers[i]);
      m_tokenizers[i]->forgetDocument();
    }
    return {};
  }

  const Tokenizer& tokenizer(std::size_t index) const {
    return m_tokenizers[index] ? *m_tokenizers[index] : *m_tokenizers[m_request.base];
  }

  /// The row of the token's embedding in the model, or -1.
  std::int64_t rowOf(std::size_t index, const std::string& text) const {
    const std::int64_t id = tokenizer(index).idOf(text).value_or(-1);
    return model(index).vocabSize > 0 && id >= model(index).vocabSize ? -1 : id;
  }

  /// The models with a tokenizer, the base first.
  std::vector<std::size_t> ordered() const {
    std::vector<std::size_t> order = {m_request.base};
    for (std::size_t i = 0; i < m_tokenizers.size(); ++i) {
      if (i != m_request.base && m_tokenizers[i]) {
        order.push_back(i);
      }
    }
    return order;
  }

  Status unite() {
    // Special tokens of the base that were taken out come back when its files are loaded again.
    for (const AddedToken& token : m_configs[m_request.base].specialTokens()) {
      LAYERLOOM_CHECK(m_output.add(token));
    }
    std::vector<AddedToken> added;
    std::unordered_set<std::string> addedTexts;
    for (const std::size_t index : ordered()) {
      for (const AddedToken& token : tokenizer(index).added()) {
        if (rowOf(index, token.text) >= 0 && addedTexts.insert(token.text).second) {
          added.push_back(token);
        }
      }
    }
    for (const std::size_t index : ordered()) {
      LAYERLOOM_CHECK(addPlainTokens(index, addedTexts));
    }
    for (const AddedToken& token : added) {
      LAYERLOOM_CHECK(m_output.add(token));
    }
    return {};
  }

  Status addPlainTokens(std::size_t index, const std::unordered_set<std::string>& addedTexts) {
    std::vector<std::pair<std::int64_t, std::string>> missing;
    for (const auto& [text, id] : tokenizer(index).ids()) {
      if (rowOf(index, text) >= 0 && !tokenizer(index).isAdded(text) && !addedTexts.contains(text) &&
          !m_output.idOf(text)) {
        missing.emplace_back(id, text);
      }
    }
    std::ranges::sort(missing);
    for (auto& [id, text] : missing) {
      LAYERLOOM_CHECK(m_output.add(plainToken(std::move(text))));
    }
    return {};
  }

  /// Tokens that the recipe names and the vocabulary lacks.
  Status addNamedTokens() {
    // mergekit adds them to the very tokenizer that it asks for the base's tokens. A base with spare rows so has the
    // token, with the spare row as its embedding, and only force gives it another.
    const std::size_t base = m_request.base;
    const bool shared = m_request.source == Source::Base && model(base).vocabSize > 0;
    std::vector<std::string> spare;
    for (const TokenOverride& rule : m_request.tokens) {
      if (m_output.idOf(rule.token)) {
        continue;
      }
      LAYERLOOM_CHECK(m_output.add(plainToken(rule.token)));
      if (shared) {
        LAYERLOOM_CHECK(m_tokenizers[base]->add(plainToken(rule.token)));
        if (!rule.force && rowOf(base, rule.token) >= 0) {
          spare.push_back(rule.token);
        }
      }
    }
    if (!spare.empty()) {
      m_result.warnings.push_back(
          fmt::format("{}: new tokens fall on unused rows of this model, which it keeps for them as mergekit "
                      "does; \"force: true\" gives it the source's row: {}",
                      name(base), listed(spare)));
    }
    return {};
  }

  std::vector<std::int64_t> rowsOf(std::size_t index) const {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(m_output.end()), -1);
    for (const auto& [text, id] : m_output.ids()) {
      rows[static_cast<std::size_t>(id)] = rowOf(index, text);
    }
    return rows;
  }

  /// Everything of the result that is no file.
  void describe() {
    m_result.tokens = static_cast<std::uint64_t>(m_output.end());
    const std::uint64_t step = std::max<std::uint64_t>(m_request.padToMultipleOf, 1);
    const std::uint64_t over = m_result.tokens % step;
    m_result.rows = over == 0 ? m_result.tokens : m_result.tokens + (step - over);
    m_result.texts.resize(m_result.tokens);
    for (const auto& [text, id] : m_output.ids()) {
      m_result.texts[static_cast<std::size_t>(id)] = text;
    }
    for (const TokenOverride& rule : m_request.tokens) {
      Vocabulary::Override found{*m_output.idOf(rule.token), rule.source, rule.force};
      if (rule.source && rule.source->kind == TokenSource::Kind::ModelToken && rule.source->token) {
        found.source->tokenId = tokenizer(rule.source->model).idOf(*rule.source->token);
      }
      m_result.overrides.push_back(std::move(found));
    }
    std::ranges::sort(m_result.overrides, {}, &Vocabulary::Override::token);
    warnOfZeros();
    if (m_output.ids().size() < m_result.tokens) {
      m_result.warnings.push_back(fmt::format("the merged vocabulary leaves out {} of its {} ids; their rows are zeros",
                                              m_result.tokens - m_output.ids().size(), m_result.tokens));
    }
  }

  void warnOfZeros() {
    std::vector<std::string> nowhere;
    for (std::size_t id = 0; id < m_result.texts.size(); ++id) {
      const bool ruled = std::ranges::binary_search(m_result.overrides, static_cast<std::int64_t>(id), {},
                                                    &Vocabulary::Override::token);
      const auto lacks = [id](const std::vector<std::int64_t>& rows) { return rows[id] < 0; };
      if (std::ranges::all_of(m_result.ownRows, lacks) && !ruled && m_output.idOf(m_result.texts[id])) {
        nowhere.push_back(m_result.texts[id]);
      }
    }
    if (!nowhere.empty()) {
      m_result.warnings.push_back(
          fmt::format("{} tokens are in no model and get zeros: {}", nowhere.size(), listed(nowhere)));
    }
  }

  void makeFiles(const std::optional<std::string>& chatTemplate) {
    TokenizerConfig& config = m_configs[m_request.source == Source::Model ? m_request.sourceModel : m_request.base];
    if (chatTemplate) {
      config.setChatTemplate(*chatTemplate);
    } else if (!m_request.chatTemplate.empty()) {
      m_result.warnings.push_back("chat_template: no model has a chat template, so none is set");
    }
    config.adopt(m_output);
    m_result.files.push_back({"tokenizer.json", m_output.text()});
    for (TokenizerFile& file : config.files()) {
      m_result.files.push_back(std::move(file));
    }
  }

  const VocabularyRequest& m_request;
  std::vector<TokenizerConfig> m_configs;
  std::vector<std::optional<Tokenizer>> m_tokenizers;  ///< the base's without the tokens past its vocab_size
  Tokenizer m_output;
  Vocabulary m_result;
};

void assertValid([[maybe_unused]] const VocabularyRequest& request) {
  assert(request.base < request.models.size());
  assert(request.source != VocabularyRequest::Source::Model || request.sourceModel < request.models.size());
  assert(std::ranges::all_of(request.tokens, [&](const TokenOverride& rule) {
    return !rule.source || rule.source->model < request.models.size();
  }));
}

}  // namespace

Result<Vocabulary> alignVocabularies(const VocabularyRequest& request) {
  assertValid(request);
  return Alignment(request).run();
}

Result<std::vector<TokenizerFile>> filesWithChatTemplate(const VocabularyRequest& request) {
  assertValid(request);
  LAYERLOOM_TRY(std::vector<TokenizerConfig> configs, readConfigs(request));
  LAYERLOOM_TRY(const std::optional<std::string> chatTemplate, chatTemplateOf(request, configs));
  if (!chatTemplate) {
    return std::vector<TokenizerFile>();
  }
  configs[request.base].setChatTemplate(*chatTemplate);
  return configs[request.base].files();
}

}  // namespace layerloom
