// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vocabulary/tokenizer.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

#include "core/checkpoint/strict_json.h"
#include "core/support/text.h"
#include "core/vocabulary/post_processor.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

// Fifty times the largest vocabulary in use; a bound on what is allocated per id.
constexpr std::int64_t kMaxId = 1 << 24;

/// The member of that name, or null.
const Json* member(const Json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? &*found : nullptr;
}

/// Old files name no type; the library then tries what fits.
std::string typeOf(const Json& model) {
  if (const Json* type = member(model, "type"); type != nullptr && type->is_string()) {
    return type->get<std::string>();
  }
  const Json* vocabulary = member(model, "vocab");
  if (vocabulary != nullptr && vocabulary->is_array()) {
    return "Unigram";
  }
  if (model.contains("merges")) {
    return "BPE";
  }
  return model.contains("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
}

std::optional<std::int64_t> idIn(const Json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > static_cast<std::uint64_t>(kMaxId)) {
    return std::nullopt;
  }
  return value.get<std::int64_t>();
}

bool flagIn(const Json& token, const char* name) {
  const Json* flag = member(token, name);
  return flag != nullptr && flag->is_boolean() && flag->get<bool>();
}

Json jsonOf(const AddedToken& token) {
  return Json{{"id", token.id},
              {"content", token.text},
              {"single_word", token.singleWord},
              {"lstrip", token.leftStrip},
              {"rstrip", token.rightStrip},
              {"normalized", token.normalized},
              {"special", token.special}};
}

/// The two tokens of a merge, which is the text "a b" or the list ["a", "b"].
std::optional<std::pair<std::string, std::string>> partsOf(const Json& merge) {
  if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
    return std::pair(merge[0].get<std::string>(), merge[1].get<std::string>());
  }
  if (!merge.is_string()) {
    return std::nullopt;
  }
  const auto& text = merge.get_ref<const std::string&>();
  const std::size_t space = text.find(' ');
  if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos) {
    return std::nullopt;
  }
  return std::pair(text.substr(0, space), text.substr(space + 1));
}

}  // namespace

AddedToken plainToken(std::string text) {
  AddedToken token;
  token.text = std::move(text);
  token.normalized = true;
  return token;
}

AddedToken specialToken(std::string text) {
  AddedToken token;
  token.text = std::move(text);
  token.special = true;
  return token;
}

tl::unexpected<Error> Tokenizer::fault(const std::string& what) const {
  return refused(fmt::format("{}: {}", m_fileName, what),
                 "fetch the file again, or save the tokenizer once more with transformers");
}

Result<Tokenizer> Tokenizer::parse(const std::string& text, const std::string& fileName) {
  LAYERLOOM_TRY(Json document, parseStrictJson(text, fileName));
  return fromJson(std::move(document), fileName);
}

Result<Tokenizer> Tokenizer::fromJson(Json document, const std::string& fileName) {
  Tokenizer tokenizer;
  tokenizer.m_fileName = fileName;
  tokenizer.m_document = std::move(document);
  LAYERLOOM_CHECK(tokenizer.readModel());
  LAYERLOOM_CHECK(tokenizer.readAdded());
  return tokenizer;
}

Status Tokenizer::readModel() {
  const Json* model = member(m_document, "model");
  if (model == nullptr || !model->is_object()) {
    return fault("has no \"model\", so it is no tokenizer");
  }
  m_type = typeOf(*model);
  const Json* vocabulary = member(*model, "vocab");
  if (vocabulary == nullptr || !(vocabulary->is_object() || vocabulary->is_array())) {
    return fault("\"model\" has no \"vocab\"");
  }
  if ((m_type == "Unigram") != vocabulary->is_array()) {
    return fault(fmt::format("\"vocab\" is {} list, which does not fit the kind {}", vocabulary->is_array() ? "a" : "no", escaped(m_type)));
  }
  const Json* merges = member(*model, "merges");
  if (merges != nullptr && !merges->is_array()) {
    return fault("\"merges\" is no list");
  }
  m_ids.reserve(vocabulary->size());
  LAYERLOOM_CHECK(vocabulary->is_object() ? readVocabularyObject(*vocabulary) : readVocabularyList(*vocabulary));
  m_modelSize = static_cast<std::int64_t>(m_ids.size());
  return {};
}

