// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/workshop.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <system_error>

#include "core/support/file.h"

namespace layerloom::bench {
namespace {

namespace fs = std::filesystem;

std::vector<double> column(const std::vector<ChildResult>& results, const std::function<double(const ChildResult&)>& value) {
  std::vector<double> values;
  std::transform(results.begin(), results.end(), std::back_inserter(values), value);
  std::sort(values.begin(), values.end());
  return values;
}

double median(const std::vector<double>& sorted) {
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

std::vector<double> seconds(const std::vector<ChildResult>& results) {
  return column(results, [](const ChildResult& result) { return result.seconds; });
}

/// The text as one word for a shell.
std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) {
    word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return word + "'";
}

std::vector<fs::path> weightFiles(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() == ".safetensors") {
      files.push_back(entry.path());
    }
  }
  return files;
}

}  // namespace

double Contestant::medianSeconds() const { return median(seconds(results)); }
double Contestant::leastSeconds() const { return seconds(results).front(); }
double Contestant::mostSeconds() const { return seconds(results).back(); }

double Contestant::medianCpuSeconds() const {
  return median(column(results, [](const ChildResult& result) { return result.cpuSeconds; }));
}

std::uint64_t Contestant::peakBytes() const {
  std::uint64_t most = 0;
  for (const ChildResult& result : results) {
    most = std::max(most, result.peakBytes);
  }
  return most;
}

std::uint64_t modelBytes(const fs::path& folder) {
  std::uint64_t sum = 0;
  for (const fs::path& file : weightFiles(folder)) {
    std::error_code code;
    sum += fs::file_size(file, code);
  }
  return sum;
}

Result<Workshop> Workshop::open(const BenchOptions& options) {
  Workshop workshop(options);
  workshop.m_folder = options.work / ("layerloom-bench-" + randomWord());
  std::error_code code;
  if (!fs::create_directories(workshop.m_folder, code)) {
    const std::string where = shown(workshop.m_folder);
    workshop.m_folder.clear();
    return ioError(fmt::format("{}: {}", where, code.message()));
  }
  return workshop;
}

Workshop::Workshop(Workshop&& other) noexcept : m_options(std::move(other.m_options)), m_folder(std::move(other.m_folder)) {
  other.m_folder.clear();
}

Workshop::~Workshop() {
  if (!m_folder.empty()) {
    std::error_code code;
    fs::remove_all(m_folder, code);
  }
}

Result<std::vector<BenchMethod>> Workshop::methods() const {
  if (m_options.methods.empty()) {
    return benchMethods();
  }
  std::vector<BenchMethod> chosen;
  for (const std::string& name : m_options.methods) {
    const auto& all = benchMethods();
    const auto found = std::find_if(all.begin(), all.end(), [&](const BenchMethod& method) { return method.name == name; });
    if (found == all.end()) {
      return refused(fmt::format("there is no merge method \"{}\"", name));
    }
    chosen.push_back(*found);
  }
  return chosen;
}

Status Workshop::writeRecipe(const BenchMethod& method, const fs::path& family, int tunes) const {
  return replaceTextFile(m_folder / "recipe.yml", method.recipe(family, tunes));
}

std::vector<std::string> Workshop::mergeCommand(const fs::path& cli, int threads, const std::string& progress) const {
  std::vector<std::string> command = {cli.string(), "merge", (m_folder / "recipe.yml").string(), output().string(), "--progress", progress};
  if (threads > 0) {
    command.insert(command.end(), {"--threads", std::to_string(threads)});
  }
  return command;
}

std::vector<std::string> Workshop::mergekitCommand() const {
  return {m_options.mergekit, "--quiet", (m_folder / "recipe.yml").string(), output().string()};
}

std::vector<std::string> Workshop::floorCommand(const BenchMethod& method) const {
  std::string read = "cat";
  std::vector<fs::path> files;
  for (const fs::path& input : method.inputs(m_options.family, method.tunes)) {
    files = weightFiles(input);
    for (const fs::path& file : files) {
      read += " " + quoted(file.string());
    }
  }
  std::string copy = "cp";
  for (const fs::path& file : files) {
    copy += " " + quoted(file.string());
  }
  const std::string out = quoted(output().string());
  return {"sh", "-c", fmt::format("{} > /dev/null && mkdir {} && {} {}", read, out, copy, out)};
}

Status Workshop::makeFamily(const fs::path& folder, const std::vector<std::string>& arguments) const {
  std::vector<std::string> command = {m_options.modelMaker.string(), folder.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command, errorFile()).map([](const ChildResult&) {});
}

void Workshop::removeOutput() const {
  std::error_code code;
  fs::remove_all(output(), code);
}

Status Workshop::compete(std::vector<Contestant>& contestants, int runs) const {
  for (int round = 0; round < runs; ++round) {
    for (Contestant& contestant : contestants) {
      removeOutput();
      LAYERLOOM_TRY(const ChildResult result, run(contestant.command, errorFile()));
      contestant.results.push_back(result);
    }
  }
  removeOutput();
  return {};
}

}  // namespace layerloom::bench
