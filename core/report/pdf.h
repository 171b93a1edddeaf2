// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/report/document.h"
#include "core/support/result.h"

namespace layerloom::report {

/// The document as the bytes of a PDF file, A4, with as many pages as it takes. Fonts of the system are embedded.
Result<std::string> toPdf(const Document& document);

}  // namespace layerloom::report
