// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/plan/plan.h"
#include "core/run/run.h"
#include "core/support/content_hash.h"

namespace layerloom {

/// A file of weights that a merge reads.
struct SourceFile {
  std::string model;  ///< as the recipe names it
  std::string name;
  std::string path;
  FileIdentity identity;  ///< as of opening
  ContentHash header;
};

/// The files of a plan's models, each once, in the order of the models.
Result<std::vector<SourceFile>> sourcesOf(const MergePlan& plan);

/// All that decides over the bytes of a merge's result, as pairs of a name for people and a value that differs where the bytes may.
using MergeIdentity = std::vector<std::pair<std::string, std::string>>;

MergeIdentity identityOf(const MergePlan& plan, const std::vector<SourceFile>& sources, const RunOptions& options);

/// What of the identity is another than before, for people: "the seed (4 instead of 3)"; empty when they are the same.
std::string differenceFrom(const MergeIdentity& before, const MergeIdentity& now);

/// The hash of a text as 32 digits.
std::string hashOf(std::string_view text);

}  // namespace layerloom
