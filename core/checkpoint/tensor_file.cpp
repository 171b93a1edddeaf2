// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/tensor_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/support/text.h"

namespace layerloom {

Result<TensorFile> openTensorFile(const std::filesystem::path& path) {
  TensorFile opened;
  LAYERLOOM_TRY(opened.file, File::openForReading(path));
  const std::uint64_t bytes = opened.file.identity().bytes;
  std::array<std::byte, 8> start{};
  LAYERLOOM_CHECK(opened.file.read(0, std::span(start).first(std::min<std::uint64_t>(bytes, start.size()))));
  LAYERLOOM_TRY(const std::uint64_t length, headerLength(start, bytes, path.string()));
  std::string json;
  json.reserve(length + kHeaderPadding);
  json.resize(length);
  LAYERLOOM_CHECK(opened.file.read(start.size(), std::as_writable_bytes(std::span(json))));
  LAYERLOOM_TRY(SafetensorsHeader header, parseSafetensorsHeader(std::move(json), bytes, path.string()));
  for (TensorEntry& entry : header.tensors) {
    entry.begin += header.dataOffset;
    entry.end += header.dataOffset;
  }
  for (const std::string& warning : header.warnings) {
    opened.warnings.push_back(fmt::format("{}: {}", escaped(path.filename().string()), warning));
  }
  opened.file.adviseSequential();
  opened.tensors = std::move(header.tensors);
  return opened;
}

}  // namespace layerloom
