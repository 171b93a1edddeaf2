// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/refusal.h"

namespace layerloom {

std::string_view refusalReason(const Error& error) {
  if (error.kind != ErrorKind::Refused) {
    return {};
  }
  if (error.remedy == kNonFiniteRemedy) {
    return "non_finite";
  }
  if (error.remedy == kInterruptedRemedy) {
    return "interrupted";
  }
  return error.remedy == kOtherMergeRemedy ? "other_merge" : "";
}

}  // namespace layerloom
