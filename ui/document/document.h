// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QUndoStack>
#include <optional>

#include "core/recipe/recipe.h"
#include "core/support/result.h"
#include "ui/document/references.h"

namespace layerloom {

/// All that undo and redo move between.
struct DocumentState {
  Recipe recipe;
  QStringList models;  ///< references of all models that are loaded, in order of arrival; also those outside the merge
  QString text;        ///< the recipe as it stands in the YAML dock
};

/// The recipe being edited, its text, the loaded models and the history. Edits go through edit() and editText(), one undo step each.
class Document : public QObject {
  Q_OBJECT

 public:
  explicit Document(QObject* parent = nullptr);
  ~Document() override;

  const Recipe& recipe() const { return m_state.recipe; }
  const QStringList& models() const { return m_state.models; }
  const QString& text() const { return m_state.text; }
  /// What is wrong with a text that cannot be read as a recipe; the recipe is then the last one that could.
  const std::vector<Problem>& textProblems() const { return m_textProblems; }
  /// The result's depth, which gradients need; −1 while it is not known. Set by the owner when models are read.
  int layers() const { return m_layers; }
  void setLayers(int layers) { m_layers = layers; }

  /// Order of arrival of a model among those that are not the base, from 0; −1 for the base. Fixed for the life of the document.
  int colourIndex(const QString& reference) const;

  QUndoStack& history() { return m_history; }
  /// Replaces recipe and models as one undo step. Edits with the same `burst` (not 0) in a row become one step.
  void edit(const QString& what, Recipe recipe, QStringList models, int burst = 0);
  void edit(const QString& what, Recipe recipe, int burst = 0) { edit(what, std::move(recipe), m_state.models, burst); }
  /// Takes over a text that was typed. A text that is no recipe is kept and its problems are reported.
  void editText(const QString& text);

  /// The file behind the document; empty while it has none.
  const QString& filePath() const { return m_filePath; }
  /// The folder that relative model references start from.
  QString folder() const;
  QString name() const;
  /// Replaces everything; the history starts anew. A file with mistakes opens as text, with its problems.
  void open(const QString& filePath, const QString& text, const QStringList& moreModels = {});
  /// Writes the project file in one step.
  Status save(const QString& filePath);
  /// True when the file came with the program and is not to be written over.
  bool isSample() const { return m_isSample; }
  void setSample(bool sample) { m_isSample = sample; }

  /// Used by the undo commands.
  void restore(const DocumentState& state);

 signals:
  void changed();

 private:
  void arrive(const QStringList& references);

  DocumentState m_state;
  std::vector<Problem> m_textProblems;
  QUndoStack m_history;
  QString m_filePath;
  QStringList m_arrived;  ///< references that have a colour, for good
  QElapsedTimer m_lastTyped;
  int m_typingBurst = 0;
  int m_layers = -1;
  bool m_isSample = false;
};

}  // namespace layerloom
