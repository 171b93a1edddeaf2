// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/document.h"

#include <QDir>
#include <QFileInfo>
#include <QUndoCommand>

#include "core/recipe/curve_edit.h"
#include "core/support/file.h"

namespace layerloom {
namespace {

/// One step of the history: states are small, so each command keeps both whole.
class EditCommand : public QUndoCommand {
 public:
  EditCommand(Document& document, DocumentState before, DocumentState after, const QString& what, int burst)
      : QUndoCommand(what), m_document(document), m_before(std::move(before)), m_after(std::move(after)), m_burst(burst) {}

  void undo() override { m_document.restore(m_before); }
  void redo() override { m_document.restore(m_after); }
  int id() const override { return m_burst == 0 ? -1 : m_burst; }
  bool mergeWith(const QUndoCommand* other) override {
    m_after = static_cast<const EditCommand*>(other)->m_after;
    setObsolete(sameRecipe(m_before.recipe, m_after.recipe) && m_before.models == m_after.models && m_before.text == m_after.text);
    return true;
  }

 private:
  Document& m_document;
  const DocumentState m_before;
  DocumentState m_after;
  const int m_burst;
};

void addOnce(QStringList& list, const QString& item) {
  if (!item.isEmpty() && !list.contains(item)) {
    list.append(item);
  }
}

/// The text as typed with the control points behind it; written anew where the two do not go together (a recipe in braces, say).
std::string projectText(const DocumentState& state) {
  std::string text = withoutCurveNotes(state.text.toStdString());
  if (!state.recipe.curves.empty()) {
    text += text.ends_with('\n') ? "" : "\n";
    text += writeCurveNotes(state.recipe);
  }
  const ParsedRecipe parsed = parseRecipe(text);
  const bool whole = parsed.recipe && sameRecipe(*parsed.recipe, state.recipe);
  return whole ? text : writeRecipe(state.recipe, YamlDetail::Project);
}

QString baseOf(const Recipe& recipe) {
  return recipe.baseModel ? QString::fromStdString(recipe.baseModel->text) : QString();
}

}  // namespace

Document::Document(QObject* parent) : QObject(parent), m_history(this) {}

Document::~Document() {
  // A history that goes calls itself clean; whoever asks for a name then would meet a document whose other members are gone.
  m_history.disconnect();
}

void Document::arrive(const QStringList& references) {
  for (const QString& reference : references) {
    if (reference != baseOf(m_state.recipe)) {
      addOnce(m_arrived, reference);
    }
  }
}

int Document::colourIndex(const QString& reference) const {
  return reference == baseOf(m_state.recipe) ? -1 : static_cast<int>(m_arrived.indexOf(reference));
}

void Document::edit(const QString& what, Recipe recipe, QStringList models, int burst) {
  for (const QString& reference : referencesOf(recipe)) {
    addOnce(models, reference);
  }
  DocumentState after{std::move(recipe), std::move(models), {}};
  after.text = QString::fromStdString(writeRecipe(after.recipe));
  if (sameRecipe(after.recipe, m_state.recipe) && after.models == m_state.models) {
    return;
  }
  m_history.push(new EditCommand(*this, m_state, std::move(after), what, burst));
}

void Document::editText(const QString& text) {
  if (text == m_state.text) {
    return;
  }
  // What is typed without a longer pause is one step of the history.
  constexpr int kPauseMs = 2000;
  constexpr int kTypingBursts = 1 << 20;  // apart from the bursts of other edits
  m_typingBurst += m_lastTyped.isValid() && m_lastTyped.elapsed() < kPauseMs ? 0 : 1;
  m_lastTyped.start();
  DocumentState after = m_state;
  after.text = text;
  ParsedRecipe parsed = parseRecipe(text.toStdString());
  if (parsed.recipe) {
    after.recipe = *std::move(parsed.recipe);
    keepCurves(after.recipe, m_state.recipe, m_layers);
    for (const QString& reference : referencesOf(after.recipe)) {
      addOnce(after.models, reference);
    }
  }
  m_history.push(new EditCommand(*this, m_state, std::move(after), tr("Edit text"), kTypingBursts + m_typingBurst));
}

void Document::restore(const DocumentState& state) {
  m_state = state;
  arrive(m_state.models);
  // Results of other documents have no card, but curves of their own.
  arrive(stageNames(m_state.recipe));
  ParsedRecipe parsed = parseRecipe(m_state.text.toStdString());
  m_textProblems = parsed.recipe ? std::vector<Problem>() : std::move(parsed.problems);
  emit changed();
}

QString Document::folder() const {
  return m_filePath.isEmpty() ? QDir::homePath() : QFileInfo(m_filePath).absolutePath();
}

QString Document::name() const {
  if (m_filePath.isEmpty()) {
    return tr("untitled");
  }
  return QFileInfo(m_filePath).fileName().section(QLatin1Char('.'), 0, 0);
}

void Document::open(const QString& filePath, const QString& text, const QStringList& moreModels) {
  m_history.clear();
  m_arrived.clear();
  m_filePath = filePath;
  m_isSample = false;
  m_layers = -1;
  DocumentState state;
  state.text = text;
  ParsedRecipe parsed = parseRecipe(text.toStdString());
  if (parsed.recipe) {
    state.recipe = *std::move(parsed.recipe);
    // The control points are the window's own; the text shown is what mergekit reads.
    state.text = QString::fromStdString(withoutCurveNotes(text.toStdString()));
  } else {
    // What could be read of a text with mistakes: its models are shown, and a new recipe has no models yet.
    state.recipe = std::move(parsed.draft);
  }
  state.models = referencesOf(state.recipe);
  for (const QString& model : moreModels) {
    addOnce(state.models, model);
  }
  restore(state);
}

Status Document::save(const QString& filePath) {
  // The text stays as it was typed, comments and all; the control points go behind it.
  const std::string text = m_textProblems.empty() ? projectText(m_state) : m_state.text.toStdString();
  LAYERLOOM_CHECK(replaceTextFile(filePath.toStdString(), text));
  m_filePath = filePath;
  m_isSample = false;
  m_history.setClean();
  emit changed();
  return {};
}

}  // namespace layerloom
