// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/exit_status.h"

namespace layerloom {

ExitStatus exitStatusOf(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::Refused:
      return ExitStatus::Refused;
    case ErrorKind::Io:
      return ExitStatus::Io;
    case ErrorKind::Defect:
      return ExitStatus::Defect;
  }
  return ExitStatus::Defect;
}

const char* nameOf(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::Refused:
      return "refused";
    case ErrorKind::Io:
      return "io";
    case ErrorKind::Defect:
      return "defect";
  }
  return "defect";
}

std::string exitStatusHelp() {
  return "Exit status:\n"
         "  0    done\n"
         "  1    a defect in this program\n"
         "  2    a recipe, model or option was refused; the message says what to do, nothing was written\n"
         "  3    reading or writing failed (disk full, file unreadable); a merge can be resumed\n"
         "  130  cancelled with Ctrl-C (143: by SIGTERM); nothing is left behind\n";
}

}  // namespace layerloom
