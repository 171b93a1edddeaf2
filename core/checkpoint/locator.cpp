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

/// mergekit's `path[@revision][+adapter]`.
struct ReferenceParts {
  std::string path;
  std::string revision;
  std::string adapter;
};

Result<ReferenceParts> splitReference(const std::string& reference) {
  ReferenceParts parts;
  const std::string shown = escaped(reference);
  if (std::count(reference.begin(), reference.end(), '+') > 1) {
    return refused(fmt::format("model reference \"{}\" has more than one \"+\"", shown), "write path or path@revision");
  }
  const std::size_t plus = reference.find('+');
  parts.path = reference.substr(0, plus);
  if (plus != std::string::npos) {
    parts.adapter = reference.substr(plus + 1);
  }
  if (std::count(parts.path.begin(), parts.path.end(), '@') > 1) {
    return refused(fmt::format("model reference \"{}\" has more than one \"@\"", shown), "write path or path@revision");
  }
  if (const std::size_t at = parts.path.find('@'); at != std::string::npos) {
    parts.revision = parts.path.substr(at + 1);
    parts.path.resize(at);
  }
  if (parts.path.empty()) {
    return refused(fmt::format("model reference \"{}\" has no path", shown), "name a model folder");
  }
  return parts;
}

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
fs::path inCache(const ReferenceParts& parts) {
  const std::size_t slash = parts.path.find('/');
  const bool isHubName = slash != std::string::npos && parts.path.find('/', slash + 1) == std::string::npos &&
                         isPlainName(parts.path.substr(0, slash)) && isPlainName(parts.path.substr(slash + 1));
  if (!isHubName) {
    return {};
  }
  const fs::path repository =
      cacheFolder() / fmt::format("models--{}--{}", parts.path.substr(0, slash), parts.path.substr(slash + 1));
  const std::string commit = commitOf(repository, parts.revision);
  const fs::path snapshot = repository / "snapshots" / commit;
  return !commit.empty() && isThere(snapshot) ? snapshot : fs::path();
}

}  // namespace

Result<fs::path> locateModel(const std::string& reference, const LocatorOptions& options) {
  LAYERLOOM_TRY(const ReferenceParts parts, splitReference(reference));
  if (!parts.adapter.empty()) {
    return refused(fmt::format("model \"{}\" names an adapter after \"+\"; adapters cannot be applied by this version",
                               escaped(reference)),
                   "merge the adapter into its model first");
  }
  std::vector<fs::path> places;
  if (fs::path(parts.path).is_absolute()) {
    places = {fs::path(parts.path)};
  } else {
    places = {options.recipeDir / parts.path, fs::path(parts.path)};
    for (const fs::path& folder : options.modelDirs) {
      places.push_back(folder / parts.path);
    }
  }
  for (const fs::path& place : places) {
    if (isThere(place)) {
      return place;
    }
  }
  if (const fs::path cached = inCache(parts); !cached.empty()) {
    return cached;
  }
  return refused(fmt::format("model \"{}\" is not found beside the recipe, in the working directory, in a model folder or in the "
                             "Hugging Face cache",
                             escaped(reference)),
                 "check the name, or name the folder that holds the model (--model-dir); nothing is downloaded");
}

Result<std::shared_ptr<const Model>> ModelCache::open(const std::string& reference) {
  for (const auto& [known, model] : m_models) {
    if (known == reference) {
      return model;
    }
  }
  LAYERLOOM_TRY(const fs::path path, locateModel(reference, m_options));
  LAYERLOOM_TRY(std::shared_ptr<const Model> model, Model::open(path));
  m_models.emplace_back(reference, model);
  return model;
}

}  // namespace layerloom
