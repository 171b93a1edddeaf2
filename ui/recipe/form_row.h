// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace layerloom {

class QuietLabel;

/// One row of the form: a dot for a changed standard, the label, the field on the common edge.
class FormRow : public QWidget {
  Q_OBJECT

 public:
  /// Takes `field` over.
  /// With `grows` the field is as high as it wants, and the label stands beside its first line.
  FormRow(const QString& label, QWidget* field, QWidget* parent = nullptr, bool grows = false);

  void setChanged(bool changed);
  bool isChanged() const { return m_changed; }
  /// Tool tip of label and field; plain text.
  void setHelp(const QString& help);
  int labelWidth() const;
  void setLabelWidth(int width);
  QWidget* field() const { return m_field; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QuietLabel* m_label = nullptr;
  QWidget* m_field = nullptr;
  bool m_changed = false;
};

}  // namespace layerloom
