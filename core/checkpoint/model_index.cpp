// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/model_index.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <unordered_set>

#include "core/support/file.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

namespace dom = simdjson::dom;

constexpr std::uint64_t kMaxIndexBytes = 256'000'000;
constexpr std::size_t kMaxDepth = 64;

/// A name that stays inside the folder on every system: no separators, no drive, no control characters.
bool isPlainShardName(std::string_view name) {
  constexpr std::string_view kSuffix = ".safetensors";
  const bool clean = std::none_of(name.begin(), name.end(), [](char c) {
    return c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < 0x20;
  });
  return clean && name.size() > kSuffix.size() && name.ends_with(kSuffix);
}

class IndexReader {
 public:
  explicit IndexReader(std::string fileName) : m_fileName(std::move(fileName)) {}

  Result<ModelIndex> read(std::string_view text);

 private:
  tl::unexpected<Error> broken(const std::string& what) const {
    return refused(fmt::format("{}: {}", m_fileName, what), "fetch the index again or save the model anew");
  }
  Status readRoot(dom::object root);
  void readTotalSize(dom::element metadata);
  Status readMap(dom::element value);

  const std::string m_fileName;
  ModelIndex m_index;
};

Result<ModelIndex> IndexReader::read(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return broken("starts with a byte order mark");
  }
  dom::parser parser;
  if (parser.allocate(std::max<std::size_t>(text.size(), 32), kMaxDepth) != simdjson::SUCCESS) {
    return broken("is too large for the memory of this machine");
  }
  dom::element root;
  const simdjson::padded_string padded(text);
  if (const auto code = parser.parse(padded).get(root); code != simdjson::SUCCESS) {
    return broken(fmt::format("is not valid JSON ({})", simdjson::error_message(code)));
  }
  dom::object object;
  if (root.get_object().get(object) != simdjson::SUCCESS) {
    return broken("is not a JSON object");
  }
  LAYERLOOM_CHECK(readRoot(object));
  return std::move(m_index);
}

Status IndexReader::readRoot(dom::object root) {
  bool hasMap = false;
  for (const auto [key, value] : root) {
    if (key == "metadata") {
      m_index.hasMetadata = true;
      readTotalSize(value);
    } else if (key == "weight_map") {
      if (hasMap) {
        return broken("has \"weight_map\" twice");
      }
      hasMap = true;
      LAYERLOOM_CHECK(readMap(value));
    }
  }
  if (!hasMap) {
    return broken("has no \"weight_map\"");
  }
  if (m_index.fileOf.empty()) {
    return broken("has an empty \"weight_map\"");
  }
  return {};
}

void IndexReader::readTotalSize(dom::element metadata) {
  dom::element size;
  if (metadata["total_size"].get(size) != simdjson::SUCCESS) {
    return;
  }
  m_index.hasTotalSize = true;
  std::uint64_t bytes = 0;
  if (size.get_uint64().get(bytes) == simdjson::SUCCESS) {
    m_index.totalSize = bytes;
  }
}

Status IndexReader::readMap(dom::element value) {
  dom::object map;
  if (value.get_object().get(map) != simdjson::SUCCESS) {
    return broken("has a \"weight_map\" that is no object");
  }
  for (const auto [tensor, file] : map) {
    std::string_view name;
    if (file.get_string().get(name) != simdjson::SUCCESS) {
      return broken(fmt::format("names no file for the tensor \"{}\"", escaped(tensor)));
    }
    if (!isPlainShardName(name)) {
      return broken(fmt::format("names the file \"{}\", which is no plain .safetensors name in the same folder", escaped(name)));
    }
    if (!m_index.fileOf.emplace(tensor, name).second) {
      return broken(fmt::format("lists the tensor \"{}\" twice", escaped(tensor)));
    }
  }
  return {};
}

}  // namespace

Result<ModelIndex> readModelIndex(const std::filesystem::path& path) {
  LAYERLOOM_TRY(const std::string text, readTextFile(path, kMaxIndexBytes));
  return parseModelIndex(text, escaped(path.string(), 1000));
}

Result<ModelIndex> parseModelIndex(std::string_view text, const std::string& fileName) {
  return IndexReader(fileName).read(text);
}

}  // namespace layerloom
