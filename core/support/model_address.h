// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/support/result.h"

namespace layerloom {

/// Where a model is, in mergekit's terms: a folder, file or hub name, perhaps of a revision, perhaps with a LoRA adapter on top.
struct ModelAddress {
  std::string path;
  std::string revision;         ///< empty: the default one
  std::string adapter;          ///< empty: none
  std::string adapterRevision;

  bool operator==(const ModelAddress&) const = default;
  /// `path[@revision][+adapter[@revision]]`
  std::string text() const;
};

/// Reads `path[@revision][+adapter[@revision]]`. Refused: no path, more than one "+", more than one "@" in a part.
Result<ModelAddress> parseModelAddress(std::string_view text);

}  // namespace layerloom
