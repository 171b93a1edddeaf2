// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/dtype.h"

#include <algorithm>
#include <array>

namespace layerloom {
namespace {

struct DTypeInfo {
  DType type;
  unsigned bits;
  std::string_view safetensors;
  std::string_view torch;
};

constexpr std::array kTypes = {
    DTypeInfo{DType::Bool, 8, "BOOL", "bool"},
    DTypeInfo{DType::F4, 4, "F4", "F4"},
    DTypeInfo{DType::F6E2M3, 6, "F6_E2M3", "F6_E2M3"},
    DTypeInfo{DType::F6E3M2, 6, "F6_E3M2", "F6_E3M2"},
    DTypeInfo{DType::U8, 8, "U8", "uint8"},
    DTypeInfo{DType::I8, 8, "I8", "int8"},
    DTypeInfo{DType::F8E5M2, 8, "F8_E5M2", "float8_e5m2"},
    DTypeInfo{DType::F8E4M3, 8, "F8_E4M3", "float8_e4m3fn"},
    DTypeInfo{DType::F8E8M0, 8, "F8_E8M0", "float8_e8m0fnu"},
    DTypeInfo{DType::F8E4M3Fnuz, 8, "F8_E4M3FNUZ", "float8_e4m3fnuz"},
    DTypeInfo{DType::F8E5M2Fnuz, 8, "F8_E5M2FNUZ", "float8_e5m2fnuz"},
    DTypeInfo{DType::I16, 16, "I16", "int16"},
    DTypeInfo{DType::U16, 16, "U16", "uint16"},
    DTypeInfo{DType::F16, 16, "F16", "float16"},
    DTypeInfo{DType::BF16, 16, "BF16", "bfloat16"},
    DTypeInfo{DType::I32, 32, "I32", "int32"},
    DTypeInfo{DType::U32, 32, "U32", "uint32"},
    DTypeInfo{DType::F32, 32, "F32", "float32"},
    DTypeInfo{DType::C64, 64, "C64", "complex64"},
    DTypeInfo{DType::F64, 64, "F64", "float64"},
    DTypeInfo{DType::I64, 64, "I64", "int64"},
    DTypeInfo{DType::U64, 64, "U64", "uint64"},
};

constexpr bool isInEnumOrder() {
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    if (static_cast<std::size_t>(kTypes[i].type) != i) {
      return false;
    }
  }
  return true;
}
static_assert(isInEnumOrder());

const DTypeInfo& infoOf(DType type) noexcept {
  return kTypes[static_cast<std::size_t>(type)];
}

}  // namespace

unsigned bitsOf(DType type) noexcept {
  return infoOf(type).bits;
}

std::string_view safetensorsName(DType type) noexcept {
  return infoOf(type).safetensors;
}

std::string_view torchName(DType type) noexcept {
  return infoOf(type).torch;
}

std::optional<DType> dtypeFromSafetensors(std::string_view name) noexcept {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const DTypeInfo& info) { return info.safetensors == name; });
  return found == kTypes.end() ? std::nullopt : std::optional(found->type);
}

std::optional<DType> dtypeFromRecipe(std::string_view name) noexcept {
  if (name.starts_with("torch.")) {
    name.remove_prefix(6);
  }
  for (const DType type : {DType::F32, DType::BF16, DType::F16, DType::F64}) {
    if (name == infoOf(type).torch) {
      return type;
    }
  }
  return std::nullopt;
}

bool isWholeNumber(DType type) noexcept {
  switch (type) {
    case DType::Bool:
    case DType::U8:
    case DType::I8:
    case DType::I16:
    case DType::U16:
    case DType::I32:
    case DType::U32:
    case DType::I64:
    case DType::U64:
      return true;
    default:
      return false;
  }
}

bool isMergeable(DType type) noexcept {
  return type == DType::F32 || type == DType::F16 || type == DType::BF16 || type == DType::F64;
}

DType promoted(DType a, DType b) noexcept {
  if (a == b) {
    return a;
  }
  if (a == DType::F64 || b == DType::F64) {
    return DType::F64;
  }
  return DType::F32;
}

}  // namespace layerloom
