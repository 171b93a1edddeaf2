// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/bench/progress_bench.h"
#include "tests/bench/scale_bench.h"
#include "tests/bench/speed_bench.h"

namespace {

using namespace layerloom;
using namespace layerloom::bench;

struct Measurement {
  const char* name;
  const char* help;
  Status (*measure)(const Workshop&);
};

constexpr Measurement kMeasurements[] = {
    {"methods", "Times of all methods against the floor and, where given, mergekit and another layerloom-cli", compareMethods},
    {"threads", "Times with one thread and with more", compareThreads},
    {"scale", "Time per byte from 0.1 to 4 GB, 100,000 tensors, check of 100 shards", measureScale},
    {"memory", "Peak memory on the pair, on four times the parameters and on eight models", measureMemory},
    {"estimates", "How far the estimates of the time left are off", measureEstimates},
    {"interrupts", "How long an interrupt takes to end a merge", measureInterrupts},
};

void addOptions(CLI::App& program, BenchOptions& options) {
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  options.cli = here / "layerloom-cli";
  options.modelMaker = here / "layerloom-bench-models";
  program.add_option("--models", options.family, "A family made by layerloom-bench-models")->required()->check(CLI::ExistingDirectory);
  program.add_option("--out", options.work, "Where results go, best on tmpfs")->required();
  program.add_option("--cli", options.cli, "The layerloom-cli to measure (the one beside this program)");
  program.add_option("--against", options.against, "Another layerloom-cli to compare with")->check(CLI::ExistingFile);
  program.add_option("--mergekit", options.mergekit, "mergekit-yaml, to compare with");
  program.add_option("--methods", options.methods, "The methods to measure (all)")->delimiter(',');
  program.add_option("--runs", options.runs, "Runs of each, in turn")->check(CLI::PositiveNumber)->capture_default_str();
  program.add_option("--threads", options.threads, "Threads of layerloom-cli (0: as many as the machine has)");
}

Status measure(const Measurement& measurement, const BenchOptions& options) {
  LAYERLOOM_TRY(const Workshop workshop, Workshop::open(options));
  return measurement.measure(workshop);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Measures layerloom-cli");
  BenchOptions options;
  addOptions(program, options);
  program.require_subcommand(1);
  program.fallthrough();
  for (const Measurement& measurement : kMeasurements) {
    program.add_subcommand(measurement.name, measurement.help);
  }
  CLI11_PARSE(program, argc, argv);
  for (const Measurement& measurement : kMeasurements) {
    if (!program.got_subcommand(measurement.name)) {
      continue;
    }
    if (const Status status = measure(measurement, options); !status.has_value()) {
      fmt::print(stderr, "{}\n{}\n", status.error().message, status.error().remedy);
      return 1;
    }
  }
  return 0;
}
