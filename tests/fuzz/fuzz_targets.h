// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace layerloom::test {

/// Gives any bytes to one reader and checks what comes back. The result is what is wrong, empty when all is well; a crash, a hang or a
/// report of a sanitizer is wrong as well.
using FuzzTarget = std::string (*)(std::string_view input);

std::string fuzzSafetensors(std::string_view input);
std::string fuzzIndex(std::string_view input);
std::string fuzzConfig(std::string_view input);
std::string fuzzAdapterConfig(std::string_view input);
std::string fuzzTokenizer(std::string_view input);
std::string fuzzRecipe(std::string_view input);
std::string fuzzJournal(std::string_view input);
std::string fuzzStatistics(std::string_view input);

/// A target under the name of its folder in corpus/.
struct NamedFuzzTarget {
  const char* name;
  FuzzTarget run;
};
std::span<const NamedFuzzTarget> fuzzTargets();

}  // namespace layerloom::test
