// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include <QString>
#include <QTemporaryDir>

#include "tests/common/cli_run.h"
#include "tests/common/safetensors_data.h"

namespace layerloom::test {

// The cases of conformance/cases; see the README beside them.

using Tensors = std::map<std::string, RawTensor>;

/// Names of all cases.
std::vector<QString> caseNames();
std::string casePath(const QString& name);
/// What case.json says.
nlohmann::json caseOf(const QString& name);
/// One data row per case of that kind.
void addCases(const std::string& kind);
/// The tensors of a model of the conformance set.
Tensors modelTensors(const std::string& name);
/// The tensors that mergekit wrote.
Tensors expectedTensors(const QString& name);

CliRun mergeCase(const QString& name, const std::string& output,
                 const std::vector<std::string>& more = {"--seed", "1"});
std::string outputIn(const QTemporaryDir& folder, const char* name = "out");

std::set<std::string> filesIn(const std::string& folder);
/// Empty when the folder has the files and the config that mergekit would have written; else what differs.
std::string folderDifference(const QString& name, const std::string& folder);
/// Names, types and shapes alone, one line per tensor.
std::string structureOf(const Tensors& tensors);
/// Empty when `got` is what mergekit made within the tolerance of its type; else the first difference.
std::string differenceOf(const Tensors& got, const Tensors& want);
/// The same for a case with a tokenizer: `got` has its own numbers of the tokens, so rows are compared token by token.
std::string tokenizerDifference(const QString& name, const std::string& folder);

}  // namespace layerloom::test
