// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/yaml/problems_panel.h"

#include <algorithm>

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QStackedLayout>

#include "ui/parts/quiet_label.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/yaml/problem_delegate.h"
#include "ui/yaml/problem_model.h"
#include "ui/yaml/problem_text.h"

namespace layerloom {

ProblemsPanel::ProblemsPanel(QWidget* parent)
    : QWidget(parent), m_model(new ProblemModel(this)), m_list(new QListView(this)) {
  makeList();
  m_pages = new QStackedLayout(this);
  m_pages->addWidget(makeEmptyPage());
  m_pages->addWidget(m_list);
  applyColours();
}

void ProblemsPanel::makeList() {
  m_list->setModel(m_model);
  m_list->setItemDelegate(new ProblemDelegate(m_list));
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setMouseTracking(true);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_list->setResizeMode(QListView::Adjust);
  m_list->setAccessibleName(tr("Problems"));
  m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
  m_list->installEventFilter(this);
  auto* copy = new QAction(themedIcon(QStringLiteral("copy")), tr("Copy"), m_list);
  copy->setShortcuts(QKeySequence::keyBindings(QKeySequence::Copy));
  copy->setShortcutContext(Qt::WidgetShortcut);
  connect(copy, &QAction::triggered, this, &ProblemsPanel::copyCurrent);
  m_list->addAction(copy);
  connect(m_list, &QListView::doubleClicked, this,
          [this](const QModelIndex& index) { emit activated(m_model->at(index.row())); });
}

QWidget* ProblemsPanel::makeEmptyPage() {
  auto* page = new QWidget(this);
  auto* layout = new QHBoxLayout(page);
  layout->setContentsMargins(12, 8, 12, 8);
  layout->setSpacing(8);
  m_emptyIcon = new QLabel(page);
  m_emptyText = new QuietLabel({}, LabelTone::Text2, LabelFont::Body, page);
  m_emptyText->setWordWrap(true);
  layout->addWidget(m_emptyIcon, 0, Qt::AlignTop);
  layout->addWidget(m_emptyText, 1, Qt::AlignTop);
  return page;
}

void ProblemsPanel::setProblems(std::vector<Problem> problems) {
  const int row = m_list->currentIndex().row();
  m_pages->setCurrentIndex(problems.empty() ? 0 : 1);
  m_model->setProblems(std::move(problems));
  if (row >= 0 && m_model->rowCount() > 0)
    m_list->setCurrentIndex(m_model->index(std::min(row, m_model->rowCount() - 1)));
}

void ProblemsPanel::setEmptyText(const QString& text) {
  m_emptyText->setText(text);
}

void ProblemsPanel::copyCurrent() {
  const QModelIndex index = m_list->currentIndex();
  if (index.isValid()) QGuiApplication::clipboard()->setText(problemWords(m_model->at(index.row())));
}

bool ProblemsPanel::eventFilter(QObject* watched, QEvent* event) {
  // QAbstractItemView::activated depends on the desktop's single-click setting, so the key is read here.
  if (watched == m_list && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const QModelIndex index = m_list->currentIndex();
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && index.isValid()) {
      emit activated(m_model->at(index.row()));
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void ProblemsPanel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (isThemeChange(event)) applyColours();
}

void ProblemsPanel::applyColours() {
  QPalette palette = m_list->palette();
  palette.setColor(QPalette::Base, currentTheme().panel);
  m_list->setPalette(palette);
  m_emptyIcon->setPixmap(themedIcon(QStringLiteral("ok"), IconTone::Ok).pixmap(QSize(16, 16), devicePixelRatioF()));
}

}  // namespace layerloom
