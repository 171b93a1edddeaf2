// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QString>

class QMimeData;

namespace layerloom {

/// The local paths in a drag that the program can open: folders, .safetensors, .yml and .yaml, each once, in the order
/// given. Anything else in the drag is left out; nothing left means the drag is to be refused.
std::vector<QString> droppedModelPaths(const QMimeData& data);

}  // namespace layerloom
