// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/hostile/hostile_files.h"

// write_hostile_files FOLDER: the files 000.safetensors … and names.txt with their names by line, then the base of the damaged ones;
// input of reference_verdicts.py.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("Usage: write_hostile_files FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder(argv[1]);
  std::filesystem::create_directories(folder);
  std::ofstream names(folder / "names.txt", std::ios::binary);
  int count = 0;
  const auto write = [&](const std::string& file, const std::string& bytes) {
    std::ofstream(folder / file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  };
  for (const auto& file : layerloom::test::hostileFiles()) {
    char number[32];
    std::snprintf(number, sizeof number, "%03d.safetensors", count++);
    write(number, file.bytes);
    names << file.name << '\n';
  }
  write("base.safetensors", layerloom::test::damagedBase().bytes);
  return names.good() ? 0 : 1;
}
