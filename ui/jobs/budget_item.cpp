// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/budget_item.h"

#include <QFontMetricsF>
#include <QPainter>

#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kGap = 8;
constexpr double kBarWidth = 56;
constexpr double kBarHeight = 4;
constexpr double kIcon = 16;

}  // namespace

BudgetItem::BudgetItem(const QString& label, QWidget* parent) : QWidget(parent), m_label(label) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
}

void BudgetItem::setValue(const QString& value, std::optional<double> share, bool over) {
  m_value = value;
  m_share = share;
  m_over = over;
  setAccessibleName(tr("%1: %2", "label, value").arg(m_label, value));
  updateGeometry();
  update();
}

QSize BudgetItem::sizeHint() const {
  double width = QFontMetricsF(smallFont()).horizontalAdvance(m_label) + kGap +
                 QFontMetricsF(strongFont()).horizontalAdvance(m_value);
  if (m_share) width += kGap + kBarWidth;
  if (m_over) width += kIcon + 4;
  return {qCeil(width) + 2, qCeil(QFontMetricsF(strongFont()).height())};
}

void BudgetItem::paintEvent(QPaintEvent*) {
  const Theme& theme = currentTheme();
  const QRectF all(rect());
  QPainter painter(this);
  double x = 0;
  const auto take = [&](double width, double gap) {
    const QRectF at = mirrored({x, all.top(), width, all.height()}, all, layoutDirection());
    x += width + gap;
    return at;
  };
  paintLine(painter, take(QFontMetricsF(smallFont()).horizontalAdvance(m_label) + 1, kGap - 1), smallFont(),
            theme.text3, m_label, Qt::ElideNone);
  if (m_over) {
    QRectF icon = take(kIcon, 4);
    icon = QRectF(icon.left(), icon.center().y() - kIcon / 2, kIcon, kIcon);
    themedIcon(QStringLiteral("error"), IconTone::Error).paint(&painter, icon.toAlignedRect());
  }
  paintLine(painter, take(QFontMetricsF(strongFont()).horizontalAdvance(m_value) + 1, kGap - 1), strongFont(),
            m_over ? theme.error : theme.text, m_value, Qt::ElideNone);
  if (!m_share) return;
  QRectF bar = take(kBarWidth, 0);
  bar = QRectF(bar.left(), bar.center().y() - kBarHeight / 2 + 0.5, kBarWidth, kBarHeight);
  paintBar(painter, bar, *m_share, m_over ? theme.error : theme.ok);
}

}  // namespace layerloom
