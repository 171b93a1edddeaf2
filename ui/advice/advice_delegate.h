// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace layerloom {

/// Rows of the advice: an icon, the level in words, and a statement that takes as many lines as it needs. A row with `FoldRole` is the heading of
/// the rows below it instead.
class AdviceDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  enum Role { LevelRole = Qt::UserRole + 1, FoldRole, QuietRole };
  /// Values of `FoldRole`.
  enum Fold { Closed = 1, Open };

  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace layerloom
