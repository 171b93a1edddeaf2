// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/methods/spec.h"
#include "ui/recipe/recipe_form_data.h"

namespace layerloom {

class IconButton;
class NumberBox;
class QuietLabel;

/// The field of one number of the method: a number, or "varies", with a button that opens the parameter's curve where
/// it can be drawn.
class ParameterField : public QWidget {
  Q_OBJECT

 public:
  /// `spec` outlives the field (the methods' table does).
  explicit ParameterField(const ParameterSpec& spec, QWidget* parent = nullptr);

  /// Emits nothing.
  void setParameter(const FormParameter& parameter);
  const ParameterSpec& spec() const { return m_spec; }
  NumberBox* numberBox() const { return m_number; }

 signals:
  void edited(double value);
  void curveRequested();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void showNumber(const FormParameter& parameter);
  void onValueChanged(double value);
  void onEditingFinished();
  void placeCurveButton();

  const ParameterSpec& m_spec;
  NumberBox* m_number = nullptr;
  QuietLabel* m_varies = nullptr;
  IconButton* m_curve = nullptr;
  bool m_missing = false;  ///< required, and the recipe has none
};

}  // namespace layerloom
