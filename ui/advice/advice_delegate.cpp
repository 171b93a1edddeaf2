// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/advice/advice_delegate.h"

#include <QListView>
#include <QPainter>
#include <QTextLayout>
#include <cmath>
#include <utility>

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kPaddingX = 10;  // with the list's spacing, 12 from the edge of the dock
constexpr int kPaddingY = 6;
constexpr int kIcon = 16;
constexpr int kToText = kIcon + 8;

/// Where the icon stands: what is below a heading is indented.
int iconLeft(const QModelIndex& index) {
  return kPaddingX + (index.data(AdviceDelegate::QuietRole).toBool() ? kToText : 0);
}

int textLeft(const QModelIndex& index) {
  return iconLeft(index) + kToText;
}

/// The level in semibold, then the statement.
void layOut(QTextLayout& layout, const QModelIndex& index, int width) {
  const QString level = index.data(AdviceDelegate::LevelRole).toString();
  const QString lead = level.isEmpty() ? QString() : level + QStringLiteral(": ");
  layout.setText(lead + index.data(Qt::DisplayRole).toString());
  QTextLayout::FormatRange strong;
  strong.start = 0;
  strong.length = static_cast<int>(lead.size());
  strong.format.setFontWeight(QFont::DemiBold);
  layout.setFormats({strong});
  QTextOption wrap;
  wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  layout.setTextOption(wrap);
  layout.beginLayout();
  double y = 0;
  for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
    line.setLineWidth(width);
    line.setPosition({0, y});
    y += line.height();
  }
  layout.endLayout();
}

/// The chevron points to what it opens, or down on what is open.
void paintFold(QPainter& painter, QPoint at, bool open) {
  painter.save();
  painter.translate(at + QPoint(kIcon / 2, kIcon / 2));
  painter.rotate(open ? 0 : -90);
  themedIcon(QStringLiteral("chevron")).paint(&painter, QRect(-kIcon / 2, -kIcon / 2, kIcon, kIcon));
  painter.restore();
}

QColor textColour(const QStyleOptionViewItem& row, const QModelIndex& index) {
  if (row.state.testFlag(QStyle::State_Selected)) {
    return row.palette.color(QPalette::HighlightedText);
  }
  const bool quiet = index.data(AdviceDelegate::QuietRole).toBool() || index.data(AdviceDelegate::FoldRole).isValid();
  return quiet ? currentTheme().text2 : row.palette.color(QPalette::Text);
}

}  // namespace

void AdviceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyleOptionViewItem row = option;
  initStyleOption(&row, index);
  row.text.clear();
  const QIcon icon = std::exchange(row.icon, QIcon());
  row.widget->style()->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);
  QTextLayout layout(QString(), row.font);
  layOut(layout, index, row.rect.width() - textLeft(index) - kPaddingX);
  const double lineHeight = layout.lineCount() > 0 ? layout.lineAt(0).height() : kIcon;
  const QPoint iconAt(row.rect.left() + iconLeft(index), row.rect.top() + kPaddingY + static_cast<int>(std::lround((lineHeight - kIcon) / 2)));
  if (const QVariant fold = index.data(FoldRole); fold.isValid()) {
    paintFold(*painter, iconAt, fold.toInt() == Open);
  } else {
    icon.paint(painter, QRect(iconAt, QSize(kIcon, kIcon)));
  }
  painter->setPen(textColour(row, index));
  layout.draw(painter, QPointF(row.rect.left() + textLeft(index), row.rect.top() + kPaddingY));
}

QSize AdviceDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const auto* list = qobject_cast<const QListView*>(option.widget);
  const int width = list == nullptr ? 400 : list->viewport()->width() - 2 * list->spacing();
  QTextLayout layout(QString(), option.font);
  layOut(layout, index, width - textLeft(index) - kPaddingX);
  return {width, static_cast<int>(std::ceil(layout.boundingRect().height())) + 2 * kPaddingY};
}

}  // namespace layerloom
