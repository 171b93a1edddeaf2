// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/report/document.h"

namespace layerloom::report {

/// One HTML page with everything in it: style, charts as SVG, no script and no address of another file.
std::string toHtml(const Document& document);

}  // namespace layerloom::report
