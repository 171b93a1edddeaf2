// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace layerloom {

/// A text as a field of a CSV line (RFC 4180). Names come from strangers' files: one that a spreadsheet would run as a formula (it begins with = + - @, a tab
/// or a line break) gets an apostrophe in front. Not for figures: "-0.5" is text here.
std::string csvField(std::string_view text);

}  // namespace layerloom
