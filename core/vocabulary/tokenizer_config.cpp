// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vocabulary/tokenizer_config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <system_error>

#include "core/checkpoint/strict_json.h"
#include "core/support/file.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxBytes = 64'000'000;
constexpr std::array kNamedKeys = {"bos_token", "eos_token", "unk_token", "sep_token",
                                   "pad_token", "cls_token", "mask_token"};

Result<std::optional<std::string>> textIn(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return std::nullopt;
  }
  LAYERLOOM_TRY(std::string text, readTextFile(path, kMaxBytes));
  if (!isUtf8(text)) {
    return refused(fmt::format("{}: is no UTF-8 text", escaped(path.string(), 1000)), "fetch the file again");
  }
  return text;
}

Result<std::optional<Json>> objectIn(const std::filesystem::path& path) {
  LAYERLOOM_TRY(const std::optional<std::string> text, textIn(path));
  if (!text) {
    return std::nullopt;
  }
  const std::string fileName = escaped(path.string(), 1000);
  LAYERLOOM_TRY(Json json, parseStrictJson(*text, fileName));
  if (!json.is_object()) {
    return refused(fmt::format("{}: is not a JSON object", fileName), "fetch the file again");
  }
  return json;
}

const Json* memberOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

bool flagOf(const Json& token, const char* key, bool otherwise) {
  const Json* flag = memberOf(token, key);
  return flag != nullptr && flag->is_boolean() ? flag->get<bool>() : otherwise;
}

/// A token as a config writes it: its text, or an object with the flags.
std::optional<AddedToken> tokenOf(const Json& value) {
  if (value.is_string()) {
    return specialToken(value.get<std::string>());
  }
  const Json* text = value.is_object() ? memberOf(value, "content") : nullptr;
  if (text == nullptr || !text->is_string()) {
    return std::nullopt;
  }
  const bool special = flagOf(value, "special", false);
  return AddedToken{-1,
                    text->get<std::string>(),
                    flagOf(value, "single_word", false),
                    flagOf(value, "lstrip", false),
                    flagOf(value, "rstrip", false),
                    flagOf(value, "normalized", !special),
                    special};
}

void addSpecial(const Json& value, std::vector<AddedToken>& tokens) {
  if (std::optional<AddedToken> token = tokenOf(value)) {
    token->special = true;
    tokens.push_back(std::move(*token));
  }
}

void addExtra(const Json& value, std::vector<AddedToken>& tokens) {
  if (value.is_array() || value.is_object()) {
    for (const Json& entry : value) {
      addSpecial(entry, tokens);
    }
  }
}

/// Pretty JSON in which whole numbers too large for 64 bits stay whole numbers: "model_max_length" is 1e30 written out
/// in many configs, and readers take a fraction there amiss.
void write(const Json& json, std::size_t indent, std::string& out) {
  const auto separate = [&](std::size_t index, std::size_t depth) {
    out += index == 0 ? "\n" : ",\n";
    out.append(2 * depth, ' ');
  };
  if (json.is_structured() && !json.empty()) {
    out += json.is_object() ? '{' : '[';
    std::size_t index = 0;
    for (const auto& [key, value] : json.items()) {
      separate(index++, indent + 1);
      out += json.is_object() ? Json(key).dump(-1, ' ', false, Json::error_handler_t::replace) + ": " : "";
      write(value, indent + 1, out);
    }
    out += '\n';
    out.append(2 * indent, ' ');
    out += json.is_object() ? '}' : ']';
    return;
  }
  if (json.is_number_float() && std::abs(json.get<double>()) >= 0x1p63 && std::abs(json.get<double>()) < 1e40) {
    out += fmt::format("{:.0f}", json.get<double>());
    return;
  }
  out += json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string defaultOf(const Json& templates) {
  if (templates.is_object()) {
    const Json* text = memberOf(templates, "default");
    return text != nullptr && text->is_string() ? text->get<std::string>() : std::string();
  }
  for (const Json& entry : templates) {
    const Json* name = entry.is_object() ? memberOf(entry, "name") : nullptr;
    const Json* text = entry.is_object() ? memberOf(entry, "template") : nullptr;
    if (name != nullptr && *name == "default" && text != nullptr && text->is_string()) {
      return text->get<std::string>();
    }
  }
  return {};
}

}  // namespace

