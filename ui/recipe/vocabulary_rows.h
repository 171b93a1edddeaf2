// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QWidget>

#include "ui/recipe/recipe_form_data.h"

class QComboBox;

namespace layerloom {

class FormRow;
class NumberBox;
class TextButton;

/// The rows of the form on tokenizer and chat template. What they cannot say (rules for single tokens, a template of one's own) they name,
/// with a way to its place in the text.
class VocabularyRows : public QWidget {
  Q_OBJECT

 public:
  explicit VocabularyRows(QWidget* parent = nullptr);

  /// Emits nothing.
  void setData(const RecipeFormData& form);
  std::vector<FormRow*> rows() const { return {m_tokenizerRow, m_paddingRow, m_rulesRow, m_templateRow, m_ownRow}; }

 signals:
  void tokenizerChanged(const std::optional<layerloom::FormTokenizer>& tokenizer);
  void chatTemplateChanged(const QString& chatTemplate);  ///< empty: as it is
  void placeRequested(layerloom::FormPlace place);

 private:
  void addTokenizer();
  void addPadding();
  void addTemplate();
  void fillTokenizers(const RecipeFormData& form);
  void fillTemplates();
  void showTokenizer();
  void onTokenizerChosen();

  std::optional<FormTokenizer> m_tokenizer;
  QString m_template;
  QComboBox* m_tokenizers = nullptr;
  NumberBox* m_padding = nullptr;
  TextButton* m_rules = nullptr;
  QComboBox* m_templates = nullptr;
  FormRow* m_tokenizerRow = nullptr;
  FormRow* m_paddingRow = nullptr;
  FormRow* m_rulesRow = nullptr;
  FormRow* m_templateRow = nullptr;
  FormRow* m_ownRow = nullptr;
};

}  // namespace layerloom
