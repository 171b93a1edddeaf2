// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/support/result.h"

namespace layerloom {

/// Where the embedding of a token comes from, as the recipe says (`tokenizer.tokens.<token>.source`).
struct TokenSource {
  enum class Kind {
    Model,       ///< the row that this token has in `model`
    Zero,        ///< zeros
    ModelToken,  ///< the row of another token of `model`: exactly one of `token` and `tokenId` is set
  };
  Kind kind = Kind::Model;
  std::size_t model = 0;  ///< index into VocabularyRequest::models; unused for Zero
  std::optional<std::string> token;
  std::optional<std::int64_t> tokenId;
};

/// One entry of `tokenizer.tokens`. Without a source the rule for all other tokens holds. The source serves models that
/// lack the token; with `force` it replaces the row of those that have it as well.
struct TokenOverride {
  std::string token;
  std::optional<TokenSource> source;
  bool force = false;
};

struct VocabularyModel {
  std::filesystem::path folder;
  std::string name;  ///< as messages name it
  std::int64_t vocabSize =
      -1;  ///< of config.json; tokens at or past it do not count as this model's. 0 or less: unknown, all count
};

struct VocabularyRequest {
  enum class Source { Base, Union, Model };

  std::vector<VocabularyModel> models;  ///< every model of the recipe once, in its order; at least one
  std::size_t base = 0;                 ///< the base model, or the first model where there is none
  Source source = Source::Base;
  std::size_t sourceModel = 0;        ///< for Source::Model
  std::vector<TokenOverride> tokens;  ///< in the order of the recipe
  std::uint64_t padToMultipleOf = 0;  ///< 0: no padding
  std::string chatTemplate;           ///< empty: none set; "auto", the name of a known template, or Jinja text
};

/// A file of the merged folder.
struct TokenizerFile {
  std::string name;
  std::string text;
};

/// The vocabulary of the merged model and where its tokens stand in the inputs. Ids are rows.
struct Vocabulary {
  /// An override of the recipe with its token looked up.
  struct Override {
    std::int64_t token = -1;            ///< id in the merged vocabulary
    std::optional<TokenSource> source;  ///< for ModelToken `tokenId` is always set
    bool force = false;
  };

  std::vector<TokenizerFile> files;  ///< what takes the place of the models' own tokenizer files
  std::vector<std::string> texts;    ///< id → token; empty for an id that no token has
  std::uint64_t tokens = 0;          ///< rows without padding: the highest id plus one
  std::uint64_t rows = 0;  ///< rows of the merged tensors and `vocab_size` of its config.json; at least `tokens`
  std::vector<std::vector<std::int64_t>> ownRows;  ///< per model of the request: id → row of that model, or -1
  std::vector<Override> overrides;                 ///< one per token of the recipe, by ascending id
  std::vector<std::string> modelNames;             ///< of the request, for messages
  std::vector<std::string> warnings;  ///< in plain English, without a final full stop; text of files is escaped
};

/// Reads the tokenizers of all models and makes the merged one, as mergekit's `tokenizer` and `chat_template` keys ask
/// for. Reads no weights. Refused, with the file or the token by name: tokenizers that cannot be read or have no fast
/// form, ids that are no plausible row, overrides that name a token that their model lacks, a chat template that is
/// none.
Result<Vocabulary> alignVocabularies(const VocabularyRequest& request);

/// For a recipe with `chat_template` and no tokenizer key: the tokenizer files of the base model with the template set,
/// where only `models`, `base` and `chatTemplate` of the request count. Rows keep their ids. Files of the model that
/// are not among the returned ones are copied as ever, except `chat_template.json`, which the template replaces.
Result<std::vector<TokenizerFile>> filesWithChatTemplate(const VocabularyRequest& request);

/// A model that takes part in one tensor, with the length of the tensor's vocabulary axis.
struct VocabularyTensor {
  std::size_t model = 0;  ///< index into VocabularyRequest::models
  std::int64_t rows = 0;
};

/// How the aligned tensor of every present model is made, for one tensor with a vocabulary axis.
struct RowPlan {
  /// A row of one of the present models' tensors.
  struct SourceRow {
    std::size_t present = 0;  ///< index into the `present` given to planRows
    std::int64_t row = 0;

    bool operator==(const SourceRow&) const = default;
  };
  /// The mean of rows, summed in this order and divided by their number; no row at all: zeros.
  using Mixture = std::vector<SourceRow>;

  /// Per present model, for each of the first `tokens` output rows: a row of its own tensor (0 or more), or -1 - k for
  /// mixture k.
  std::vector<std::vector<std::int64_t>> rows;
  std::vector<Mixture> mixtures;
  std::uint64_t tokens =
      0;  ///< as Vocabulary::tokens; output rows from here on are the mean of that model's output rows before it
  std::uint64_t total = 0;  ///< as Vocabulary::rows
};

/// Plans one tensor. A model that lacks a token takes, unless the recipe says otherwise: the row of the only present
/// model that has it; else the base's row, if the base is present and has it; else the mean of those that have it;
/// zeros if none has it. `base` is the base model that holds for this tensor, and nothing when the recipe has none, as
/// it then has for mergekit. Refused: an override whose model is not present or lacks the token, rows past the end of a
/// tensor.
Result<RowPlan> planRows(const Vocabulary& vocabulary, std::span<const VocabularyTensor> present,
                         std::optional<std::size_t> base);

}  // namespace layerloom
