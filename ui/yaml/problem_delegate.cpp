// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/yaml/problem_delegate.h"

#include <algorithm>

#include <QFontMetricsF>
#include <QPainter>

#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"
#include "ui/yaml/problem_model.h"
#include "ui/yaml/problem_text.h"

namespace layerloom {
namespace {

constexpr double kRow = 28;
constexpr double kIcon = 16;
constexpr double kGap = 8;
constexpr double kSelectionBar = 3;

const Problem& problemAt(const QModelIndex& index) {
  return static_cast<const ProblemModel*>(index.model())->at(index.row());
}

double detailHeight() {
  return QFontMetricsF(smallFont()).height() + 5;
}

void paintGround(QPainter& painter, const QStyleOptionViewItem& option) {
  const Theme& theme = currentTheme();
  const QRectF rect(option.rect);
  if (option.state & QStyle::State_Selected) {
    painter.fillRect(rect, theme.accentSoft);
    painter.fillRect(mirrored({rect.left(), rect.top(), kSelectionBar, rect.height()}, rect, option.direction),
                     theme.accent);
  } else if (option.state & QStyle::State_MouseOver) {
    painter.fillRect(rect, theme.hover);
  }
}

}  // namespace

void ProblemDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Theme& theme = currentTheme();
  const Problem& problem = problemAt(index);
  const bool selected = option.state & QStyle::State_Selected;
  const QRectF all(option.rect);
  const auto place = [&](const QRectF& rect) { return mirrored(rect, all, option.direction); };
  painter->save();
  paintGround(*painter, option);
  QRectF line(all.left() + 12, all.top(), all.width() - 24, std::min(kRow, all.height()));
  severityIcon(problem.severity)
      .paint(painter, place({line.left(), line.center().y() - kIcon / 2, kIcon, kIcon}).toAlignedRect());
  line.setLeft(line.left() + kIcon + kGap);
  const QColor quiet = selected ? theme.onAccentSoft : theme.text2;
  if (const QString where = problemPlace(problem); !where.isEmpty()) {
    const double width = QFontMetricsF(smallFont()).horizontalAdvance(where) + 1;
    paintLine(*painter, place({line.right() - width, line.top(), width, line.height()}), smallFont(),
              selected || option.state & QStyle::State_MouseOver ? quiet : theme.text3, where, Qt::ElideNone);
    line.setRight(line.right() - width - kGap);
  }
  paintLine(*painter, place(line), bodyFont(), selected ? theme.onAccentSoft : theme.text,
            QString::fromStdString(problem.message));
  const QRectF below(line.left(), all.top() + kRow - 3, all.right() - 12 - line.left(), detailHeight() - 2);
  if (const QString detail = problemDetail(problem); !detail.isEmpty())
    paintLine(*painter, place(below), smallFont(), quiet, detail);
  if (option.state & QStyle::State_HasFocus) paintFocusRing(*painter, all, 4);
  painter->restore();
}

QSize ProblemDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
  const double row = std::max(kRow, QFontMetricsF(bodyFont()).height() + 8);
  return {120, qCeil(row + (problemDetail(problemAt(index)).isEmpty() ? 0 : detailHeight()))};
}

}  // namespace layerloom
