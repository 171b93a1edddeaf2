// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/yaml/text_difference.h"

#include <algorithm>

namespace layerloom {
namespace {

bool continuesCharacter(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

}  // namespace

TextDifference textDifference(std::string_view before, std::string_view after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t begin = 0;
  while (begin < shorter && before[begin] == after[begin]) ++begin;
  while (begin > 0 && (continuesCharacter(before, begin) || continuesCharacter(after, begin))) --begin;
  std::size_t tail = 0;
  while (tail < shorter - begin && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  while (tail > 0 &&
         (continuesCharacter(before, before.size() - tail) || continuesCharacter(after, after.size() - tail)))
    --tail;
  return {begin, before.size() - tail, after.size() - tail};
}

}  // namespace layerloom
