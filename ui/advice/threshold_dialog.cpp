// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/advice/threshold_dialog.h"

#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>
#include <map>

#include "ui/parts/quiet_label.h"

namespace layerloom {
namespace {

struct Words {
  QString label;
  QString reason;
};

/// A label and why the standard value is what it is, by the threshold's name.
Words wordsOf(std::string_view name) {
  const std::map<std::string_view, Words> words = {
      {"farCaution", {ThresholdDialog::tr("Relative delta: caution from"), ThresholdDialog::tr("Fine-tunes usually stay within some per cent of their base.")}},
      {"farWarning", {ThresholdDialog::tr("Relative delta: warning from"), ThresholdDialog::tr("So far from the base, averages of weights seldom work.")}},
      {"ancestorCosine", {ThresholdDialog::tr("Cosine of weights: other ancestor below"), ThresholdDialog::tr("Unrelated models have a cosine of about 0.")}},
      {"conflictCaution", {ThresholdDialog::tr("Cosine of deltas: caution up to"), ThresholdDialog::tr("Unrelated changes have a cosine of about 0.")}},
      {"conflictWarning", {ThresholdDialog::tr("Cosine of deltas: warning up to"), ThresholdDialog::tr("A sum of such changes loses a good part of both.")}},
      {"signCaution", {ThresholdDialog::tr("Sign conflict by magnitude: caution from"), ThresholdDialog::tr("Unrelated changes have 0.5.")}},
      {"signWarning", {ThresholdDialog::tr("Sign conflict by magnitude: warning from"), ThresholdDialog::tr("Two thirds of the change cancel.")}},
      {"drownCaution", {ThresholdDialog::tr("Ratio of changes: caution from"), ThresholdDialog::tr("At 3, the smaller has a tenth of the squared change.")}},
      {"drownWarning", {ThresholdDialog::tr("Ratio of changes: warning from"), ThresholdDialog::tr("At 8, the smaller is hardly heard.")}},
      {"nearlyIdentical", {ThresholdDialog::tr("Difference of models: nearly the same below"), ThresholdDialog::tr("As a share of their change.")}},
      {"outerRatio", {ThresholdDialog::tr("Embedding or head against layers: caution from"), ThresholdDialog::tr("Tokens have moved apart from the body.")}},
      {"denseShare", {ThresholdDialog::tr("Part held by the largest fifth: dense below"), ThresholdDialog::tr("Normally distributed changes have 0.65.")}},
      {"sparseShare", {ThresholdDialog::tr("Part held by the largest fifth: sparse from"), ThresholdDialog::tr("Trimming to a fifth then takes next to nothing.")}},
      {"independentCosine", {ThresholdDialog::tr("Cosine of deltas: unrelated up to"), ThresholdDialog::tr("In either direction.")}},
  };
  const auto found = words.find(name);
  return found == words.end() ? Words{QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())), {}} : found->second;
}

QString keyOf(std::string_view name) {
  return QStringLiteral("advice/") + QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

}  // namespace

ThresholdDialog::ThresholdDialog(const AdviceThresholds& thresholds, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Where advice begins"));
  auto* form = new QFormLayout;
  form->setHorizontalSpacing(12);
  for (const std::string_view name : AdviceThresholds::names()) {
    auto* box = new QDoubleSpinBox(this);
    box->setObjectName(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
    box->setRange(-100, 100);
    box->setDecimals(3);
    box->setSingleStep(0.05);
    const Words words = wordsOf(name);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(box);
    row->addWidget(new QuietLabel(words.reason, LabelTone::Text2, LabelFont::Small, this), 1);
    form->addRow(words.label, row);
    m_fields.push_back({std::string(name), box});
  }
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::RestoreDefaults, this);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this, [this] { show(AdviceThresholds()); });
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(16, 16, 16, 16);
  layout->setSpacing(16);
  layout->addLayout(form);
  layout->addWidget(buttons);
  show(thresholds);
}

void ThresholdDialog::show(const AdviceThresholds& thresholds) {
  for (const Field& field : m_fields) {
    field.box->setValue(thresholds.value(field.name));
  }
}

AdviceThresholds ThresholdDialog::thresholds() const {
  AdviceThresholds thresholds;
  for (const Field& field : m_fields) {
    thresholds.set(field.name, field.box->value());
  }
  return thresholds;
}

AdviceThresholds storedThresholds() {
  const QSettings settings;
  AdviceThresholds thresholds;
  for (const std::string_view name : AdviceThresholds::names()) {
    bool isNumber = false;
    const double value = settings.value(keyOf(name)).toDouble(&isNumber);
    if (isNumber) {
      thresholds.set(name, value);
    }
  }
  return thresholds;
}

void storeThresholds(const AdviceThresholds& thresholds) {
  QSettings settings;
  for (const std::string_view name : AdviceThresholds::names()) {
    settings.setValue(keyOf(name), thresholds.value(name));
  }
}

}  // namespace layerloom
