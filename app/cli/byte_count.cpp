// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/byte_count.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>

#include "core/support/text.h"

namespace layerloom {
namespace {

constexpr double kMostBytes = 9.0e18;

std::optional<double> bytesPerUnit(std::string unit) {
  std::transform(unit.begin(), unit.end(), unit.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (unit.empty() || unit == "b") {
    return 1.0;
  }
  const std::size_t power = std::string_view("kmgtp").find(unit.front());
  const std::string_view rest = std::string_view(unit).substr(1);
  if (power == std::string_view::npos || !(rest.empty() || rest == "b" || rest == "ib")) {
    return std::nullopt;
  }
  return std::pow(rest == "ib" ? 1024.0 : 1000.0, static_cast<double>(power + 1));
}

}  // namespace

Result<std::uint64_t> parseByteCount(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
  const std::optional<double> factor = bytesPerUnit(std::string(unit));
  if (error != std::errc() || !factor || !std::isfinite(number) || number * *factor < 1 ||
      number * *factor > kMostBytes) {
    return refused(fmt::format("\"{}\" is no number of bytes", escaped(text)), "write for example 5GB, 500MB or 2GiB");
  }
  return static_cast<std::uint64_t>(std::llround(number * *factor));
}

}  // namespace layerloom
