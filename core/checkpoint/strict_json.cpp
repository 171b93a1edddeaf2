// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/strict_json.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 64;

Result<Json> parse(const std::string& text, const std::string& fileName) {
  std::string fault;
  std::vector<std::set<std::string>> keys;
  const auto callback = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kMaxDepth) {
      throw std::runtime_error(fmt::format("is nested deeper than {} levels", kMaxDepth));
    }
    if (event == Json::parse_event_t::object_start) {
      keys.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second) {
      throw std::runtime_error(fmt::format("has the key \"{}\" twice", escaped(parsed.get<std::string>())));
    }
    return true;
  };
  // The library throws; nothing of that leaves this function.
  try {
    return Json::parse(text, callback);
  } catch (const Json::parse_error& error) {
    fault = fmt::format("is not valid JSON (at byte {})", error.byte);
  } catch (const std::exception& error) {
    fault = error.what();
  }
  return refused(fmt::format("{}: {}", fileName, fault), "fetch the file again or mend it by hand");
}

}  // namespace

Result<Json> parseStrictObject(const std::string& text, const std::string& fileName) {
  LAYERLOOM_TRY(Json root, parse(text, fileName));
  if (!root.is_object()) {
    return refused(fmt::format("{}: is not a JSON object", fileName), "fetch the file again");
  }
  return root;
}

}  // namespace layerloom
