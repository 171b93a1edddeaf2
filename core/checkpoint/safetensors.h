// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/support/result.h"
#include "core/tensor/dtype.h"

namespace layerloom {

/// One tensor of a safetensors file. Byte range [begin, end) counts from the start of the data, after the header.
struct TensorEntry {
  std::string name;
  DType dtype = DType::F32;
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t bytes() const { return end - begin; }
  /// The product of the shape; 1 for a scalar.
  std::uint64_t elements() const;
};

/// "[160, 16]"
std::string formatShape(const std::vector<std::uint64_t>& shape);

/// The checked header of a safetensors file; tensors in the order of their data.
struct SafetensorsHeader {
  std::vector<TensorEntry> tensors;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::uint64_t dataOffset = 0;  ///< where the data starts in the file
  std::vector<std::string> warnings;  ///< oddities that the format allows (unknown extra fields, empty names)
};

inline constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  ///< the format's own limit
inline constexpr std::size_t kMaxTensors = 1'000'000;
inline constexpr std::size_t kMaxRank = 32;
inline constexpr std::size_t kHeaderPadding = 64;

/// The length of the JSON part from the first 8 bytes of a file of `fileBytes`, checked against limit and file; a message that
/// says what the file is instead, where the bytes are known ("a Git LFS pointer", "a pickle").
Result<std::uint64_t> headerLength(std::span<const std::byte> start, std::uint64_t fileBytes, const std::string& fileName);

/// Checks and reads the JSON part. Enforced: UTF-8, one object, no duplicate names, known dtype, shape × size = byte range without
/// overflow, ranges that tile the data exactly and end with the file. `fileName` is for messages only. With kHeaderPadding bytes of
/// spare capacity the text is not copied.
Result<SafetensorsHeader> parseSafetensorsHeader(std::string json, std::uint64_t fileBytes, const std::string& fileName);

/// The bytes of a file's start (length and padded JSON) for tensors whose byte ranges are already laid out.
std::string formatSafetensorsHeader(const std::vector<TensorEntry>& tensors);

}  // namespace layerloom
