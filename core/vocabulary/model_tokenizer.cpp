// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vocabulary/model_tokenizer.h"

#include <array>
#include <fmt/format.h>
#include <system_error>

#include "core/checkpoint/strict_json.h"
#include "core/support/file.h"
#include "core/support/text.h"

namespace layerloom {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxTokenizerBytes = 256'000'000;

bool isThere(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

Json mergesOf(const std::string& text) {
  Json merges = Json::array();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    if (!line.empty() && !line.starts_with("#version")) {
      merges.push_back(std::move(line));
    }
    begin = end + 1;
  }
  return merges;
}

/// The byte-level BPE of GPT-2 in the form of tokenizer.json.
Result<Tokenizer> readGpt2(const std::filesystem::path& folder) {
  const std::string fileName = escaped((folder / "vocab.json").string(), 1000);
  LAYERLOOM_TRY(const std::string vocabularyText, readTextFile(folder / "vocab.json", kMaxTokenizerBytes));
  LAYERLOOM_TRY(const std::string mergesText, readTextFile(folder / "merges.txt", kMaxTokenizerBytes));
  LAYERLOOM_TRY(Json vocabulary, parseStrictJson(vocabularyText, fileName));
  if (!vocabulary.is_object() || !isUtf8(mergesText)) {
    return refused(fmt::format("{}: it or merges.txt is no vocabulary of GPT-2's kind", fileName),
                   "fetch the files again");
  }
  const Json byteLevel = {
      {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", true}};
  const Json document = {{"version", "1.0"},
                         {"truncation", nullptr},
                         {"padding", nullptr},
                         {"added_tokens", Json::array()},
                         {"normalizer", nullptr},
                         {"pre_tokenizer", byteLevel},
                         {"post_processor", nullptr},
                         {"decoder", byteLevel},
                         {"model",
                          {{"type", "BPE"},
                           {"dropout", nullptr},
                           {"unk_token", nullptr},
                           {"continuing_subword_prefix", ""},
                           {"end_of_word_suffix", ""},
                           {"fuse_unk", false},
                           {"byte_fallback", false},
                           {"ignore_merges", false},
                           {"vocab", std::move(vocabulary)},
                           {"merges", mergesOf(mergesText)}}}};
  LAYERLOOM_TRY(Tokenizer tokenizer, Tokenizer::fromJson(document, fileName));
  LAYERLOOM_CHECK(tokenizer.add(specialToken("<|endoftext|>")));
  return tokenizer;
}

Result<std::optional<Tokenizer>> readFile(const VocabularyModel& model, const TokenizerConfig& config) {
  const std::filesystem::path path = model.folder / "tokenizer.json";
  if (isThere(path)) {
    LAYERLOOM_TRY(const std::string text, readTextFile(path, kMaxTokenizerBytes));
    LAYERLOOM_TRY(Tokenizer tokenizer, Tokenizer::parse(text, escaped(path.string(), 1000)));
    return tokenizer;
  }
  const bool pair = isThere(model.folder / "vocab.json") && isThere(model.folder / "merges.txt");
  if (pair && config.tokenizerClass().starts_with("GPT2Tokenizer")) {
    LAYERLOOM_TRY(Tokenizer tokenizer, readGpt2(model.folder));
    return tokenizer;
  }
  constexpr std::array kOtherForms = {"tokenizer.model", "spiece.model",      "sentencepiece.bpe.model",
                                      "vocab.txt",       "vocab.json",        "tekken.json",
                                      "spm.model",       "tokenizer.model.v3"};
  for (const char* name : kOtherForms) {
    if (isThere(model.folder / name)) {
      return refused(
          fmt::format("{}: has its tokenizer in {} only, and vocabularies are aligned by tokenizer.json",
                      escaped(model.folder.string(), 1000), name),
          "load that tokenizer once with transformers.AutoTokenizer and save it with save_pretrained; that writes "
          "tokenizer.json");
    }
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<Tokenizer>> readTokenizer(const VocabularyModel& model, const TokenizerConfig& config) {
  LAYERLOOM_TRY(std::optional<Tokenizer> tokenizer, readFile(model, config));
  if (tokenizer) {
    for (const AddedToken& token : config.savedTokens()) {
      LAYERLOOM_CHECK(tokenizer->add(token));
    }
    for (const AddedToken& token : config.specialTokens()) {
      LAYERLOOM_CHECK(tokenizer->add(token));
    }
  }
  return tokenizer;
}

}  // namespace layerloom
