// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/support/result.h"
#include "core/vocabulary/tokenizer.h"
#include "core/vocabulary/vocabulary.h"

namespace layerloom {

/// What stands beside tokenizer.json in a model folder: tokenizer_config.json, special_tokens_map.json and
/// chat_template.jinja, each of which may be absent.
class TokenizerConfig {
 public:
  static Result<TokenizerConfig> read(const std::filesystem::path& folder);

  /// The tokens that transformers makes added tokens when it loads the folder: those of "added_tokens_decoder" by
  /// ascending id.
  const std::vector<AddedToken>& savedTokens() const { return m_saved; }
  /// And after them the special ones: bos, eos, unk, sep, pad, cls, mask, the model's own kinds, the extra ones.
  const std::vector<AddedToken>& specialTokens() const { return m_specials; }
  /// "tokenizer_class", or empty.
  const std::string& tokenizerClass() const { return m_class; }
  /// As transformers finds it: chat_template.jinja, else "chat_template" of tokenizer_config.json, of several the one
  /// named "default".
  const std::optional<std::string>& chatTemplate() const { return m_template; }

  /// Replaces the chat template.
  void setChatTemplate(std::string text);
  /// Makes "added_tokens_decoder", where there is one, say what the tokenizer says.
  void adopt(const Tokenizer& tokenizer);
  /// The files for the merged folder.
  std::vector<TokenizerFile> files() const;

 private:
  using Json = nlohmann::ordered_json;

  void readSavedTokens();
  void readSpecialTokens();
  void readChatTemplate(std::optional<std::string> jinja);
  const Json* value(const char* key) const;

  std::optional<Json> m_config;
  std::optional<Json> m_specialsMap;
  std::optional<std::string> m_specialsText;
  std::vector<AddedToken> m_saved;
  std::vector<AddedToken> m_specials;
  std::string m_class;
  std::optional<std::string> m_template;
  bool m_templateIsFile = false;
};

}  // namespace layerloom
