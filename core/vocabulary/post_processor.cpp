// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vocabulary/post_processor.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

Json* memberOf(Json& object, const char* name) {
  if (!object.is_object()) {
    return nullptr;
  }
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

bool isPast(Json& special, std::int64_t end) {
  Json* ids = memberOf(special, "ids");
  return ids != nullptr && ids->is_array() && std::ranges::any_of(*ids, [end](const Json& id) {
           return id.is_number_unsigned() && id.get<std::uint64_t>() >= static_cast<std::uint64_t>(end);
         });
}

void dropPieces(Json* pieces, const std::unordered_set<std::string>& names) {
  if (pieces == nullptr || !pieces->is_array()) {
    return;
  }
  std::erase_if(pieces->get_ref<Json::array_t&>(), [&](Json& piece) {
    Json* special = memberOf(piece, "SpecialToken");
    Json* name = special != nullptr ? memberOf(*special, "id") : nullptr;
    return name != nullptr && name->is_string() && names.contains(name->get<std::string>());
  });
}

void dropFromTemplate(Json& processor, std::int64_t end) {
  Json* specials = memberOf(processor, "special_tokens");
  if (specials == nullptr || !specials->is_object()) {
    return;
  }
  std::unordered_set<std::string> names;
  for (auto& [name, special] : specials->get_ref<Json::object_t&>()) {
    if (isPast(special, end)) {
      names.insert(name);
    }
  }
  for (const std::string& name : names) {
    specials->erase(name);
  }
  dropPieces(memberOf(processor, "single"), names);
  dropPieces(memberOf(processor, "pair"), names);
}

}  // namespace

void dropSpecialTokens(Json& tokenizer, std::int64_t end) {
  Json* processor = memberOf(tokenizer, "post_processor");
  if (processor == nullptr) {
    return;
  }
  dropFromTemplate(*processor, end);
  if (Json* parts = memberOf(*processor, "processors"); parts != nullptr && parts->is_array()) {
    for (Json& part : *parts) {
      dropFromTemplate(part, end);
    }
  }
}

}  // namespace layerloom
