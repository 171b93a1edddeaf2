// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "ui/models/model_card_data.h"

class QAction;
class QMenu;
class QScrollArea;
class QStackedLayout;
class QVBoxLayout;

namespace layerloom {

class ModelCard;

/// The models dock: a card per model, a hint where to drop more, an empty state. Shows what it is given and reports
/// wishes by the card's position; it changes nothing by itself.
class ModelsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ModelsPanel(QWidget* parent = nullptr);

  /// Shows these cards; `active` is a position or −1. Keyboard focus stays on the same position. Emits nothing.
  void setCards(const std::vector<ModelCardData>& cards, int active);

  /// Actions for the dock's title: open a folder.
  QList<QAction*> titleActions() const { return {m_open}; }

 signals:
  void openRequested();
  void openSamplesRequested();
  void activated(int card);
  void hovered(int card);  ///< −1: none
  void removeRequested(int card);
  void baseRequested(int card);
  void addToMergeRequested(int card);
  void removeFromMergeRequested(int card);
  void visibilityToggled(int card, bool visible);
  void fixRequested(int card);

 protected:
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  QWidget* makeEmptyState();
  QScrollArea* makeList();
  ModelCard* addCard();
  int indexOf(const ModelCard* card) const;
  int cardAt(const QContextMenuEvent& event) const;
  void moveFocus(const ModelCard* from, int step);
  void fillMenu(QMenu& menu, int card);
  void addMergeActions(QMenu& menu, int card);
  void addFileActions(QMenu& menu, int card);

  QAction* m_open = nullptr;
  QStackedLayout* m_pages = nullptr;
  QScrollArea* m_list = nullptr;
  QVBoxLayout* m_layout = nullptr;
  std::vector<ModelCard*> m_cards;
};

}  // namespace layerloom
