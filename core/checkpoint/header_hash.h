// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/content_hash.h"
#include "core/support/file.h"

namespace layerloom {

/// The hash of a safetensors file's JSON header as it is now.
Result<ContentHash> headerHash(const File& file);

}  // namespace layerloom
