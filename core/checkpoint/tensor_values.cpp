// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/tensor_values.h"

#include <algorithm>
#include <bit>

#include "core/tensor/conversion_kernels.h"
#include "core/tensor/low_rank.h"

namespace layerloom {

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian and is read as it lies");

namespace {

Result<std::uint64_t> readStored(const Model& model, const ModelTensor& tensor, std::uint64_t first, std::span<float> out,
                                 std::vector<std::byte>& raw) {
  const DType dtype = tensor.dtypeInFile();
  const std::size_t elementBytes = bitsOf(dtype) / 8;
  const std::size_t bytes = out.size() * elementBytes;
  if (dtype == DType::F32) {
    LAYERLOOM_CHECK(model.read(tensor, first * elementBytes, std::as_writable_bytes(out)));
    return bytes;
  }
  raw.resize(std::max(raw.size(), bytes));
  LAYERLOOM_CHECK(model.read(tensor, first * elementBytes, std::span(raw).first(bytes)));
  decode(dtype, raw.data(), out);
  return bytes;
}

/// A factor as float32, its rows (first dimension × the rest) turned into columns on demand.
Result<std::vector<float>> loadFactor(const Model& model, const LowRankUpdate& update, const TensorEntry& factor, bool turned) {
  std::vector<float> values(factor.elements());
  {
    std::vector<std::byte> raw(factor.bytes());
    LAYERLOOM_CHECK(model.readFactor(update, factor, raw));
    decode(factor.dtype, raw.data(), values);
  }
  if (!turned || values.empty()) {
    return values;
  }
  const std::size_t rows = factor.shape.front();
  const std::size_t columns = values.size() / rows;
  std::vector<float> result(values.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      result[column * rows + row] = values[row * columns + column];
    }
  }
  return result;
}

Status addUpdate(const Model& model, const ModelTensor& tensor, std::uint64_t first, std::span<float> out, LoadedFactors& factors) {
  const LowRankUpdate& update = *tensor.update;
  if (factors.of != tensor.update) {
    factors = {};
    // W + s·B·A has the left factor B; its transpose Aᵀ·Bᵀ has Aᵀ.
    LAYERLOOM_TRY(factors.left, loadFactor(model, update, update.transposed ? update.a : update.b, update.transposed));
    LAYERLOOM_TRY(factors.right, loadFactor(model, update, update.transposed ? update.b : update.a, update.transposed));
    factors.of = tensor.update;
  }
  // What 16-bit weights lack in digits, sums in float64 would not give back.
  const bool is16Bit = bitsOf(tensor.dtypeInFile()) == 16;
  addLowRank({factors.left, factors.right, update.rank, update.columns, update.scale,
              is16Bit ? SumPrecision::Float32 : SumPrecision::Float64}, first, out);
  return {};
}

}  // namespace

Result<std::uint64_t> readValues(const Model& model, const ModelTensor& tensor, std::uint64_t first, std::span<float> out,
                                 ReadScratch& scratch, std::size_t slot) {
  LAYERLOOM_TRY(const std::uint64_t bytes, readStored(model, tensor, first, out, scratch.raw));
  if (tensor.update) {
    scratch.factors.resize(std::max(scratch.factors.size(), slot + 1));
    LAYERLOOM_CHECK(addUpdate(model, tensor, first, out, scratch.factors[slot]));
  }
  return bytes;
}

}  // namespace layerloom
