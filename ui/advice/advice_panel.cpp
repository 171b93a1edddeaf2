// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/advice/advice_panel.h"

#include <QAction>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QListWidget>
#include <QLocale>
#include <QPainter>
#include <QStackedLayout>
#include <QStyledItemDelegate>
#include <algorithm>
#include <utility>

#include "ui/parts/quiet_label.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

QIcon levelIcon(AdviceLevel level) {
  switch (level) {
    case AdviceLevel::StrongWarning:
      return themedIcon(QStringLiteral("error"), IconTone::Error);
    case AdviceLevel::Warning:
    case AdviceLevel::Caution:
      return themedIcon(QStringLiteral("warn"), IconTone::Warning);
    case AdviceLevel::Note:
      break;
  }
  return themedIcon(QStringLiteral("info"), IconTone::Info);
}

/// Paints icon and text of a row; the text takes as many lines as it needs.
class AdviceDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyleOptionViewItem row = option;
    initStyleOption(&row, index);
    const QString text = std::exchange(row.text, QString());
    const QIcon icon = std::exchange(row.icon, QIcon());
    row.widget->style()->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);
    icon.paint(painter, QRect(row.rect.left() + kPadding, row.rect.top() + kPadding, kIcon, kIcon));
    painter->setFont(row.font);
    painter->setPen(row.palette.color(row.state.testFlag(QStyle::State_Selected) ? QPalette::HighlightedText : QPalette::Text));
    painter->drawText(row.rect.adjusted(kTextLeft, kPadding, -kPadding, -kPadding), Qt::TextWordWrap, text);
  }

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const auto* list = qobject_cast<const QListView*>(option.widget);
    const int width = list == nullptr ? 400 : list->viewport()->width() - 2 * list->spacing();
    const QRect room(0, 0, width - kTextLeft - kPadding, 10000);
    const QString text = index.data(Qt::DisplayRole).toString();
    return {width, option.fontMetrics.boundingRect(room, Qt::TextWordWrap, text).height() + 2 * kPadding};
  }

 private:
  static constexpr int kPadding = 6;
  static constexpr int kIcon = 16;
  static constexpr int kTextLeft = kPadding + kIcon + 8;
};

/// A figure in the language of the window; other texts as they are.
QString localised(const std::string& argument) {
  bool isNumber = false;
  const QString text = QString::fromStdString(argument);
  const double value = text.toDouble(&isNumber);
  return isNumber ? QLocale().toString(value, 'g', 3) : text;
}

}  // namespace

QString adviceLevelText(AdviceLevel level) {
  switch (level) {
    case AdviceLevel::StrongWarning:
      return AdvicePanel::tr("Strong warning");
    case AdviceLevel::Warning:
      return AdvicePanel::tr("Warning");
    case AdviceLevel::Caution:
      return AdvicePanel::tr("Caution");
    case AdviceLevel::Note:
      break;
  }
  return AdvicePanel::tr("Note");
}

QString adviceText(const Advice& advice) {
  // One pass over the placeholders: an argument may hold a "%1" of its own.
  const QString format = QCoreApplication::translate("Advice", advice.format);
  QString text;
  for (qsizetype i = 0; i < format.size(); ++i) {
    const int place = format[i] == u'%' && i + 1 < format.size() ? format[i + 1].digitValue() : -1;
    if (place >= 1 && static_cast<std::size_t>(place) <= advice.arguments.size()) {
      text += localised(advice.arguments[static_cast<std::size_t>(place) - 1]);
      ++i;
    } else {
      text += format[i];
    }
  }
  return text;
}

AdvicePanel::AdvicePanel(QWidget* parent) : QWidget(parent), m_list(new QListWidget(this)) {
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setItemDelegate(new AdviceDelegate(m_list));
  m_list->setSpacing(2);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_list->setResizeMode(QListView::Adjust);
  m_list->setAccessibleName(tr("Advice"));
  m_list->installEventFilter(this);
  m_thresholds = new QAction(themedIcon(QStringLiteral("more")), tr("Where advice begins…"), this);
  connect(m_thresholds, &QAction::triggered, this, &AdvicePanel::thresholdsRequested);
  m_empty = new QuietLabel({}, LabelTone::Text2, LabelFont::Body, this);
  m_empty->setWordWrap(true);
  m_empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  m_empty->setContentsMargins(12, 8, 12, 8);
  m_pages = new QStackedLayout(this);
  m_pages->addWidget(m_empty);
  m_pages->addWidget(m_list);
  connect(m_list, &QListWidget::itemDoubleClicked, this, [this](QListWidgetItem* item) { activateRow(m_list->row(item)); });
  applyColours();
}

void AdvicePanel::setAdvice(std::vector<Advice> advice) {
  m_advice = std::move(advice);
  fill();
}

void AdvicePanel::fill() {
  const int row = m_list->currentRow();
  m_list->clear();
  for (const Advice& one : m_advice) {
    auto* item = new QListWidgetItem(levelIcon(one.level), adviceText(one), m_list);
    item->setData(Qt::AccessibleTextRole, QStringLiteral("%1: %2").arg(adviceLevelText(one.level), adviceText(one)));
    item->setToolTip(adviceLevelText(one.level));
  }
  m_list->setCurrentRow(std::min(row, m_list->count() - 1));
  m_pages->setCurrentIndex(m_advice.empty() ? 0 : 1);
}

void AdvicePanel::setEmptyText(const QString& text) {
  m_empty->setText(text);
}

int AdvicePanel::cautions() const {
  return static_cast<int>(std::count_if(m_advice.begin(), m_advice.end(), [](const Advice& one) { return one.level != AdviceLevel::Note; }));
}

void AdvicePanel::activateRow(int row) {
  if (row >= 0 && row < static_cast<int>(m_advice.size())) {
    emit activated(m_advice[static_cast<std::size_t>(row)]);
  }
}

bool AdvicePanel::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_list && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
      activateRow(m_list->currentRow());
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void AdvicePanel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (isThemeChange(event)) {
    applyColours();
    fill();
  }
}

void AdvicePanel::applyColours() {
  QPalette palette = m_list->palette();
  palette.setColor(QPalette::Base, currentTheme().panel);
  m_list->setPalette(palette);
}

}  // namespace layerloom
