// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vocabulary/vocabulary.h"

namespace layerloom {

Result<Vocabulary> alignVocabularies(const VocabularyRequest&) {
  return defect("vocabularies cannot be aligned yet");
}

Result<std::vector<TokenizerFile>> filesWithChatTemplate(const VocabularyRequest&) {
  return defect("chat templates cannot be set yet");
}

Result<RowPlan> planRows(const Vocabulary&, std::span<const VocabularyTensor>, std::optional<std::size_t>) {
  return defect("rows cannot be planned yet");
}

}  // namespace layerloom
