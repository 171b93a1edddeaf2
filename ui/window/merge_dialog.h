// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace layerloom {

/// Asks where the merged model goes.
class MergeDialog : public QDialog {
  Q_OBJECT

 public:
  MergeDialog(const QString& suggestion, QWidget* parent);

  QString output() const;
  bool overwrite() const;

 private:
  QWidget* makePathRow(const QString& suggestion);
  void browse();
  void check();

  QLineEdit* m_path = nullptr;
  QCheckBox* m_overwrite = nullptr;
  QLabel* m_note = nullptr;
  QPushButton* m_merge = nullptr;
};

}  // namespace layerloom