Status Tokenizer::readVocabularyObject(const Json& vocabulary) {
  for (const auto& [text, value] : vocabulary.get_ref<const Json::object_t&>()) {
    const std::optional<std::int64_t> id = idIn(value);
    if (!id) {
      return fault(fmt::format("the id of the token \"{}\" is no whole number from 0 to {}", escaped(text), kMaxId));
    }
    LAYERLOOM_CHECK(insert(text, *id));
  }
  return {};
}

Status Tokenizer::readVocabularyList(const Json& vocabulary) {
  for (const Json& entry : vocabulary) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number()) {
      return fault(fmt::format("entry {} of \"vocab\" is no pair of a token and its score", m_ids.size()));
    }
    LAYERLOOM_CHECK(insert(entry[0].get<std::string>(), static_cast<std::int64_t>(m_ids.size())));
  }
  return {};
}

Status Tokenizer::insert(const std::string& text, std::int64_t id) {
  if (id > kMaxId) {
    return fault(fmt::format("has more than {} tokens", kMaxId));
  }
  if (static_cast<std::size_t>(id) >= m_used.size()) {
    m_used.resize(static_cast<std::size_t>(id) + 1);
  }
  if (m_used[static_cast<std::size_t>(id)]) {
    return fault(fmt::format("the token \"{}\" has id {}, which another token has as well", escaped(text), id));
  }
  if (!m_ids.emplace(text, id).second) {
    return fault(fmt::format("has the token \"{}\" twice", escaped(text)));
  }
  m_used[static_cast<std::size_t>(id)] = true;
  return {};
}

Status Tokenizer::readAdded() {
  const Json* list = member(m_document, "added_tokens");
  if (list == nullptr || list->is_null()) {
    return {};
  }
  if (!list->is_array()) {
    return fault("\"added_tokens\" is no list");
  }
  for (const Json& entry : *list) {
    const Json* text = member(entry, "content");
    const Json* id = member(entry, "id");
    if (text == nullptr || !text->is_string() || id == nullptr || !idIn(*id)) {
      return fault(fmt::format("an added token has no text or no id from 0 to {}", kMaxId));
    }
    const AddedToken token{-1,
                           text->get<std::string>(),
                           flagIn(entry, "single_word"),
                           flagIn(entry, "lstrip"),
                           flagIn(entry, "rstrip"),
                           flagIn(entry, "normalized"),
                           flagIn(entry, "special")};
    if (isAdded(token.text)) {
      return fault(fmt::format("has the added token \"{}\" twice", escaped(token.text)));
    }
    LAYERLOOM_CHECK(add(token));
    m_idsDiffer = m_idsDiffer || (!token.text.empty() && idOf(token.text) != idIn(*id));
  }
  return {};
}

Tokenizer Tokenizer::withoutDocument() const {
  Tokenizer copy;
  copy.m_fileName = m_fileName;
  copy.m_type = m_type;
  copy.m_modelSize = m_modelSize;
  copy.m_ids = m_ids;
  copy.m_used = m_used;
  copy.m_added = m_added;
  copy.m_addedIndex = m_addedIndex;
  copy.m_lastAdded = m_lastAdded;
  copy.m_idsDiffer = m_idsDiffer;
  return copy;
}

