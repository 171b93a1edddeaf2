// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/recipe/recipe.h"
#include "core/support/result.h"

namespace layerloom {

/// "message (remedy)", or the message alone.
std::string describe(const Error& error);

/// Writes "layerloom-cli: error: message (remedy)".
void printError(std::ostream& err, const Error& error);

/// Writes one line per problem, in the order of the text; problems without a place come first.
void printProblems(std::ostream& stream, const std::vector<Problem>& problems, const std::string& fileName);

/// "2 errors, 1 warning"; notes are not counted.
std::string countProblems(const std::vector<Problem>& problems);

/// {"severity", "path", "line", "column", "message", "remedy"} for each; line and column are 0 where a problem has no
/// place.
nlohmann::ordered_json problemsToJson(const std::vector<Problem>& problems);

/// {"kind", "message", "remedy"}
nlohmann::ordered_json errorToJson(const Error& error);

/// One line of JSON. Bytes that are not UTF-8 become U+FFFD instead of an exception.
std::string dumpJson(const nlohmann::ordered_json& json);

/// The same over several lines, for people.
std::string prettyJson(const nlohmann::ordered_json& json);

}  // namespace layerloom
