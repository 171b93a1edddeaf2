// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/strict_json.h"

#include <fmt/format.h>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxDepth = 64;

/// Builds the value from the parser's events. The library's own builder looks every key up among those before it, which
/// takes minutes for a vocabulary; this one appends and finds duplicates in a hash set.
class StrictBuilder : public nlohmann::json_sax<Json> {
 public:
  explicit StrictBuilder(std::size_t maxDepth) : m_maxDepth(maxDepth) {}

  Json takeRoot() { return std::move(m_root); }
  const std::string& fault() const { return m_fault; }

  bool null() override { return put(Json(nullptr)) != nullptr; }
  bool boolean(bool value) override { return put(Json(value)) != nullptr; }
  bool number_integer(number_integer_t value) override { return put(Json(value)) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return put(Json(value)) != nullptr; }
  bool number_float(number_float_t value, const string_t&) override { return put(Json(value)) != nullptr; }
  bool string(string_t& value) override { return put(Json(std::move(value))) != nullptr; }
  bool binary(binary_t& value) override { return put(Json::binary(std::move(value))) != nullptr; }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = m_levels.back();
    if (!level.keys.insert(name).second) {
      m_fault = fmt::format("has the key \"{}\" twice", escaped(name));
      return false;
    }
    level.key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    m_fault = fmt::format("is not valid JSON (at byte {})", position);
    return false;
  }

 private:
  struct Level {
    Json* container;
    std::string key;
    std::unordered_set<std::string> keys;
  };

  /// Where the value stands now; it stays there until its container gets the next one, that is until it is closed
  /// itself.
  Json* put(Json value) {
    if (m_levels.empty()) {
      m_root = std::move(value);
      return &m_root;
    }
    Level& level = m_levels.back();
    if (level.container->is_array()) {
      auto& array = level.container->get_ref<Json::array_t&>();
      return &array.emplace_back(std::move(value));
    }
    std::vector<Json::object_t::value_type>& members = level.container->get_ref<Json::object_t&>();
    return &members.emplace_back(std::move(level.key), std::move(value)).second;
  }

  bool open(Json container) {
    if (m_levels.size() == m_maxDepth) {
      m_fault = fmt::format("is nested deeper than {} levels", m_maxDepth);
      return false;
    }
    Json* place = put(std::move(container));
    m_levels.push_back({place, {}, {}});
    return true;
  }

  bool close() {
    m_levels.pop_back();
    return true;
  }

  const std::size_t m_maxDepth;
  Json m_root;
  std::vector<Level> m_levels;
  std::string m_fault;
};

Result<Json> parse(std::string_view text, const std::string& fileName, std::size_t maxDepth, Json::input_format_t format) {
  StrictBuilder builder(maxDepth);
  std::string fault;
  // The library throws; nothing of that leaves this function.
  try {
    if (Json::sax_parse(text, &builder, format)) {
      return builder.takeRoot();
    }
    fault = builder.fault();
  } catch (const std::exception& error) {
    fault = error.what();
  }
  return refused(fmt::format("{}: {}", fileName, fault), "fetch the file again or mend it by hand");
}

}  // namespace

Result<Json> parseStrictJson(std::string_view text, const std::string& fileName) {
  return parse(text, fileName, kMaxDepth, Json::input_format_t::json);
}

Result<Json> parseStrictMessagePack(std::string_view bytes, const std::string& fileName, std::size_t maxDepth) {
  return parse(bytes, fileName, maxDepth, Json::input_format_t::msgpack);
}

Result<Json> parseStrictObject(std::string_view text, const std::string& fileName) {
  LAYERLOOM_TRY(Json root, parseStrictJson(text, fileName));
  if (!root.is_object()) {
    return refused(fmt::format("{}: is not a JSON object", fileName), "fetch the file again");
  }
  return root;
}

}  // namespace layerloom