std::optional<std::int64_t> Tokenizer::idOf(const std::string& text) const {
  const auto found = m_ids.find(text);
  return found == m_ids.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t Tokenizer::end() const {
  return static_cast<std::int64_t>(m_used.size());
}

std::int64_t Tokenizer::nextIdAfter(std::int64_t lastAdded) const {
  return lastAdded >= m_modelSize || m_modelSize == 0 ? lastAdded + 1 : m_modelSize;
}

Status Tokenizer::add(AddedToken token) {
  if (token.text.empty() || isAdded(token.text)) {
    return {};
  }
  if (const std::optional<std::int64_t> known = idOf(token.text)) {
    token.id = *known;
  } else {
    token.id = nextIdAfter(m_lastAdded);
    if (token.id < end() && m_used[static_cast<std::size_t>(token.id)]) {
      return refused(
          fmt::format(
              "{}: its vocabulary leaves ids out, so that the added token \"{}\" would get id {} of another token",
              m_fileName, escaped(token.text), token.id),
          "give the tokens of this tokenizer ids without gaps, or take another model's tokenizer as the source");
    }
    LAYERLOOM_CHECK(insert(token.text, token.id));
  }
  append(std::move(token));
  return {};
}

void Tokenizer::append(AddedToken token) {
  m_lastAdded = std::max(m_lastAdded, token.id);
  m_addedIndex.emplace(token.text, m_added.size());
  m_added.push_back(std::move(token));
}

Status Tokenizer::strip(std::int64_t end) {
  if (end >= this->end()) {
    return {};
  }
  if (m_type != "BPE") {
    return refused(
        fmt::format(
            "{}: has tokens past the {} rows of its model, and they can be taken out of a BPE tokenizer only (this "
            "one is {})",
            m_fileName, end, escaped(m_type)),
        "resize that model's embeddings to its tokenizer, or take another model as the base");
  }
  forget(end);
  Json& model = m_document["model"];
  std::vector<Json::object_t::value_type> kept;
  for (auto& [text, id] : model["vocab"].get_ref<Json::object_t&>()) {
    if (id.get<std::int64_t>() < end) {
      kept.emplace_back(text, std::move(id));
    }
  }
  m_modelSize = static_cast<std::int64_t>(kept.size());
  LAYERLOOM_CHECK(checkAddedIds(kept));
  static_cast<std::vector<Json::object_t::value_type>&>(model["vocab"].get_ref<Json::object_t&>()).swap(kept);
  keepMergesOfKnownTokens(model);
  dropSpecialTokens(m_document, end);
  return {};
}

/// Whether the library would give every added token its id again, with this vocabulary.
Status Tokenizer::checkAddedIds(const std::vector<Json::object_t::value_type>& vocabulary) const {
  std::unordered_set<std::string_view> known;
  for (const auto& [text, id] : vocabulary) {
    known.insert(text);
  }
  std::vector<std::pair<std::int64_t, std::string_view>> added;
  for (const AddedToken& token : m_added) {
    added.emplace_back(token.id, token.text);
  }
  std::ranges::sort(added);
  std::int64_t last = -1;
  for (const auto& [id, text] : added) {
    if (!known.contains(text) && id != nextIdAfter(last)) {
      return refused(fmt::format("{}: its vocabulary leaves ids out, so that the added token \"{}\" could not keep id {} without the tokens "
                                 "past the rows of its model",
                                 m_fileName, escaped(text), id),
                     "give the tokens of this tokenizer ids without gaps, or take another model's tokenizer as the source");
    }
    last = std::max(last, id);
  }
  return {};
}

/// Takes the tokens from `end` on out of everything but the document.
void Tokenizer::forget(std::int64_t end) {
  std::erase_if(m_ids, [end](const auto& entry) { return entry.second >= end; });
  m_used.resize(static_cast<std::size_t>(end));
  while (!m_used.empty() && !m_used.back()) {
    m_used.pop_back();
  }
  std::vector<AddedToken> added = std::move(m_added);
  m_added.clear();
  m_addedIndex.clear();
  m_lastAdded = -1;
  for (AddedToken& token : added) {
    if (token.id < end) {
      append(std::move(token));
    }
  }
}

void Tokenizer::keepMergesOfKnownTokens(Json& model) const {
  const auto merges = model.find("merges");
  if (merges == model.end()) {
    return;
  }
  const Json* prefix = member(model, "continuing_subword_prefix");
  const std::size_t prefixLength =
      prefix != nullptr && prefix->is_string() ? prefix->get_ref<const std::string&>().size() : 0;
  const auto stale = [&](const Json& merge) {
    const auto parts = partsOf(merge);
    if (!parts) {
      return false;
    }
    const auto& [left, right] = *parts;
    const std::string whole = left + right.substr(std::min(prefixLength, right.size()));
    return !m_ids.contains(left) || !m_ids.contains(right) || !m_ids.contains(whole);
  };
  std::erase_if(merges->get_ref<Json::array_t&>(), stale);
}

std::string Tokenizer::text() {
  // The library numbers added tokens in the order of the file, so that has to be the order of their ids.
  std::vector<AddedToken> added = m_added;
  std::ranges::sort(added, {}, &AddedToken::id);
  Json list = Json::array();
  for (const AddedToken& token : added) {
    list.push_back(jsonOf(token));
  }
  m_document["added_tokens"] = std::move(list);
  return m_document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace layerloom
