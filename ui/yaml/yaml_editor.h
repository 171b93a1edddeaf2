// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

#include <QTimer>
#include <QWidget>

#include "core/recipe/recipe.h"

class QAction;
class QsciScintilla;

namespace layerloom {

class YamlLexer;

/// The recipe as text, both ways. Undo belongs to the recipe, not to this text: the editor keeps no history of its own
/// and leaves the keys for it to the window.
class YamlEditor : public QWidget {
  Q_OBJECT

 public:
  explicit YamlEditor(QWidget* parent = nullptr);

  /// Replaces the part that differs; scroll position, cursor and selection stay. Emits nothing and drops an edit that
  /// was not reported yet.
  void setText(const QString& text);
  QString text() const;
  /// Reports at once an edit that still waits for its 250 ms.
  void flush();

  /// Marks lines and places; positions are those of the text that is shown.
  void setProblems(std::vector<Problem> problems);
  /// A bar at the gutter for lines (from 1) that belong to a model (colour index; negative: the base).
  void setLineColours(const std::vector<std::pair<int, int>>& lines);
  /// Puts the cursor on a line (from 1), brings it into view and takes the focus.
  void revealLine(int line);

  /// Actions for the dock's title: export, copy.
  QList<QAction*> titleActions() const { return {m_export, m_copy}; }

 signals:
  /// 250 ms after the user's last key, or when the focus leaves.
  void edited(const QString& text);
  /// A key changed the text; edited() follows.
  void typed();
  void copyRequested();
  void exportRequested();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  /// An end of the selection by line and index, and the message that puts it there again.
  struct TextPlace {
    unsigned message = 0;
    int line = 0;
    int index = 0;
  };

  std::vector<TextPlace> placesInside(std::size_t begin, std::size_t end) const;
  void makeActions();
  void configureEditing();
  void configureMargins();
  void releaseUndoKeys();
  void applyTheme();
  void applyMarginTheme();
  void applyMarkerTheme();
  void onTextChanged();
  void onCursorMoved(int line);
  void fitNumberMargin();
  void clearProblemMarks();
  void markProblem(const Problem& problem);
  QString problemsAt(int line) const;

  QsciScintilla* m_editor = nullptr;
  YamlLexer* m_lexer = nullptr;
  QAction* m_copy = nullptr;
  QAction* m_export = nullptr;
  QTimer m_debounce;
  std::vector<Problem> m_problems;
  bool m_quiet = false;  ///< the text is being changed by setText()
};

}  // namespace layerloom
