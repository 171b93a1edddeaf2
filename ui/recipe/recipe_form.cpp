// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recipe/recipe_form.h"

#include <algorithm>

#include <QAbstractSpinBox>
#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QEvent>
#include <QGridLayout>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "ui/parts/painting.h"
#include "ui/parts/quiet_label.h"
#include "ui/recipe/form_row.h"
#include "ui/recipe/method_box.h"
#include "ui/recipe/method_note.h"
#include "ui/recipe/number_box.h"
#include "ui/recipe/parameter_field.h"
#include "ui/recipe/vocabulary_rows.h"

namespace layerloom {
namespace {

QString translated(const std::string& text) {
  return QCoreApplication::translate("Methods", text.c_str());
}

QString parameterHelp(const ParameterSpec& spec) {
  QStringList lines{translated(spec.help)};
  lines << QStringLiteral("parameters: %1").arg(QString::fromStdString(spec.name));
  lines.removeAll(QString());
  return lines.join(u'\n');
}

/// Selects the entry with that data; an unknown one is added, so that the form shows what the recipe says.
void select(QComboBox& combo, const QString& data) {
  int index = combo.findData(data);
  if (index < 0) {
    combo.addItem(data, data);
    index = combo.count() - 1;
  }
  combo.setCurrentIndex(index);
}

void fillTypes(QComboBox& combo, const QString& standard) {
  combo.addItem(standard, QString());
  for (const auto* type : {"float32", "bfloat16", "float16"})
    combo.addItem(QString::fromLatin1(type), QString::fromLatin1(type));
}

}  // namespace

RecipeForm::RecipeForm(QWidget* parent) : QWidget(parent) {
  auto* scroll = new QScrollArea(this);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidget(makeContent());
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(scroll);
  fillTypes(*m_dtypes, tr("as the inputs"));
  fillTypes(*m_outDtypes, tr("as computed"));
  connectCombos();
}

QWidget* RecipeForm::makeContent() {
  auto* content = new QWidget;
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(10, 4, 12, 12);
  layout->setSpacing(0);
  m_parameters = new QWidget(content);
  m_parameterLayout = new QVBoxLayout(m_parameters);
  m_parameterLayout->setContentsMargins(0, 0, 0, 0);
  m_parameterLayout->setSpacing(0);
  m_note = new MethodNote(content);
  m_note->setContentsMargins(10, 12, 0, 0);
  m_vocabulary = new VocabularyRows(content);
  m_documents = new QuietLabel({}, LabelTone::Text3, LabelFont::Small, content);
  m_documents->setObjectName(QStringLiteral("documents"));
  m_documents->setWordWrap(true);
  m_documents->setContentsMargins(10, 0, 0, 8);
  layout->addWidget(m_documents);
  layout->addWidget(m_methodRow = addCombo(tr("Method"), m_methods = new MethodBox, "method"));
  layout->addWidget(m_baseRow = addCombo(tr("Base model"), m_bases = new QComboBox, "baseModel"));
  layout->addWidget(m_parameters);
  layout->addWidget(m_dtypeRow = addCombo(tr("Compute"), m_dtypes = new QComboBox, "dtype"));
  layout->addWidget(m_outDtypeRow = addCombo(tr("Output"), m_outDtypes = new QComboBox, "outDtype"));
  layout->addWidget(m_vocabulary);
  layout->addWidget(m_note);
  layout->addStretch();
  m_dtypeRow->setHelp(tr("Precision in which the merge is computed") + QStringLiteral("\ndtype"));
  m_outDtypeRow->setHelp(tr("Precision in which the result is written") + QStringLiteral("\nout_dtype"));
  return content;
}

FormRow* RecipeForm::addCombo(const QString& label, QComboBox* combo, const char* objectName) {
  combo->setObjectName(QLatin1String(objectName));
  combo->setFocusPolicy(Qt::StrongFocus);
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  combo->setMinimumContentsLength(8);
  combo->installEventFilter(this);
  return new FormRow(label, combo);
}

void RecipeForm::connectCombos() {
  connect(m_vocabulary, &VocabularyRows::tokenizerChanged, this, &RecipeForm::tokenizerChanged);
  connect(m_vocabulary, &VocabularyRows::chatTemplateChanged, this, &RecipeForm::chatTemplateChanged);
  connect(m_vocabulary, &VocabularyRows::placeRequested, this, &RecipeForm::placeRequested);
  // The wheel must not change a field that it only passes over.
  for (QWidget* field : m_vocabulary->findChildren<QWidget*>()) field->installEventFilter(this);
  // activated() comes from the user alone, but also when the same entry is chosen again.
  connect(m_methods, &QComboBox::activated, this, [this] {
    if (const QString method = m_methods->currentData().toString(); method != m_data.method) emit methodChanged(method);
  });
  connect(m_bases, &QComboBox::activated, this, [this] {
    if (const QString base = m_bases->currentData().toString(); base != m_data.baseModel) emit baseModelChanged(base);
  });
  connect(m_dtypes, &QComboBox::activated, this, [this] {
    if (const QString type = m_dtypes->currentData().toString(); type != m_data.dtype) emit dtypeChanged(type);
  });
  connect(m_outDtypes, &QComboBox::activated, this, [this] {
    if (const QString type = m_outDtypes->currentData().toString(); type != m_data.outDtype) emit outDtypeChanged(type);
  });
}

void RecipeForm::setData(const RecipeFormData& form) {
  const bool sameMethod = m_built && form.method == m_data.method;
  m_data = form;
  m_built = true;
  select(*m_methods, form.method);
  select(*m_dtypes, form.dtype);
  select(*m_outDtypes, form.outDtype);
  m_dtypeRow->setChanged(!form.dtype.isEmpty());
  m_outDtypeRow->setChanged(!form.outDtype.isEmpty());
  if (!sameMethod) showMethod();
  if (const auto wanted = wantedParameters(); !sameMethod || wanted != m_shown) {
    m_shown = wanted;
    rebuildParameters();
  }
  m_documents->setText(tr("The last of %n documents. The others are edited in the text.", nullptr, form.documents));
  m_documents->setVisible(form.documents > 1);
  m_vocabulary->setData(form);
  showBaseModels();
  showParameters();
}

void RecipeForm::showMethod() {
  m_method = findMethod(m_data.method.toStdString());
  m_methodRow->setHelp(m_method ? methodToolTip(*m_method) : tr("This program does not know the method."));
  m_note->setMethod(m_method);
  const bool optional = m_method && m_method->baseModel == BaseModelUse::Optional;
  m_baseRow->setHelp((optional ? tr("With a base model the changes against it are merged, without one the models themselves")
                               : tr("The model that the others are compared with")) +
                     QStringLiteral("\nbase_model"));
}

std::vector<const ParameterSpec*> RecipeForm::wantedParameters() const {
  std::vector<const ParameterSpec*> wanted;
  if (!m_method) return wanted;
  // What has no effect is shown only where the recipe sets it all the same.
  for (const ParameterSpec& spec : m_method->parameters)
    if (spec.hasEffect || parameterOf(spec).changed || parameterOf(spec).varies) wanted.push_back(&spec);
  return wanted;
}

bool RecipeForm::usesBaseModel() const {
  // A base model that the method makes no use of stays in sight, so that it can be taken out.
  return !m_data.baseModel.isEmpty() || (m_method && m_method->baseModel != BaseModelUse::None);
}

void RecipeForm::showBaseModels() {
  m_bases->clear();
  m_bases->addItem(tr("none"), QString());
  for (const FormModel& model : m_data.models) {
    m_bases->addItem(model.name, model.reference);
    m_bases->setItemData(m_bases->count() - 1, plainToolTip(model.reference), Qt::ToolTipRole);
  }
  select(*m_bases, m_data.baseModel);
  m_baseRow->setVisible(usesBaseModel());
}

void RecipeForm::rebuildParameters() {
  for (const auto& [name, row] : m_rows) {
    // Later: an edit in one of these fields may have led here.
    m_parameterLayout->removeWidget(row);
    row->hide();
    row->deleteLater();
  }
  m_rows.clear();
  m_fields.clear();
  m_boxes.clear();
  m_optionsRow = nullptr;
  for (const ParameterSpec* spec : m_shown)
    if (spec->type == ParameterType::Number) addNumber(*spec);
  addBooleans();
  alignLabels();
}

void RecipeForm::addNumber(const ParameterSpec& spec) {
  const QString name = QString::fromStdString(spec.name);
  auto* field = new ParameterField(spec);
  field->numberBox()->setObjectName(name);
  field->numberBox()->setAccessibleName(translated(spec.label));
  field->numberBox()->installEventFilter(this);
  auto* row = new FormRow(translated(spec.label), field, m_parameters);
  row->setHelp(parameterHelp(spec));
  row->setEnabled(spec.hasEffect);  // the tool tip says why it has none
  m_parameterLayout->addWidget(row);
  m_fields[name] = field;
  m_rows[name] = row;
  connect(field, &ParameterField::edited, this, [this, name](double value) { emit parameterChanged(name, value); });
  connect(field, &ParameterField::curveRequested, this, [this, name] { emit curveRequested(name); });
}

void RecipeForm::addBooleans() {
  constexpr int kPerLine = 2;
  auto* boxes = new QWidget;
  auto* grid = new QGridLayout(boxes);
  grid->setContentsMargins(0, 5, 0, 5);
  grid->setHorizontalSpacing(12);
  int count = 0;
  for (const ParameterSpec* spec : m_shown) {
    if (spec->type != ParameterType::Boolean) continue;
    grid->addWidget(makeBox(*spec, boxes), count / kPerLine, count % kPerLine);
    ++count;
  }
  if (count == 0) {
    delete boxes;
    return;
  }
  grid->setColumnStretch(kPerLine, 1);
  m_optionsRow = new FormRow(tr("Options"), boxes, m_parameters, true);
  m_rows[QString()] = m_optionsRow;
  m_parameterLayout->addWidget(m_optionsRow);
}

QCheckBox* RecipeForm::makeBox(const ParameterSpec& spec, QWidget* parent) {
  const QString name = QString::fromStdString(spec.name);
  auto* box = new QCheckBox(translated(spec.label), parent);
  box->setObjectName(name);
  box->setToolTip(plainToolTip(parameterHelp(spec)));
  box->setEnabled(spec.hasEffect);
  m_boxes[name] = box;
  connect(box, &QCheckBox::clicked, this, [this, name, box] {
    // A box that stood between on and off is switched on; it does not return there by clicking.
    box->setTristate(false);
    emit parameterChanged(name, box->isChecked());
  });
  return box;
}

FormParameter RecipeForm::parameterOf(const ParameterSpec& spec) const {
  const QString name = QString::fromStdString(spec.name);
  const auto found = std::find_if(m_data.parameters.begin(), m_data.parameters.end(),
                                  [&](const FormParameter& parameter) { return parameter.name == name; });
  return found != m_data.parameters.end() ? *found : FormParameter{name, spec.standard, false, false};
}

void RecipeForm::showParameters() {
  bool optionChanged = false;
  for (const ParameterSpec* spec : m_shown) {
    const FormParameter parameter = parameterOf(*spec);
    if (const auto field = m_fields.find(parameter.name); field != m_fields.end()) {
      field->second->setParameter(parameter);
      m_rows[parameter.name]->setChanged(parameter.changed);
    } else if (const auto box = m_boxes.find(parameter.name); box != m_boxes.end()) {
      const bool on = parameter.value.value_or(spec->standard.value_or(0)) != 0;
      box->second->setTristate(parameter.varies);
      box->second->setCheckState(parameter.varies ? Qt::PartiallyChecked : on ? Qt::Checked : Qt::Unchecked);
      optionChanged = optionChanged || parameter.changed;
    }
  }
  if (m_optionsRow) m_optionsRow->setChanged(optionChanged);
}

void RecipeForm::alignLabels() {
  std::vector<FormRow*> rows{m_methodRow, m_baseRow, m_dtypeRow, m_outDtypeRow};
  for (const auto& [name, row] : m_rows) rows.push_back(row);
  for (FormRow* row : m_vocabulary->rows()) rows.push_back(row);
  int widest = 0;
  for (const FormRow* row : rows) widest = std::max(widest, row->labelWidth());
  for (FormRow* row : rows) row->setLabelWidth(widest);
}

bool RecipeForm::eventFilter(QObject* watched, QEvent* event) {
  // The wheel scrolls the form; it changes a field only when that field was chosen first.
  const auto* field = qobject_cast<QWidget*>(watched);
  if (event->type() == QEvent::Wheel && field && !field->hasFocus()) {
    event->ignore();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace layerloom
