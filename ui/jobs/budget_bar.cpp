// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/budget_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include "ui/jobs/amount_text.h"
#include "ui/jobs/budget_item.h"
#include "ui/parts/painting.h"
#include "ui/parts/quiet_label.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kHeight = 44;
constexpr int kBetween = 24;

bool exceeds(const std::optional<std::uint64_t>& need, const std::optional<std::uint64_t>& have) {
  return need && have && *need > *have;
}

std::optional<double> share(const std::optional<std::uint64_t>& need, const std::optional<std::uint64_t>& have) {
  if (!need || !have || *have == 0) return {};
  return static_cast<double>(*need) / static_cast<double>(*have);
}

QString unknown() {
  return QStringLiteral("–");
}

QString bytesOrDash(const std::optional<std::uint64_t>& bytes) {
  return bytes ? bytesText(*bytes) : unknown();
}

}  // namespace

BudgetBar::BudgetBar(QWidget* parent)
    : QWidget(parent),
      m_output(new BudgetItem(tr("Output"), this)),
      m_memory(new BudgetItem(tr("Peak memory"), this)),
      m_disk(new BudgetItem(tr("Free disk"), this)),
      m_time(new BudgetItem(tr("Time"), this)),
      m_reasonIcon(new QLabel(this)),
      m_summary(new QuietLabel({}, LabelTone::Text2, LabelFont::Small, this)),
      m_merge(makeMergeButton()) {
  setMinimumHeight(kHeight);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(16, 4, 8, 4);
  layout->setSpacing(0);
  for (BudgetItem* item : {m_output, m_memory, m_disk, m_time}) addItem(*layout, item);
  layout->addStretch(1);
  layout->addWidget(m_reasonIcon);
  layout->addSpacing(4);
  // The words give way before the figures and the button do; the tool tip has them in full.
  m_summary->setElided();
  m_summary->setAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
  layout->addWidget(m_summary);
  layout->addSpacing(12);
  layout->addWidget(m_merge);
  setBudget({});
}

void BudgetBar::addItem(QHBoxLayout& layout, BudgetItem* item) {
  layout.addWidget(item);
  layout.addSpacing(kBetween);
}

QPushButton* BudgetBar::makeMergeButton() {
  auto* button = new QPushButton(themedIcon(QStringLiteral("play"), IconTone::OnAccent), tr("Merge"), this);
  button->setProperty("accent", true);
  button->setMinimumSize(104, 30);
  connect(button, &QAbstractButton::clicked, this, &BudgetBar::mergeRequested);
  return button;
}

void BudgetBar::setBudget(const BudgetData& budget) {
  m_budget = budget;
  showItems();
  showReason();
}

void BudgetBar::showItems() {
  const bool diskOver = exceeds(m_budget.outputBytes, m_budget.freeDisk);
  const bool memoryOver = exceeds(m_budget.peakMemory, m_budget.memory);
  m_output->setValue(bytesOrDash(m_budget.outputBytes));
  m_memory->setValue(m_budget.peakMemory && m_budget.memory ? bytesOfText(*m_budget.peakMemory, *m_budget.memory)
                                                            : bytesOrDash(m_budget.peakMemory),
                     share(m_budget.peakMemory, m_budget.memory), memoryOver);
  m_disk->setValue(bytesOrDash(m_budget.freeDisk), share(m_budget.outputBytes, m_budget.freeDisk), diskOver);
  m_time->setValue(m_budget.seconds ? tr("about %1", "time").arg(durationText(*m_budget.seconds)) : unknown());
}

QString BudgetBar::shortage() const {
  if (exceeds(m_budget.outputBytes, m_budget.freeDisk))
    return tr("disk: %1 short").arg(bytesText(*m_budget.outputBytes - *m_budget.freeDisk));
  if (exceeds(m_budget.peakMemory, m_budget.memory))
    return tr("memory: %1 short").arg(bytesText(*m_budget.peakMemory - *m_budget.memory));
  return {};
}

void BudgetBar::showReason() {
  const QString reason = m_budget.blocked.isEmpty() ? shortage() : m_budget.blocked;
  const bool free = reason.isEmpty();
  m_merge->setEnabled(free);
  m_merge->setToolTip(plainToolTip(free ? tr("Run the merge") : reason));
  m_merge->setAccessibleDescription(reason);
  m_summary->setTone(free ? LabelTone::Text2 : LabelTone::Error);
  m_reasonIcon->setVisible(!free);
  const QString words = free ? m_budget.summary : reason;
  m_summary->setText(words);
  m_summary->setToolTip(plainToolTip(words));
  applyColours();
}

void BudgetBar::paintEvent(QPaintEvent*) {
  const Theme& theme = currentTheme();
  QPainter painter(this);
  painter.fillRect(rect(), theme.window);
  painter.setPen(theme.border);
  for (const BudgetItem* item : {m_memory, m_disk, m_time}) {
    const QRect at = item->geometry();
    const int x = layoutDirection() == Qt::LeftToRight ? at.left() - kBetween / 2 : at.right() + kBetween / 2;
    painter.drawLine(x, height() / 2 - 8, x, height() / 2 + 8);
  }
}

void BudgetBar::resizeEvent(QResizeEvent*) {
  update();
}

void BudgetBar::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (isThemeChange(event)) applyColours();
}

void BudgetBar::applyColours() {
  m_reasonIcon->setPixmap(
      themedIcon(QStringLiteral("error"), IconTone::Error).pixmap(QSize(16, 16), devicePixelRatioF()));
}

}  // namespace layerloom
