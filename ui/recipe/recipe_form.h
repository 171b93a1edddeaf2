// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <vector>

#include <QVariant>
#include <QWidget>

#include "core/methods/spec.h"
#include "ui/recipe/recipe_form_data.h"

class QCheckBox;
class QComboBox;
class QVBoxLayout;

namespace layerloom {

class FormRow;
class MethodNote;
class ParameterField;
class QuietLabel;
class VocabularyRows;

/// The recipe dock: method, base model, the method's parameters, precisions, vocabulary. Shows what it is given; an edit is
/// reported once and takes effect when the owner hands the new data in.
class RecipeForm : public QWidget {
  Q_OBJECT

 public:
  explicit RecipeForm(QWidget* parent = nullptr);

  /// Emits nothing. Fields keep focus while the method stays the same.
  void setData(const RecipeFormData& form);

 signals:
  void methodChanged(const QString& method);                          ///< mergekit's spelling
  void baseModelChanged(const QString& reference);                    ///< empty: none
  void parameterChanged(const QString& name, const QVariant& value);  ///< bool or double
  void curveRequested(const QString& parameter);
  void dtypeChanged(const QString& dtype);     ///< empty: as the inputs
  void outDtypeChanged(const QString& dtype);  ///< empty: as computed
  void tokenizerChanged(const std::optional<layerloom::FormTokenizer>& tokenizer);
  void chatTemplateChanged(const QString& chatTemplate);  ///< empty: as it is
  void placeRequested(layerloom::FormPlace place);        ///< in the text

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* makeContent();
  FormRow* addCombo(const QString& label, QComboBox* combo, const char* objectName);
  void connectCombos();
  void showMethod();
  std::vector<const ParameterSpec*> wantedParameters() const;
  void rebuildParameters();
  void addNumber(const ParameterSpec& spec);
  void addBooleans();
  QCheckBox* makeBox(const ParameterSpec& spec, QWidget* parent);
  void showParameters();
  void showBaseModels();
  void alignLabels();
  FormParameter parameterOf(const ParameterSpec& spec) const;
  bool usesBaseModel() const;

  RecipeFormData m_data;
  const MethodSpec* m_method = nullptr;
  std::vector<const ParameterSpec*> m_shown;
  QComboBox* m_methods = nullptr;
  QComboBox* m_bases = nullptr;
  QComboBox* m_dtypes = nullptr;
  QComboBox* m_outDtypes = nullptr;
  FormRow* m_baseRow = nullptr;
  FormRow* m_methodRow = nullptr;
  FormRow* m_dtypeRow = nullptr;
  FormRow* m_outDtypeRow = nullptr;
  FormRow* m_optionsRow = nullptr;
  QWidget* m_parameters = nullptr;
  QVBoxLayout* m_parameterLayout = nullptr;
  MethodNote* m_note = nullptr;
  VocabularyRows* m_vocabulary = nullptr;
  QuietLabel* m_documents = nullptr;
  std::map<QString, ParameterField*> m_fields;
  std::map<QString, FormRow*> m_rows;
  std::map<QString, QCheckBox*> m_boxes;
  bool m_built = false;
};

}  // namespace layerloom
