// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <algorithm>

#include "core/support/text.h"
#include "ui/document/form_builder.h"
#include "ui/document/recipe_edits.h"
#include "ui/window/workspace.h"

namespace layerloom {
namespace {

/// "1.52 M", "7.24 B"
QString shortCount(std::uint64_t count) {
  const auto value = static_cast<double>(count);
  const auto scaled = [](double number, const char* unit) {
    return QStringLiteral("%1 %2").arg(QLocale().toString(number, 'g', 3), QLatin1String(unit));
  };
  if (value >= 1e9) {
    return scaled(value / 1e9, "B");
  }
  return value >= 1e6 ? scaled(value / 1e6, "M") : scaled(value / 1e3, "k");
}

QString shortDtype(DType type) {
  switch (type) {
    case DType::F32:
      return QStringLiteral("fp32");
    case DType::F16:
      return QStringLiteral("fp16");
    case DType::BF16:
      return QStringLiteral("bf16");
    default:
      return QString::fromStdString(std::string(torchName(type)));
  }
}

/// What fits on a card; beside the button of a model outside the merge there is less room.
QString describeModel(const LoadedModel& loaded, bool brief) {
  const Model& model = *loaded.model;
  QStringList parts;
  if (!model.config().modelType.empty()) {
    parts << QString::fromStdString(escaped(model.config().modelType));
  }
  parts << shortCount(model.parameters()) << QObject::tr("%n layer(s)", nullptr, loaded.layout->layers());
  if (!brief) {
    parts << shortDtype(model.mainDtype());
  }
  return parts.join(QStringLiteral(" · "));
}

/// The message without the folder that it starts with: on the card of that model it says nothing new and takes all the room. The name of
/// a file in the folder stays.
QString withoutFolder(const QString& message) {
  const QString place = message.section(QLatin1String(": "), 0, 0);
  const QString file = place.section(QLatin1Char('/'), -1);
  const bool startsWithFile = place.contains(QLatin1Char('/')) && file.contains(QLatin1Char('.'));
  const bool startsWithFolder = QFileInfo(place).isAbsolute() && !startsWithFile;
  const QString rest = message.section(QLatin1String(": "), 1);
  return startsWithFile ? file + QLatin1String(": ") + rest : startsWithFolder ? rest : message;
}

/// Of several documents the one that a problem stands in: the last that begins before its line.
const Recipe& documentOf(const Problem& problem, const Recipe& recipe) {
  const Recipe* found = &recipe;
  for (const Recipe& stage : recipe.stages) {
    const bool foundAfter = found->where.line > problem.where.line;
    const bool begins = stage.where.line <= problem.where.line;
    if (begins && (foundAfter || stage.where.line > found->where.line)) {
      found = &stage;
    }
  }
  return *found;
}

/// True for problems that speak of an entry with that model; the base model of the whole has no entry of its own.
bool speaksOf(const Problem& problem, const Recipe& recipe, const std::string& model) {
  std::string path = problem.path;
  if (path.starts_with("document[")) {
    path.erase(0, path.find('.') + 1);
  }
  bool speaks = false;
  forEachReference(documentOf(problem, recipe), [&](const ModelReference& reference, const std::string& place) {
    speaks = speaks || (reference.text == model && place != "base_model" && (path == place || path.starts_with(place + ".")));
  });
  return speaks;
}

}  // namespace

QString Workspace::nameOf(const QString& reference) const {
  return shortName(reference);
}

bool Workspace::isInMerge(const QString& reference) const {
  return referencesOf(m_document.recipe()).contains(reference);
}

/// The base first, then the others in order of arrival.
QStringList Workspace::cardOrder() const {
  QStringList order;
  const auto& base = m_document.recipe().baseModel;
  if (base && !isStageResult(m_document.recipe(), *base)) {
    order << QString::fromStdString(base->text);
  }
  for (const QString& reference : m_document.models()) {
    if (!order.contains(reference)) {
      order << reference;
    }
  }
  return order;
}

QString Workspace::referenceAt(int card) const {
  return cardOrder().value(card);
}

std::vector<ModelCardData> Workspace::cards() const {
  std::vector<ModelCardData> all;
  for (const QString& reference : cardOrder()) {
    all.push_back(cardOf(reference));
  }
  return all;
}

ModelCardData Workspace::cardOf(const QString& reference) const {
  const auto& base = m_document.recipe().baseModel;
  ModelCardData card;
  card.reference = reference;
  card.name = nameOf(reference);
  card.role = base && QString::fromStdString(base->text) == reference ? CardRole::Base : CardRole::Source;
  card.colourIndex = m_document.colourIndex(reference);
  card.inMerge = isInMerge(reference);
  card.curveVisible = !m_hidden.contains(reference);
  const LoadedModel* loaded = m_models.find(reference);
  card.busy = loaded == nullptr || (loaded->model == nullptr && !loaded->error);
  if (loaded != nullptr && loaded->model != nullptr) {
    card.path = QString::fromStdString(loaded->model->path().string());
    card.detail = describeModel(*loaded, !card.inMerge);
  } else if (loaded != nullptr && loaded->error) {
    card.detail = reference;
  }
  describeFinding(reference, card);
  return card;
}

void Workspace::describeFinding(const QString& reference, ModelCardData& card) const {
  const LoadedModel* loaded = m_models.find(reference);
  if (loaded != nullptr && loaded->error) {
    card.state = CardState::Error;
    card.finding = withoutFolder(QString::fromStdString(loaded->error->message));
    card.fixLabel = tr("Try again");
    return;
  }
  for (const Problem& problem : m_checked.problems) {
    const bool counts = problem.severity != Severity::Note && card.state != CardState::Error;
    if (counts && speaksOf(problem, m_checked.draft, reference.toStdString())) {
      card.state = problem.severity == Severity::Error ? CardState::Error : CardState::Warning;
      card.finding = QString::fromStdString(problem.message);
    }
  }
}

/// A reference as the recipe writes it, or as the model was brought in.
ModelReference Workspace::referenceTo(const QString& reference) const {
  return findReference(m_document.recipe(), reference).value_or(m_models.referenceTo(reference));
}

int Workspace::activeCard() const {
  return static_cast<int>(cardOrder().indexOf(m_active));
}

RecipeFormData Workspace::form() const {
  std::vector<FormModel> models;
  for (const QString& reference : cardOrder()) {
    models.push_back({reference, nameOf(reference)});
  }
  for (const QString& stage : stageNames(m_document.recipe())) {
    models.push_back({stage, tr("result of “%1”").arg(stage)});
  }
  return makeFormData(m_document.recipe(), std::move(models));
}

/// A model beside the recipe is named by its folder, so that both can move together; others by their full path.
QString Workspace::referenceFor(const QString& path) const {
  const QFileInfo info(path);
  const bool beside = !m_document.filePath().isEmpty() && info.absolutePath() == m_document.folder();
  return beside ? info.fileName() : info.absoluteFilePath();
}

void Workspace::addModels(const QStringList& paths) {
  Recipe recipe = m_document.recipe();
  QStringList models = m_document.models();
  for (const QString& path : paths) {
    const QString reference = referenceFor(path);
    if (models.contains(reference)) {
      continue;
    }
    models << reference;
    if (const auto address = parseModelAddress(reference.toStdString()); !address || address->path != reference.toStdString()) {
      m_models.setAddress(reference, {reference.toStdString(), {}, {}, {}});  // a folder with "+" or "@" in its name
    }
    const bool needsBase = method() != nullptr && method()->baseModel == BaseModelUse::Required && !recipe.baseModel;
    if (needsBase) {
      recipe.baseModel = m_models.referenceTo(reference);
    } else if (recipe.slices.empty() && recipe.modules.empty()) {
      recipe = withSource(std::move(recipe), m_models.referenceTo(reference), m_document.layers());
    }
    m_active = reference;
  }
  m_document.edit(tr("Add %n model(s)", nullptr, static_cast<int>(paths.size())), std::move(recipe), std::move(models));
}

void Workspace::addToMerge(int card) {
  const QString reference = referenceAt(card);
  if (reference.isEmpty()) {
    return;
  }
  if (!m_document.recipe().slices.empty() || !m_document.recipe().modules.empty()) {
    emit notice(tr("This recipe is made of slices or modules: add the model in the text, where it belongs."));
    return;
  }
  m_active = reference;
  m_document.edit(tr("Add to merge"), withSource(m_document.recipe(), referenceTo(reference), m_document.layers()));
}

void Workspace::removeFromMerge(int card) {
  m_document.edit(tr("Remove from merge"), withoutModel(m_document.recipe(), referenceAt(card)));
}

void Workspace::removeModel(int card) {
  const QString reference = referenceAt(card);
  QStringList models = m_document.models();
  models.removeAll(reference);
  m_document.edit(tr("Remove model"), withoutModel(m_document.recipe(), reference), std::move(models));
}

void Workspace::makeBase(int card) {
  setBaseModel(referenceAt(card));
}

void Workspace::setActiveCard(int card) {
  m_active = referenceAt(card);
  rebuildChart();
  emit cardsChanged();
  emit evidenceChanged();
}

int Workspace::trackOf(int card) const {
  const QString reference = referenceAt(card);
  const auto sources = sourcesOf(m_document.recipe());
  const auto found = std::find_if(m_chart.keys.begin(), m_chart.keys.end(), [&](const CurveKey& key) {
    return key.source && QString::fromStdString(sources[*key.source].model.text) == reference;
  });
  return found == m_chart.keys.end() ? -1 : static_cast<int>(found - m_chart.keys.begin());
}

void Workspace::setActiveTrack(int track) {
  const auto index = static_cast<std::size_t>(track);
  if (track >= 0 && index < m_chart.keys.size() && m_chart.keys[index].source) {
    m_active = QString::fromStdString(sourcesOf(m_document.recipe())[*m_chart.keys[index].source].model.text);
    m_chart.data.activeTrack = track;
    emit cardsChanged();
    emit evidenceChanged();
  }
}

void Workspace::setCurveVisible(int card, bool visible) {
  const QString reference = referenceAt(card);
  if (visible) {
    m_hidden.erase(reference);
  } else {
    m_hidden.insert(reference);
  }
  rebuildChart();
  emit cardsChanged();
}

void Workspace::reloadModel(int card) {
  m_models.reload(referenceAt(card));
  m_checker.request(m_document.text(), m_models.places());
  emit cardsChanged();
}

}  // namespace layerloom
