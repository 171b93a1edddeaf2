// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/model_address.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr auto kForm = "write path, path@revision or path+adapter";

Status splitRevision(std::string_view part, std::string_view whole, std::string& path, std::string& revision) {
  const std::size_t at = part.find('@');
  if (at != std::string_view::npos && part.find('@', at + 1) != std::string_view::npos) {
    return refused(fmt::format("model reference \"{}\" has more than one \"@\"", escaped(whole)), kForm);
  }
  path = part.substr(0, at);
  revision = at == std::string_view::npos ? std::string_view() : part.substr(at + 1);
  if (path.empty()) {
    return refused(fmt::format("model reference \"{}\" has no path", escaped(whole)), "name a model folder");
  }
  return {};
}

std::string withRevision(const std::string& path, const std::string& revision) {
  return revision.empty() ? path : path + "@" + revision;
}

}  // namespace

std::string ModelAddress::text() const {
  const std::string base = withRevision(path, revision);
  return adapter.empty() ? base : base + "+" + withRevision(adapter, adapterRevision);
}

Result<ModelAddress> parseModelAddress(std::string_view text) {
  if (std::count(text.begin(), text.end(), '+') > 1) {
    return refused(fmt::format("model reference \"{}\" has more than one \"+\"", escaped(text)), kForm);
  }
  ModelAddress address;
  const std::size_t plus = text.find('+');
  LAYERLOOM_CHECK(splitRevision(text.substr(0, plus), text, address.path, address.revision));
  if (plus != std::string_view::npos) {
    LAYERLOOM_CHECK(splitRevision(text.substr(plus + 1), text, address.adapter, address.adapterRevision));
  }
  return address;
}

}  // namespace layerloom
