// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace layerloom {

/// Text from a file made safe for a terminal or a label: control characters, line breaks, bidirectional overrides and
/// bytes that are not UTF-8 become \xNN or \u{NNNN}; longer than `limit` bytes is cut with an ellipsis.
std::string escaped(std::string_view text, std::size_t limit = 200);

/// Sixteen hexadecimal digits that stand for the text: no secret, only unlikely to be those of another text.
std::string fingerprint(std::string_view text);

/// True when the bytes are well-formed UTF-8 (no overlong forms, no surrogates).
bool isUtf8(std::string_view text) noexcept;

/// The candidate nearest to `word` by edit distance, if it is near enough to be a slip of the pen (at most a third of
/// the letters differ).
std::optional<std::string> nearestSpelling(std::string_view word, const std::vector<std::string>& candidates);

/// Bytes in decimal units with three significant digits: "3.04 MB".
std::string formatBytes(std::uint64_t bytes);

/// A duration for people: "0.4 s", "14 s", "3 min 20 s", "2 h 5 min".
std::string formatSeconds(double seconds);

/// A count with thin grouping for people: "1 523 584".
std::string formatCount(std::uint64_t count);

/// The shortest decimal text that reads back as the same double and that YAML 1.1 readers (PyYAML) take for a float:
/// always a point in the mantissa ("1.0e-07", "0.5", "2.0"); ".inf", "-.inf", ".nan" for the values that have no
/// digits.
std::string formatDouble(double value);

/// The number of a YAML scalar written in plain decimal or scientific form, or .inf/.nan; independent of the locale.
/// Nothing when the text is no number.
std::optional<double> parseDouble(std::string_view text) noexcept;

}  // namespace layerloom
