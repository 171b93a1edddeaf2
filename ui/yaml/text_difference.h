// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace layerloom {

/// The part in which two texts differ, in bytes: old[begin, oldEnd) becomes new[begin, newEnd). Never cuts through a
/// UTF-8 character.
struct TextDifference {
  std::size_t begin = 0;
  std::size_t oldEnd = 0;
  std::size_t newEnd = 0;

  bool empty() const { return begin == oldEnd && begin == newEnd; }
};

TextDifference textDifference(std::string_view before, std::string_view after);

}  // namespace layerloom
