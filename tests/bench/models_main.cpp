// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/bench/model_maker.h"

int main(int argc, char** argv) {
  using namespace layerloom;
  using namespace layerloom::bench;
  CLI::App program("Makes a family of models for benchmarks: a base and fine-tunes of it, BF16 in the shapes of Qwen2 0.5B");
  std::string folder;
  FamilyOptions options;
  std::uint64_t tinyTensors = 0;
  ModelShape& shape = options.shape;
  program.add_option("FOLDER", folder, "Where base, tune-1, tune-2, … are made; those that are there already are kept")->required();
  program.add_option("--tunes", options.tunes, "Fine-tunes beside the base")->check(CLI::Range(0, 1000))->capture_default_str();
  program.add_option("--shards", options.shards, "Files per model")->check(CLI::Range(1, 10000))->capture_default_str();
  program.add_option("--seed", options.seed, "Start of the random numbers")->capture_default_str();
  program.add_option("--deviation", options.deltaDeviation, "Standard deviation of the deltas")->capture_default_str();
  program.add_option("--threads", options.threads, "0: as many as the machine has")->capture_default_str();
  program.add_option("--layers", shape.layers, "Layers")->check(CLI::PositiveNumber)->capture_default_str();
  program.add_option("--hidden", shape.hidden, "Hidden size")->check(CLI::PositiveNumber)->capture_default_str();
  program.add_option("--intermediate", shape.intermediate, "Size between")->check(CLI::PositiveNumber)->capture_default_str();
  program.add_option("--heads", shape.heads, "Attention heads")->check(CLI::PositiveNumber)->capture_default_str();
  program.add_option("--kv-heads", shape.keyValueHeads, "Key-value heads")->check(CLI::PositiveNumber)->capture_default_str();
  program.add_option("--vocab", shape.vocabulary, "Tokens")->check(CLI::Range(2, 10'000'000))->capture_default_str();
  program.add_option("--tiny-tensors", tinyTensors, "At least so many tensors of a few elements each, in place of the sizes above");
  CLI11_PARSE(program, argc, argv);
  if (tinyTensors > 0) {
    shape = ModelShape::tiny(tinyTensors);
  }
  if (const Status made = makeFamily(folder, options); !made.has_value()) {
    fmt::print(stderr, "{}\n{}\n", made.error().message, made.error().remedy);
    return 1;
  }
  return 0;
}
