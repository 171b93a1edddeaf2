// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/locator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "core/support/file.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

namespace fs = std::filesystem;

bool isThere(const fs::path& path) {
  std::error_code code;
  return fs::exists(path, code);
}

fs::path fromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? fs::path() : fs::path(value);
}

fs::path cacheFolder() {
  if (const fs::path hub = fromEnvironment("HF_HUB_CACHE"); !hub.empty()) {
    return hub;
  }
  if (const fs::path home = fromEnvironment("HF_HOME"); !home.empty()) {
    return home / "hub";
  }
  fs::path caches = fromEnvironment("XDG_CACHE_HOME");
  if (caches.empty()) {
    caches = fromEnvironment("HOME") / ".cache";
  }
  return caches / "huggingface" / "hub";
}

bool isCommit(std::string_view text) {
  return text.size() == 40 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// A branch or tag name that cannot lead out of the refs folder.
bool isPlainName(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.find('/') == std::string_view::npos &&
         text.find('\\') == std::string_view::npos;
}

std::string commitOf(const fs::path& repository, const std::string& revision) {
  if (isCommit(revision)) {
    return revision;
  }
  const std::string name = revision.empty() ? "main" : revision;
  if (!isPlainName(name)) {
    return {};
  }
  const auto text = readTextFile(repository / "refs" / name, 4096);
  if (!text) {
    return {};
  }
  const std::size_t first = text->find_first_not_of(" \t\r\n");
  const std::size_t last = text->find_last_not_of(" \t\r\n");
  const std::string commit = first == std::string::npos ? std::string() : text->substr(first, last - first + 1);
  return isCommit(commit) ? commit : std::string();
}

/// "org/name" in the Hugging Face cache, or an empty path.
fs::path inCache(const std::string& name, const std::string& revision) {
  const std::size_t slash = name.find('/');
  const bool isHubName = slash != std::string::npos && name.find('/', slash + 1) == std::string::npos &&
                         isPlainName(name.substr(0, slash)) && isPlainName(name.substr(slash + 1));
  if (!isHubName) {
    return {};
  }
  const fs::path repository =
      cacheFolder() / fmt::format("models--{}--{}", name.substr(0, slash), name.substr(slash + 1));
  const std::string commit = commitOf(repository, revision);
  const fs::path snapshot = repository / "snapshots" / commit;
  return !commit.empty() && isThere(snapshot) ? snapshot : fs::path();
}

}  // namespace

Result<fs::path> locateModel(const std::string& path, const std::string& revision, const LocatorOptions& options) {
  if (const auto stage = options.named.find(path); stage != options.named.end() && revision.empty()) {
    return stage->second;
  }
  std::vector<fs::path> places;
  if (fs::path(path).is_absolute()) {
    places = {fs::path(path)};
  } else {
    places = {options.recipeDir / path, fs::path(path)};
    for (const fs::path& folder : options.modelDirs) {
      places.push_back(folder / path);
    }
  }
  for (const fs::path& place : places) {
    if (isThere(place)) {
      return place;
    }
  }
  if (const fs::path cached = inCache(path, revision); !cached.empty()) {
    return cached;
  }
  return refused(fmt::format("model \"{}\" is not found beside the recipe, in the working directory, in a model folder or in the "
                             "Hugging Face cache",
                             escaped(revision.empty() ? path : path + "@" + revision)),
                 "check the name, or name the folder that holds the model (--model-dir); nothing is downloaded");
}

Result<std::shared_ptr<const Model>> openModel(const ModelAddress& address, const LocatorOptions& options) {
  LAYERLOOM_TRY(const fs::path path, locateModel(address.path, address.revision, options));
  if (address.adapter.empty()) {
    return Model::open(path);
  }
  LAYERLOOM_TRY(const fs::path adapter, locateModel(address.adapter, address.adapterRevision, options));
  return Model::open(path, adapter);
}

Result<std::shared_ptr<const Model>> openModel(std::string_view reference, const LocatorOptions& options) {
  LAYERLOOM_TRY(const ModelAddress address, parseModelAddress(reference));
  return openModel(address, options);
}

}  // namespace layerloom
