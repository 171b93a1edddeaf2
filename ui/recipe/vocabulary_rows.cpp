// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recipe/vocabulary_rows.h"

#include <algorithm>

#include <QComboBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/parts/painting.h"
#include "ui/parts/text_button.h"
#include "ui/recipe/form_row.h"
#include "ui/recipe/number_box.h"

namespace layerloom {
namespace {

// What the entries of the tokenizer's list stand for; a model's entry has its reference behind the mark.
const QString kAsItIs = QString();
const QString kBase = QStringLiteral("base");
const QString kUnion = QStringLiteral("union");
const QString kModelMark = QStringLiteral("model:");

constexpr int kMostPadding = 1 << 20;

QString entryOf(const std::optional<FormTokenizer>& tokenizer) {
  if (!tokenizer) return kAsItIs;
  switch (tokenizer->source) {
    case RecipeTokenizer::Source::Base:
      return kBase;
    case RecipeTokenizer::Source::Union:
      return kUnion;
    case RecipeTokenizer::Source::Model:
      break;
  }
  return kModelMark + tokenizer->model;
}

QComboBox* makeCombo(const char* objectName) {
  auto* combo = new QComboBox;
  combo->setObjectName(QLatin1String(objectName));
  combo->setFocusPolicy(Qt::StrongFocus);
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  combo->setMinimumContentsLength(8);
  return combo;
}

/// A text button whose words, not its ground, stand on the edge of the fields.
QWidget* onFieldEdge(TextButton* button) {
  auto* holder = new QWidget;
  auto* layout = new QHBoxLayout(holder);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(button, 0, Qt::AlignVCenter);
  layout->addStretch();
  return holder;
}

}  // namespace

VocabularyRows::VocabularyRows(QWidget* parent) : QWidget(parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  addTokenizer();
  addPadding();
  addTemplate();
  for (FormRow* row : rows()) layout->addWidget(row);
}

void VocabularyRows::addTokenizer() {
  m_tokenizers = makeCombo("tokenizer");
  m_tokenizerRow = new FormRow(tr("Tokenizer"), m_tokenizers);
  m_tokenizerRow->setHelp(tr("The vocabulary of the result. Embeddings are put into its order token by token.") +
                          QStringLiteral("\ntokenizer"));
  connect(m_tokenizers, &QComboBox::activated, this, &VocabularyRows::onTokenizerChosen);
}

void VocabularyRows::addPadding() {
  m_padding = new NumberBox;
  m_padding->setObjectName(QStringLiteral("padToMultipleOf"));
  m_padding->setWhole(true);
  m_padding->setRange(0, kMostPadding);
  m_padding->setSpecialValueText(tr("no padding"));
  m_paddingRow = new FormRow(tr("Pad rows to"), m_padding);
  m_paddingRow->setHelp(tr("Rows of the embeddings are filled up to a multiple of this number") +
                        QStringLiteral("\ntokenizer: pad_to_multiple_of"));
  m_rules = new TextButton;
  m_rules->setObjectName(QStringLiteral("tokenRules"));
  m_rulesRow = new FormRow(tr("Tokens"), onFieldEdge(m_rules));
  m_rulesRow->setHelp(tr("Where the embeddings of single tokens come from. The rules stand in the text.") +
                      QStringLiteral("\ntokenizer: tokens"));
  connect(m_padding, &QDoubleSpinBox::valueChanged, this, [this](double value) {
    if (!m_tokenizer) return;
    FormTokenizer wanted = *m_tokenizer;
    wanted.padToMultipleOf = static_cast<std::uint64_t>(value);
    emit tokenizerChanged(wanted);
  });
  connect(m_rules, &QAbstractButton::clicked, this, [this] { emit placeRequested(FormPlace::TokenRules); });
}

void VocabularyRows::addTemplate() {
  m_templates = makeCombo("chatTemplate");
  m_templateRow = new FormRow(tr("Chat template"), m_templates);
  m_templateRow->setHelp(tr("How the result's tokenizer writes a conversation") + QStringLiteral("\nchat_template"));
  auto* show = new TextButton(tr("Show in the text"));
  show->setObjectName(QStringLiteral("ownTemplate"));
  m_ownRow = new FormRow(QString(), onFieldEdge(show));
  connect(m_templates, &QComboBox::activated, this, [this] {
    if (const QString chosen = m_templates->currentData().toString(); chosen != m_template) emit chatTemplateChanged(chosen);
  });
  connect(show, &QAbstractButton::clicked, this, [this] { emit placeRequested(FormPlace::ChatTemplate); });
}

void VocabularyRows::onTokenizerChosen() {
  const QString chosen = m_tokenizers->currentData().toString();
  if (chosen == entryOf(m_tokenizer)) return;
  if (chosen == kAsItIs) return emit tokenizerChanged(std::nullopt);
  FormTokenizer wanted = m_tokenizer.value_or(FormTokenizer());
  wanted.model.clear();
  wanted.source = chosen == kBase ? RecipeTokenizer::Source::Base : RecipeTokenizer::Source::Union;
  if (chosen.startsWith(kModelMark)) {
    wanted.source = RecipeTokenizer::Source::Model;
    wanted.model = chosen.mid(kModelMark.size());
  }
  emit tokenizerChanged(wanted);
}

void VocabularyRows::setData(const RecipeFormData& form) {
  m_tokenizer = form.tokenizer;
  m_template = form.chatTemplate;
  fillTokenizers(form);
  fillTemplates();
  showTokenizer();
}

void VocabularyRows::fillTokenizers(const RecipeFormData& form) {
  m_tokenizers->clear();
  m_tokenizers->addItem(tr("as it is"), kAsItIs);
  m_tokenizers->addItem(tr("base model's"), kBase);
  m_tokenizers->addItem(tr("union of all"), kUnion);
  if (!form.models.empty()) m_tokenizers->insertSeparator(m_tokenizers->count());
  for (const FormModel& model : form.models) {
    m_tokenizers->addItem(model.name, kModelMark + model.reference);
    m_tokenizers->setItemData(m_tokenizers->count() - 1, plainToolTip(model.reference), Qt::ToolTipRole);
  }
  const QString entry = entryOf(form.tokenizer);
  if (m_tokenizers->findData(entry) < 0) m_tokenizers->addItem(form.tokenizer->model, entry);
  m_tokenizers->setCurrentIndex(entry.isEmpty() ? 0 : m_tokenizers->findData(entry));
}

void VocabularyRows::fillTemplates() {
  m_templates->clear();
  m_templates->addItem(tr("as it is"), QString());
  m_templates->addItem(tr("most common one"), QStringLiteral("auto"));
  for (const char* name : {"chatml", "llama3", "mistral", "alpaca", "exaone"})
    m_templates->addItem(QLatin1String(name), QLatin1String(name));
  int index = m_template.isEmpty() ? 0 : m_templates->findData(m_template);
  const bool own = index < 0;
  if (own) {
    index = m_templates->count();
    m_templates->addItem(tr("text of its own"), m_template);
  }
  m_templates->setCurrentIndex(index);
  m_templateRow->setChanged(index != 0);
  m_ownRow->setVisible(own);
}

void VocabularyRows::showTokenizer() {
  const bool there = m_tokenizer.has_value();
  const int rules = there ? m_tokenizer->tokenRules : 0;
  const auto padding = there ? m_tokenizer->padToMultipleOf : 0;
  m_tokenizerRow->setChanged(there);
  m_padding->showValue(static_cast<double>(std::min<std::uint64_t>(padding, kMostPadding)));
  m_paddingRow->setChanged(padding != 0);
  m_paddingRow->setVisible(there);
  m_rules->setText(tr("%n token rule(s)", nullptr, rules));
  m_rulesRow->setChanged(rules > 0);
  m_rulesRow->setVisible(rules > 0);
}

}  // namespace layerloom
