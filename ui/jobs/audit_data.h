// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <QString>
#include <QStringList>

namespace layerloom {

/// A tensor of a merge's result that somebody should look at.
struct AuditTensor {
  QString name;
  std::uint64_t inputNans = 0;
  std::uint64_t inputInfinities = 0;
  std::uint64_t outputNans = 0;
  std::uint64_t outputInfinities = 0;
  std::uint64_t saturations = 0;
  std::optional<double> normRatio;  ///< of an outlier, to the nearest norm of an input

  bool operator==(const AuditTensor&) const = default;
};

/// What was counted while a merge was written, as the merge program tells it (app/cli/manifest_json.md).
struct AuditData {
  std::uint64_t inputNans = 0;
  std::uint64_t inputInfinities = 0;
  std::uint64_t outputNans = 0;
  std::uint64_t outputInfinities = 0;
  std::uint64_t created = 0;  ///< NaN or infinite beyond those of the inputs
  std::uint64_t saturations = 0;
  std::uint64_t normOutliers = 0;
  std::uint64_t tensorsFound = 0;    ///< with anything of the above
  std::vector<AuditTensor> tensors;  ///< the first of them
  QStringList warnings;              ///< on what happened to the sources meanwhile
  int tensorsKept = 0;               ///< that an interrupted merge had made

  bool isClean() const { return tensorsFound == 0 && warnings.isEmpty(); }
  bool operator==(const AuditData&) const = default;
};

}  // namespace layerloom
