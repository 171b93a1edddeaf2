// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/advice/advice_panel.h"

#include <QAction>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QListWidget>
#include <QLocale>
#include <QStackedLayout>
#include <algorithm>
#include <array>
#include <utility>

#include "ui/advice/advice_delegate.h"
#include "ui/advice/advice_summary.h"
#include "ui/parts/empty_state.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

/// A figure in the language of the window; other texts as they are.
QString localised(const std::string& argument) {
  bool isNumber = false;
  const QString text = QString::fromStdString(argument);
  const double value = text.toDouble(&isNumber);
  return isNumber ? QLocale().toString(value, 'g', 3).replace(QLatin1Char('-'), QChar(0x2212)) : text;
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

AdvicePanel::AdvicePanel(QWidget* parent) : QWidget(parent), m_summary(new AdviceSummary(this)), m_list(new QListWidget(this)) {
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setItemDelegate(new AdviceDelegate(m_list));
  m_list->setSpacing(2);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_list->setResizeMode(QListView::Adjust);
  m_list->setAccessibleName(tr("Advice"));
  m_list->installEventFilter(this);
  m_thresholds = new QAction(themedIcon(QStringLiteral("preset")), tr("Where advice begins…"), this);
  connect(m_thresholds, &QAction::triggered, this, &AdvicePanel::thresholdsRequested);
  m_empty = new EmptyState(QStringLiteral("info"), {}, {}, this);
  m_pages = new QStackedLayout(this);
  m_pages->addWidget(m_empty);
  m_pages->addWidget(m_list);
  connect(m_list, &QListWidget::itemDoubleClicked, this, [this](QListWidgetItem* item) {
    if (item != m_fold) {
      activateRow(m_list->row(item));
    }
  });
  connect(m_list, &QListWidget::itemClicked, this, [this](const QListWidgetItem* item) {
    if (item == m_fold) {
      showBeside(!m_besideShown);
    }
  });
  applyColours();
}

void AdvicePanel::setAdvice(std::vector<Advice> advice, const QStringList& modelsBeside) {
  m_advice = std::move(advice);
  m_modelsBeside = modelsBeside;
  fill();
}

void AdvicePanel::fill() {
  const int row = m_list->currentRow();
  m_list->clear();
  m_fold = nullptr;
  std::array<int, 4> counts = {};
  for (const Advice& one : m_advice) {
    if (one.beside && m_fold == nullptr) {
      addFold();
    }
    addAdvice(one);
    counts[static_cast<std::size_t>(one.level)] += one.beside ? 0 : 1;
  }
  showBeside(m_besideShown);
  m_list->setCurrentRow(std::min(row, m_list->count() - 1));
  m_summary->setCounts(counts);
  m_pages->setCurrentIndex(m_advice.empty() ? 0 : 1);
}

void AdvicePanel::addAdvice(const Advice& advice) {
  const QString level = adviceLevelText(advice.level);
  auto* item = new QListWidgetItem(adviceIcon(advice.level), adviceText(advice), m_list);
  item->setData(AdviceDelegate::LevelRole, level);
  item->setData(AdviceDelegate::QuietRole, advice.beside);
  item->setData(Qt::AccessibleTextRole, QStringLiteral("%1: %2").arg(level, adviceText(advice)));
}

void AdvicePanel::addFold() {
  const QString text = tr("%n model(s) not in the merge: %1", nullptr, static_cast<int>(m_modelsBeside.size()));
  m_fold = new QListWidgetItem(text.arg(m_modelsBeside.join(QStringLiteral(", "))), m_list);
}

/// Opens or closes what stands below the heading.
void AdvicePanel::showBeside(bool shown) {
  m_besideShown = shown;
  if (m_fold == nullptr) {
    return;
  }
  m_fold->setData(AdviceDelegate::FoldRole, shown ? AdviceDelegate::Open : AdviceDelegate::Closed);
  m_fold->setData(Qt::AccessibleTextRole, (shown ? tr("%1, open") : tr("%1, closed")).arg(m_fold->text()));
  for (int row = m_list->row(m_fold) + 1; row < m_list->count(); ++row) {
    m_list->item(row)->setHidden(!shown);
  }
}

int AdvicePanel::insideCount() const {
  return m_fold == nullptr ? m_list->count() : m_list->row(m_fold);
}

QWidget* AdvicePanel::summary() const {
  return m_summary;
}

void AdvicePanel::setEmptyText(const QString& text) {
  m_empty->setSentence(text);
}

int AdvicePanel::cautions() const {
  const auto counts = [](const Advice& one) { return !one.beside && one.level != AdviceLevel::Note; };
  return static_cast<int>(std::count_if(m_advice.begin(), m_advice.end(), counts));
}

void AdvicePanel::activateRow(int row) {
  if (m_fold != nullptr && row == insideCount()) {
    showBeside(!m_besideShown);
    return;
  }
  const int index = row > insideCount() ? row - 1 : row;
  if (index >= 0 && index < static_cast<int>(m_advice.size())) {
    emit activated(m_advice[static_cast<std::size_t>(index)]);
  }
}

bool AdvicePanel::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_list && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const bool folds = m_fold != nullptr && m_list->currentItem() == m_fold && key == Qt::Key_Space;
    if (key == Qt::Key_Return || key == Qt::Key_Enter || folds) {
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