Result<TokenizerConfig> TokenizerConfig::read(const std::filesystem::path& folder) {
  TokenizerConfig config;
  LAYERLOOM_TRY(config.m_config, objectIn(folder / "tokenizer_config.json"));
  LAYERLOOM_TRY(config.m_specialsMap, objectIn(folder / "special_tokens_map.json"));
  LAYERLOOM_TRY(config.m_specialsText, textIn(folder / "special_tokens_map.json"));
  LAYERLOOM_TRY(std::optional<std::string> jinja, textIn(folder / "chat_template.jinja"));
  config.readSavedTokens();
  config.readSpecialTokens();
  config.readChatTemplate(std::move(jinja));
  if (const Json* name = config.value("tokenizer_class"); name != nullptr && name->is_string()) {
    config.m_class = name->get<std::string>();
  }
  // The code that it names does not come along to the merged folder.
  if (config.m_config) {
    config.m_config->erase("auto_map");
  }
  return config;
}

const TokenizerConfig::Json* TokenizerConfig::value(const char* key) const {
  // As transformers has it, the map counts only where the config does not list the added tokens itself.
  const bool mapCounts = m_specialsMap && !(m_config && m_config->contains("added_tokens_decoder"));
  if (const Json* found = mapCounts ? memberOf(*m_specialsMap, key) : nullptr) {
    return found;
  }
  return m_config ? memberOf(*m_config, key) : nullptr;
}

void TokenizerConfig::readSavedTokens() {
  const Json* saved = m_config ? memberOf(*m_config, "added_tokens_decoder") : nullptr;
  if (saved == nullptr || !saved->is_object()) {
    return;
  }
  for (const auto& [key, entry] : saved->get_ref<const Json::object_t&>()) {
    std::optional<AddedToken> token = tokenOf(entry);
    std::int64_t id = -1;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
    if (token && error == std::errc() && end == key.data() + key.size() && id >= 0) {
      token->id = id;
      m_saved.push_back(std::move(*token));
    }
  }
  std::ranges::stable_sort(m_saved, {}, &AddedToken::id);
}

void TokenizerConfig::readSpecialTokens() {
  for (const char* key : kNamedKeys) {
    if (const Json* found = value(key)) {
      addSpecial(*found, m_specials);
    }
  }
  const Json* extra = value("extra_special_tokens");
  const bool extraIsMap = extra != nullptr && extra->is_object();
  if (m_config) {
    for (const auto& [key, entry] : m_config->get_ref<const Json::object_t&>()) {
      if (key.ends_with("_token") && entry.is_string() && std::ranges::find(kNamedKeys, key) == kNamedKeys.end()) {
        addSpecial(entry, m_specials);
      }
    }
  }
  if (extra == nullptr || extra->empty()) {
    extra = value("additional_special_tokens");
  }
  if (extra != nullptr && (extraIsMap || extra->is_array())) {
    addExtra(*extra, m_specials);
  }
}

void TokenizerConfig::readChatTemplate(std::optional<std::string> jinja) {
  if (jinja) {
    m_template = std::move(jinja);
    m_templateIsFile = true;
    return;
  }
  const Json* found = m_config ? memberOf(*m_config, "chat_template") : nullptr;
  if (found != nullptr && found->is_string()) {
    // transformers writes it as a file of its own today, and so do we.
    setChatTemplate(found->get<std::string>());
  } else if (found != nullptr && found->is_structured()) {
    const std::string text = defaultOf(*found);
    m_template = text.empty() ? std::nullopt : std::optional(text);
  }
}

void TokenizerConfig::setChatTemplate(std::string text) {
  m_template = std::move(text);
  m_templateIsFile = true;
  if (m_config) {
    m_config->erase("chat_template");
  }
}

void TokenizerConfig::adopt(const Tokenizer& tokenizer) {
  if (!m_config || !m_config->contains("added_tokens_decoder")) {
    return;
  }
  std::vector<AddedToken> added = tokenizer.added();
  std::ranges::sort(added, {}, &AddedToken::id);
  Json list = Json::object();
  for (const AddedToken& token : added) {
    static_cast<std::vector<Json::object_t::value_type>&>(list.get_ref<Json::object_t&>())
        .emplace_back(std::to_string(token.id), Json{{"content", token.text},
                                                     {"lstrip", token.leftStrip},
                                                     {"normalized", token.normalized},
                                                     {"rstrip", token.rightStrip},
                                                     {"single_word", token.singleWord},
                                                     {"special", token.special}});
  }
  (*m_config)["added_tokens_decoder"] = std::move(list);
}

std::vector<TokenizerFile> TokenizerConfig::files() const {
  std::vector<TokenizerFile> files;
  if (m_config) {
    std::string text;
    write(*m_config, 0, text);
    files.push_back({"tokenizer_config.json", text + "\n"});
  }
  if (m_specialsText) {
    files.push_back({"special_tokens_map.json", *m_specialsText});
  }
  if (m_template && m_templateIsFile) {
    files.push_back({"chat_template.jinja", *m_template});
  }
  return files;
}

}  // namespace layerloom
