// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "core/run/run.h"

class QCheckBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;

namespace layerloom {

/// Asks where the merged model goes and, where an interrupted merge stands there, what becomes of that.
class MergeDialog : public QDialog {
  Q_OBJECT

 public:
  /// `busy`: folders that merges are being made into.
  MergeDialog(const QString& suggestion, QStringList busy, QWidget* parent);

  QString output() const;
  bool overwrite() const;
  UnfinishedMerge unfinished() const;

 private:
  QWidget* makePathRow(const QString& suggestion);
  QWidget* makeUnfinishedPart();
  QDialogButtonBox* makeButtons();
  bool isBusy() const;
  bool standsUnfinished() const;
  void browse();
  void check();
  QString note(bool isReplaceable, bool isFilled) const;

  const QStringList m_busy;
  QLineEdit* m_path = nullptr;
  QCheckBox* m_overwrite = nullptr;
  QWidget* m_unfinished = nullptr;
  QRadioButton* m_continue = nullptr;
  QRadioButton* m_startAnew = nullptr;
  QLabel* m_note = nullptr;
  QPushButton* m_merge = nullptr;
};

}  // namespace layerloom
