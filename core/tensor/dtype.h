// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace layerloom {

/// Element types of the safetensors format.
enum class DType : std::uint8_t {
  Bool, F4, F6E2M3, F6E3M2, U8, I8, F8E5M2, F8E4M3, F8E8M0, F8E4M3Fnuz, F8E5M2Fnuz, I16, U16, F16, BF16, I32, U32, F32, C64, F64,
  I64, U64,
};

/// Bits of one element.
unsigned bitsOf(DType type) noexcept;
/// The name in a safetensors header ("BF16").
std::string_view safetensorsName(DType type) noexcept;
/// The type with exactly that name in a safetensors header.
std::optional<DType> dtypeFromSafetensors(std::string_view name) noexcept;
/// The name in recipes and config.json ("bfloat16"); the safetensors name where there is no other.
std::string_view torchName(DType type) noexcept;
/// The mergeable type with that name in a recipe: float32, float16, bfloat16 or float64, also behind "torch.".
std::optional<DType> dtypeFromRecipe(std::string_view name) noexcept;
/// True for the types that merges compute on: F32, F16, BF16, F64.
bool isMergeable(DType type) noexcept;
/// True for booleans and whole numbers of any width.
bool isWholeNumber(DType type) noexcept;
/// torch.promote_types for mergeable types: the wider one; F16 with BF16 gives F32.
DType promoted(DType a, DType b) noexcept;

}  // namespace layerloom
