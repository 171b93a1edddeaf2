// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/refusal.h"

namespace layerloom {

std::string_view nameOf(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::NonFinite:
      return "non_finite";
    case RefusalReason::Interrupted:
      return "interrupted";
    case RefusalReason::OtherMerge:
      return "other_merge";
    case RefusalReason::None:
      break;
  }
  return {};
}

}  // namespace layerloom
