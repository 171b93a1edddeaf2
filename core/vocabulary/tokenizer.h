// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/support/result.h"

namespace layerloom {

/// A token beside the vocabulary of the tokenizer's model: found in the text before that model sees it. The flags are
/// those of the tokenizers library.
struct AddedToken {
  std::int64_t id = -1;
  std::string text;
  bool singleWord = false;
  bool leftStrip = false;
  bool rightStrip = false;
  bool normalized = false;
  bool special = false;
};

/// A token as plain text adds it: no flag but `normalized`, which the library sets for tokens that are not special.
AddedToken plainToken(std::string text);
/// A special token of which only the text is known.
AddedToken specialToken(std::string text);

/// A tokenizer.json of any kind, with the ids that the tokenizers library gives: it takes added tokens in the order of
/// the file, and their ids follow from that, whatever the file says.
class Tokenizer {
 public:
  /// Parses the text. `fileName` is for messages and already escaped.
  static Result<Tokenizer> parse(const std::string& text, const std::string& fileName);
  /// The same of a value that stands for the text.
  static Result<Tokenizer> fromJson(nlohmann::ordered_json document, const std::string& fileName);

  /// Token → id, added tokens included.
  const std::unordered_map<std::string, std::int64_t>& ids() const { return m_ids; }
  std::optional<std::int64_t> idOf(const std::string& text) const;
  /// In the order of the file.
  const std::vector<AddedToken>& added() const { return m_added; }
  bool isAdded(const std::string& text) const { return m_addedIndex.contains(text); }
  /// The highest id plus one.
  std::int64_t end() const;
  /// Whether some added token's id in the file is not the one that the library gives it.
  bool idsDiffer() const { return m_idsDiffer; }

  /// Makes the text an added token. One that is an added token already stays as it is; one of the model's vocabulary
  /// keeps its id; an empty one is ignored. Refused where the library would give it an id that another token has.
  Status add(AddedToken token);
  /// Removes every token with this id or a higher one. Refused for other kinds than BPE, as for mergekit.
  Status strip(std::int64_t end);
  /// The whole tokenizer.json.
  std::string text();
  /// Frees what only text() needs, which must not be called after it.
  void forgetDocument() { m_document = nullptr; }
  /// A copy in that state.
  Tokenizer withoutDocument() const;

 private:
  using Json = nlohmann::ordered_json;

  Status readModel();
  Status readVocabularyObject(const Json& vocabulary);
  Status readVocabularyList(const Json& vocabulary);
  Status readAdded();
  Status insert(const std::string& text, std::int64_t id);
  void forget(std::int64_t end);
  void append(AddedToken token);
  /// The id that the library gives the next added token.
  std::int64_t nextIdAfter(std::int64_t lastAdded) const;
  Status checkAddedIds(const std::vector<Json::object_t::value_type>& vocabulary) const;
  void keepMergesOfKnownTokens(Json& model) const;
  tl::unexpected<Error> fault(const std::string& what) const;

  std::string m_fileName;
  Json m_document;
  std::string m_type;
  std::int64_t m_modelSize = 0;  ///< tokens of the model's own vocabulary
  std::unordered_map<std::string, std::int64_t> m_ids;
  std::vector<bool> m_used;  ///< by id
  std::vector<AddedToken> m_added;
  std::unordered_map<std::string, std::size_t> m_addedIndex;
  std::int64_t m_lastAdded = -1;  ///< the highest id of an added token
  bool m_idsDiffer = false;
};

}  // namespace layerloom
