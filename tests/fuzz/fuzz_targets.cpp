// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_targets.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/analysis/statistics_file.h"
#include "core/checkpoint/adapter_config.h"
#include "core/checkpoint/config.h"
#include "core/checkpoint/model_index.h"
#include "core/checkpoint/safetensors.h"
#include "core/recipe/recipe.h"
#include "core/run/journal.h"
#include "core/support/text.h"
#include "core/vocabulary/tokenizer.h"

namespace layerloom::test {
namespace {

/// What is wrong with a text that goes to a terminal or a label: it must be there, and show nothing but itself.
std::string faultOfMessage(const std::string& text) {
  if (text.empty()) {
    return "an error has no message";
  }
  return escaped(text, 1 << 20) == text ? std::string() : "a message holds unsafe text: " + escaped(text);
}

std::string faultOf(const Error& error) {
  if (error.kind != ErrorKind::Refused) {
    return "bad input is reported as another kind of error: " + error.message;
  }
  return error.remedy.empty() ? "no remedy for: " + error.message : faultOfMessage(error.message);
}

std::string firstFault(const std::vector<std::string>& messages) {
  for (const std::string& message : messages) {
    if (std::string fault = faultOfMessage(message); !fault.empty()) {
      return fault;
    }
  }
  return {};
}

Result<SafetensorsHeader> parseFile(std::string_view file) {
  const auto bytes = std::as_bytes(std::span(file));
  const auto length = headerLength(bytes.first(std::min<std::size_t>(8, bytes.size())), file.size(), "a.safetensors");
  if (!length) {
    return tl::unexpected(length.error());
  }
  return parseSafetensorsHeader(std::string(file.substr(8, *length)), file.size(), "a.safetensors");
}

bool sameEntry(const TensorEntry& a, const TensorEntry& b) {
  return a.name == b.name && a.dtype == b.dtype && a.shape == b.shape && a.begin == b.begin && a.end == b.end;
}

/// What a checksum takes at the beginning of a journal's line and of a file of statistics.
constexpr std::size_t kHashDigits = 32;

/// The same with right checksums: no mutation finds one, and what stands behind them is to be read, too.
std::string withChecksums(std::string_view journal) {
  std::string text;
  for (std::size_t start = 0; start < journal.size();) {
    const std::size_t end = std::min(journal.find('\n', start), journal.size());
    const std::string_view line = journal.substr(start, end - start);
    text += line.size() > kHashDigits ? hashOf(line.substr(kHashDigits + 1)) + std::string(line.substr(kHashDigits)) : std::string(line);
    text += journal.substr(end, 1);
    start = end + 1;
  }
  return text;
}

std::string written(const JournalContent& content) {
  std::string text = content.identity ? identityLine(*content.identity) : std::string();
  for (const TensorRecord& record : content.records) {
    text += recordLine(record);
  }
  return text + (content.complete ? completeLine(*content.complete) : std::string());
}

std::string faultOfJournal(std::string_view text) {
  constexpr std::size_t kJobs = 1000;
  const JournalContent content = parseJournal(text, kJobs);
  const std::string again = written(content);
  if (!content.identity) {
    return again.empty() && content.bytes == 0 ? std::string() : "a journal without its first line says something";
  }
  if (content.bytes > text.size() || text[content.bytes - 1] != '\n') {
    return "the whole lines end within a line";
  }
  for (std::size_t i = 0; i < content.records.size(); ++i) {
    if (content.records[i].job >= kJobs || (i > 0 && content.records[i].job <= content.records[i - 1].job)) {
      return "a record is of no job of the plan, or out of order";
    }
  }
  if (written(parseJournal(text.substr(0, content.bytes), kJobs)) != again) {
    return "the whole lines say something else without the rest";
  }
  const JournalContent reread = parseJournal(again, kJobs);
  if (reread.bytes != again.size() || reread.identity != content.identity || written(reread) != again) {
    return "a written journal reads differently: " + again;
  }
  if (!differenceFrom(*content.identity, *content.identity).empty()) {
    return "a merge differs from itself";
  }
  const std::string difference = differenceFrom(*content.identity, {{"the seed", "4"}});
  return difference.empty() ? std::string() : faultOfMessage(difference);
}

/// True where the sketch holds what its size and the figures say.
bool sketchFits(const TensorStatistics& tensor) {
  const TensorSketch& sketch = *tensor.sketch;
  const auto& models = tensor.figures.models;
  const std::size_t entries = sketch.base.size();
  const bool isFilled = sketch.columns == 0 ? entries == 0 : entries % sketch.columns == 0 && entries / sketch.columns == sketch.rows;
  return isFilled && std::equal(sketch.models.begin(), sketch.models.end(), models.begin(), models.end(),
                                [&](const auto& values, const auto& figures) { return values.size() == (figures ? entries : 0); });
}

std::string faultOfStatistics(std::string_view text) {
  const auto stored = fromFileText(text);
  if (!stored) {
    return {};
  }
  for (const TensorStatistics& tensor : stored->statistics.tensors) {
    if (!sketchFits(tensor)) {
      return "an accepted sketch is not of the size that rows, columns and figures tell";
    }
  }
  const std::string again = toFileText(stored->statistics, stored->stableRank);
  const auto reread = fromFileText(again);
  return reread && toFileText(reread->statistics, reread->stableRank) == again ? std::string() : "written statistics read differently";
}

}  // namespace

std::string fuzzSafetensors(std::string_view input) {
  const auto header = parseFile(input);
  if (!header) {
    return faultOf(header.error());
  }
  std::uint64_t end = 0;
  for (const TensorEntry& tensor : header->tensors) {
    if (tensor.begin != end || tensor.elements() * bitsOf(tensor.dtype) != tensor.bytes() * 8) {
      return "an accepted tensor does not fit its bytes";
    }
    end = tensor.end;
  }
  if (header->dataOffset + end != input.size()) {
    return "the accepted tensors do not fill the file";
  }
  const auto again = parseFile(formatSafetensorsHeader(header->tensors) + std::string(end, '\0'));
  if (!again) {
    return "a written header is refused: " + again.error().message;
  }
  const bool same = std::equal(header->tensors.begin(), header->tensors.end(), again->tensors.begin(), again->tensors.end(), sameEntry);
  return same ? firstFault(header->warnings) : "a written header reads differently";
}

std::string fuzzIndex(std::string_view input) {
  const auto index = parseModelIndex(input, "model.safetensors.index.json");
  if (!index) {
    return faultOf(index.error());
  }
  for (const auto& [tensor, file] : index->fileOf) {
    const std::filesystem::path path(file);
    if (path.filename() != path || path.extension() != ".safetensors" || path == "." || path == "..") {
      return "a shard's name leads out of the folder: " + escaped(file);
    }
  }
  return index->fileOf.empty() ? "an index without tensors was accepted" : std::string();
}

std::string fuzzConfig(std::string_view input) {
  const auto config = parseModelConfig(std::string(input), "config.json");
  if (!config) {
    return faultOf(config.error());
  }
  const bool plausible = config->layers >= -1 && config->layers <= 100'000 && config->vocabulary >= -1 && config->hidden >= -1;
  return plausible ? std::string() : "a number that no model has was accepted";
}

std::string fuzzAdapterConfig(std::string_view input) {
  const auto config = parseAdapterConfig(input, "adapter_config.json");
  if (!config) {
    return faultOf(config.error());
  }
  for (const char* module : {"", "model.layers.0.self_attn.q_proj", "model.layers.11.mlp.down_proj", "lm_head"}) {
    const std::int64_t rank = config->rankOf(module);
    if (rank < 1 || rank > kMaxAdapterRank || !std::isfinite(config->scaleOf(module))) {
      return "a rank or scale that no adapter has was accepted";
    }
  }
  return {};
}

std::string fuzzTokenizer(std::string_view input) {
  auto tokenizer = Tokenizer::parse(std::string(input), "tokenizer.json");
  if (!tokenizer) {
    return faultOf(tokenizer.error());
  }
  const auto again = Tokenizer::parse(tokenizer->text(), "tokenizer.json");
  if (!again) {
    return "a written tokenizer is refused: " + again.error().message;
  }
  if (again->ids() != tokenizer->ids()) {
    return "a written tokenizer has other ids";
  }
  const std::int64_t half = tokenizer->end() / 2;
  if (const Status stripped = tokenizer->strip(half); !stripped) {
    return faultOf(stripped.error());
  }
  const auto rest = Tokenizer::parse(tokenizer->text(), "tokenizer.json");
  if (!rest) {
    return "a tokenizer with tokens taken out is refused: " + rest.error().message;
  }
  return rest->end() <= half || half == 0 ? std::string() : "tokens that were taken out are still there";
}

std::string fuzzRecipe(std::string_view input) {
  const ParsedRecipe parsed = parseRecipe(input);
  for (const Problem& problem : parsed.problems) {
    std::string fault = faultOfMessage(describe(problem, "recipe.yml"));
    if (!fault.empty()) {
      return fault;
    }
  }
  if (!parsed.recipe) {
    return hasErrors(parsed.problems) ? std::string() : "a recipe was refused without an error";
  }
  const std::string text = writeRecipe(*parsed.recipe, YamlDetail::Project);
  const ParsedRecipe again = parseRecipe(text);
  if (!again.recipe) {
    return "a written recipe is refused: " + (again.problems.empty() ? text : describe(again.problems.front(), text));
  }
  if (!sameRecipe(*parsed.recipe, *again.recipe)) {
    return "a written recipe means something else: " + text;
  }
  if (writeRecipe(*again.recipe, YamlDetail::Project) != text) {
    return "a recipe is written differently the second time: " + text;
  }
  const ParsedRecipe bare = parseRecipe(withoutCurveNotes(text));
  return bare.recipe ? std::string() : "a recipe without its notes is refused";
}

std::string fuzzJournal(std::string_view input) {
  const std::string fault = faultOfJournal(input);
  return fault.empty() ? faultOfJournal(withChecksums(input)) : fault;
}

std::string fuzzStatistics(std::string_view input) {
  const std::string_view body = input.substr(std::min(kHashDigits, input.size()));
  const std::string fault = faultOfStatistics(input);
  return fault.empty() ? faultOfStatistics(hashOf(body) + std::string(body)) : fault;
}

std::span<const NamedFuzzTarget> fuzzTargets() {
  static constexpr std::array kTargets = {
      NamedFuzzTarget{"safetensors", fuzzSafetensors},      NamedFuzzTarget{"index", fuzzIndex},
      NamedFuzzTarget{"config", fuzzConfig},                NamedFuzzTarget{"adapter_config", fuzzAdapterConfig},
      NamedFuzzTarget{"tokenizer", fuzzTokenizer},          NamedFuzzTarget{"recipe", fuzzRecipe},
      NamedFuzzTarget{"journal", fuzzJournal},              NamedFuzzTarget{"statistics", fuzzStatistics},
  };
  return kTargets;
}

}  // namespace layerloom::test
