// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace layerloom::test {

/// A safetensors file, legal or not, as it lies on the disk.
struct HostileFile {
  std::string name;  ///< what is odd about it, and its key in reference_verdicts.txt
  std::string bytes;
};

/// The files of reference_verdicts.txt, each odd in one way.
std::vector<HostileFile> hostileFiles();

/// A valid file of three tensors and a note, to be cut and damaged.
HostileFile damagedBase();
/// How many bytes of it come before the data: length and header.
std::size_t headerEnd(const HostileFile& file);

}  // namespace layerloom::test
