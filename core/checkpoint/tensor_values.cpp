// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/tensor_values.h"

#include <algorithm>
#include <bit>

#include "core/tensor/kernels.h"

namespace layerloom {

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian and is read as it lies");

Result<std::uint64_t> readValues(const Model& model, const ModelTensor& tensor, std::uint64_t first, std::span<float> out,
                                 std::vector<std::byte>& scratch) {
  const DType dtype = tensor.entry.dtype;
  const std::size_t elementBytes = bitsOf(dtype) / 8;
  const std::size_t bytes = out.size() * elementBytes;
  if (dtype == DType::F32) {
    LAYERLOOM_CHECK(model.read(tensor, first * elementBytes, std::as_writable_bytes(out)));
    return bytes;
  }
  scratch.resize(std::max(scratch.size(), bytes));
  LAYERLOOM_CHECK(model.read(tensor, first * elementBytes, std::span(scratch).first(bytes)));
  decode(dtype, scratch.data(), out);
  return bytes;
}

}  // namespace layerloom
