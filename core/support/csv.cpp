// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/csv.h"

namespace layerloom {

std::string csvField(std::string_view text) {
  constexpr std::string_view kFormula = "=+-@\t\r\n";
  const bool isFormula = !text.empty() && kFormula.find(text.front()) != std::string_view::npos;
  const std::string safe = (isFormula ? "'" : "") + std::string(text);
  if (safe.find_first_of(",\"\r\n") == std::string::npos) {
    return safe;
  }
  std::string field = "\"";
  for (const char c : safe) {
    field += c == '"' ? "\"\"" : std::string(1, c);
  }
  return field + '"';
}

}  // namespace layerloom
