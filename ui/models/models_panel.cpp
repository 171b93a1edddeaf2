// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/models_panel.h"

#include <algorithm>

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QScrollArea>
#include <QStackedLayout>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/models/drop_hint.h"
#include "ui/models/model_card.h"
#include "ui/parts/empty_state.h"
#include "ui/theme/icons.h"

namespace layerloom {
namespace {

/// What a file manager can open: the folder itself, or the folder a file lies in.
QString folderOf(const QString& path) {
  const QFileInfo info(path);
  return info.isDir() ? path : info.absolutePath();
}

}  // namespace

ModelsPanel::ModelsPanel(QWidget* parent)
    : QWidget(parent), m_open(new QAction(themedIcon(QStringLiteral("add")), tr("Open a model folder…"), this)) {
  connect(m_open, &QAction::triggered, this, &ModelsPanel::openRequested);
  m_pages = new QStackedLayout(this);
  m_pages->addWidget(makeEmptyState());
  m_list = makeList();
  m_pages->addWidget(m_list);
}

QWidget* ModelsPanel::makeEmptyState() {
  auto* empty = new EmptyState(QStringLiteral("drop"), tr("Drop model folders or .safetensors here."),
                               tr("Open the samples"), this);
  connect(empty, &EmptyState::actionTriggered, this, &ModelsPanel::openSamplesRequested);
  return empty;
}

QScrollArea* ModelsPanel::makeList() {
  auto* list = new QScrollArea(this);
  list->setFrameShape(QFrame::NoFrame);
  list->setWidgetResizable(true);
  list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list->setFocusPolicy(Qt::NoFocus);
  auto* content = new QWidget;
  m_layout = new QVBoxLayout(content);
  // Cards keep 3 px round themselves for their focus ring, so 12 and 8 become 9 and 2.
  m_layout->setContentsMargins(9, 1, 9, 9);
  m_layout->setSpacing(2);
  m_layout->addWidget(new DropHint(content));
  m_layout->addStretch();
  list->setWidget(content);
  return list;
}

void ModelsPanel::setCards(const std::vector<ModelCardData>& cards, int active) {
  while (m_cards.size() > cards.size()) {
    // Later: this may run while the card's own menu or button is still on the stack.
    m_cards.back()->hide();
    m_cards.back()->deleteLater();
    m_cards.pop_back();
  }
  while (m_cards.size() < cards.size()) m_cards.push_back(addCard());
  for (std::size_t i = 0; i < cards.size(); ++i) {
    if (!(m_cards[i]->data() == cards[i])) m_cards[i]->setData(cards[i]);
    m_cards[i]->setActive(static_cast<int>(i) == active);
  }
  m_pages->setCurrentIndex(cards.empty() ? 0 : 1);
}

ModelCard* ModelsPanel::addCard() {
  auto* card = new ModelCard(m_list->widget());
  connect(card, &QAbstractButton::clicked, this, [this, card] { emit activated(indexOf(card)); });
  connect(card, &ModelCard::hoverChanged, this, [this, card](bool over) { emit hovered(over ? indexOf(card) : -1); });
  connect(card, &ModelCard::removeRequested, this, [this, card] { emit removeRequested(indexOf(card)); });
  connect(card, &ModelCard::fixRequested, this, [this, card] { emit fixRequested(indexOf(card)); });
  connect(card, &ModelCard::addToMergeRequested, this, [this, card] { emit addToMergeRequested(indexOf(card)); });
  connect(card, &ModelCard::visibilityToggled, this,
          [this, card](bool visible) { emit visibilityToggled(indexOf(card), visible); });
  connect(card, &ModelCard::stepRequested, this, [this, card](int step) { moveFocus(card, step); });
  m_layout->insertWidget(static_cast<int>(m_cards.size()), card);
  card->show();
  return card;
}

int ModelsPanel::indexOf(const ModelCard* card) const {
  const auto found = std::find(m_cards.begin(), m_cards.end(), card);
  return found == m_cards.end() ? -1 : static_cast<int>(found - m_cards.begin());
}

void ModelsPanel::moveFocus(const ModelCard* from, int step) {
  const int last = static_cast<int>(m_cards.size()) - 1;
  const int wanted = step == -2 ? 0 : step == 2 ? last : indexOf(from) + step;
  ModelCard* card = m_cards[static_cast<std::size_t>(std::clamp(wanted, 0, last))];
  card->setFocus(Qt::TabFocusReason);
  m_list->ensureWidgetVisible(card, 0, 8);
}

int ModelsPanel::cardAt(const QContextMenuEvent& event) const {
  for (std::size_t i = 0; i < m_cards.size(); ++i) {
    const ModelCard* card = m_cards[i];
    const bool hit = event.reason() == QContextMenuEvent::Keyboard
                         ? card->hasFocus()
                         : card->rect().contains(card->mapFromGlobal(event.globalPos()));
    if (hit) return static_cast<int>(i);
  }
  return -1;
}

void ModelsPanel::contextMenuEvent(QContextMenuEvent* event) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  fillMenu(*menu, cardAt(*event));
  menu->popup(event->globalPos());
}

void ModelsPanel::fillMenu(QMenu& menu, int card) {
  if (card >= 0) {
    addMergeActions(menu, card);
    menu.addSeparator();
    addFileActions(menu, card);
    menu.addSeparator();
    QAction* remove = menu.addAction(themedIcon(QStringLiteral("trash")), tr("Remove"));
    connect(remove, &QAction::triggered, this, [this, card] { emit removeRequested(card); });
    menu.addSeparator();
  }
  menu.addAction(m_open);
}

void ModelsPanel::addMergeActions(QMenu& menu, int card) {
  const ModelCardData& model = m_cards[static_cast<std::size_t>(card)]->data();
  QAction* base = menu.addAction(tr("Use as base"));
  base->setEnabled(model.role != CardRole::Base && !model.busy);
  connect(base, &QAction::triggered, this, [this, card] { emit baseRequested(card); });
  if (model.role == CardRole::Base) return;
  QAction* membership = menu.addAction(model.inMerge ? tr("Remove from merge") : tr("Add to merge"));
  membership->setEnabled(!model.busy);
  connect(membership, &QAction::triggered, this, [this, card, inMerge = model.inMerge] {
    inMerge ? emit removeFromMergeRequested(card) : emit addToMergeRequested(card);
  });
}

void ModelsPanel::addFileActions(QMenu& menu, int card) {
  const ModelCardData& model = m_cards[static_cast<std::size_t>(card)]->data();
  QAction* show = menu.addAction(themedIcon(QStringLiteral("folder")), tr("Show in file manager"));
  show->setEnabled(!model.path.isEmpty());
  connect(show, &QAction::triggered, this,
          [path = model.path] { QDesktopServices::openUrl(QUrl::fromLocalFile(folderOf(path))); });
  QAction* copy = menu.addAction(themedIcon(QStringLiteral("copy")), tr("Copy path"));
  connect(copy, &QAction::triggered, this, [text = model.path.isEmpty() ? model.reference : model.path] {
    QGuiApplication::clipboard()->setText(text);
  });
}

}  // namespace layerloom
