// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/advice/advice_summary.h"

#include <QLocale>
#include <QPainter>
#include <cmath>

#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kIcon = 16;
constexpr double kGap = 4;
constexpr double kBetween = 12;
constexpr int kHeight = 28;
constexpr int kInset = 6;

}  // namespace

QIcon adviceIcon(AdviceLevel level) {
  switch (level) {
    case AdviceLevel::StrongWarning:
      return themedIcon(QStringLiteral("error"), IconTone::Error);
    case AdviceLevel::Warning:
      return themedIcon(QStringLiteral("warn"), IconTone::Warning);
    case AdviceLevel::Caution:
      return themedIcon(QStringLiteral("caution"), IconTone::Warning);
    case AdviceLevel::Note:
      break;
  }
  return themedIcon(QStringLiteral("info"), IconTone::Info);
}

QString adviceCountText(AdviceLevel level, int count) {
  switch (level) {
    case AdviceLevel::StrongWarning:
      return AdviceSummary::tr("%n strong warning(s)", nullptr, count);
    case AdviceLevel::Warning:
      return AdviceSummary::tr("%n warning(s)", nullptr, count);
    case AdviceLevel::Caution:
      return AdviceSummary::tr("%n caution(s)", nullptr, count);
    case AdviceLevel::Note:
      break;
  }
  return AdviceSummary::tr("%n note(s)", nullptr, count);
}

AdviceSummary::AdviceSummary(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("AdviceSummary"));
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHorizontalStretch(100);  // all that the title has to spare, for the words
  setSizePolicy(policy);
}

void AdviceSummary::setCounts(const std::array<int, 4>& counts) {
  m_entries.clear();
  QStringList words;
  for (std::size_t i = counts.size(); i-- > 0;) {
    if (counts[i] > 0) {
      const auto level = static_cast<AdviceLevel>(i);
      m_entries.push_back({level, QLocale().toString(counts[i]), adviceCountText(level, counts[i])});
      words << m_entries.back().words;
    }
  }
  setAccessibleName(words.join(QStringLiteral(", ")));
  setToolTip(accessibleName());
  updateGeometry();
  update();
}

double AdviceSummary::widthOf(QString Entry::*text) const {
  const QFontMetricsF metrics(smallFont());
  double width = kInset;
  for (const Entry& entry : m_entries) {
    width += kIcon + kGap + metrics.horizontalAdvance(entry.*text) + kBetween;
  }
  return width;
}

/// The least that says something: the words come where there is room.
QSize AdviceSummary::sizeHint() const {
  return {static_cast<int>(std::ceil(widthOf(&Entry::figure))), kHeight};
}

void AdviceSummary::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setFont(smallFont());
  painter.setPen(currentTheme().text2);
  const QFontMetricsF metrics(painter.font());
  QString Entry::*const text = widthOf(&Entry::words) <= width() ? &Entry::words : &Entry::figure;
  double x = kInset;
  for (const Entry& entry : m_entries) {
    adviceIcon(entry.level).paint(&painter, QRect(qRound(x), (height() - kIcon) / 2, kIcon, kIcon));
    x += kIcon + kGap;
    const double length = metrics.horizontalAdvance(entry.*text);
    painter.drawText(QRectF(x, 0, length + 1, height()), Qt::AlignLeft | Qt::AlignVCenter, entry.*text);
    x += length + kBetween;
  }
}

}  // namespace layerloom
