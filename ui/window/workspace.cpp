// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/workspace.h"

#include <QFileInfo>
#include <algorithm>

#include "core/recipe/gradient.h"
#include "core/support/file.h"
#include "core/support/folder.h"
#include "core/support/machine.h"
#include "ui/document/recipe_edits.h"
#include "ui/document/recipe_structure.h"
#include "ui/window/samples.h"

namespace layerloom {
namespace {

constexpr int kBurstMs = 500;
constexpr int kPreviewTextMs = 60;
constexpr std::uint64_t kMaxRecipeBytes = 1 << 20;

/// Spaces before the text of a line.
int indentation(const QString& line) {
  const auto text = std::find_if(line.begin(), line.end(), [](QChar c) { return c != QLatin1Char(' '); });
  return text == line.end() ? 0 : static_cast<int>(text - line.begin());
}

}  // namespace

Workspace::Workspace(const QString& mergeProgram, QObject* parent) : QObject(parent), m_jobs(mergeProgram) {
  m_previewDelay.setSingleShot(true);
  m_previewDelay.setInterval(kPreviewTextMs);
  connect(&m_previewDelay, &QTimer::timeout, this, &Workspace::textChanged);
  connect(&m_document, &Document::changed, this, &Workspace::onDocumentChanged);
  connect(&m_models, &ModelStore::modelChanged, this, &Workspace::onModelChanged);
  connectStatistics();
  connectPreview();
  connect(&m_checker, &PlanChecker::checked, this, [this](const CheckedPlan& result) {
    m_checked = result;
    emit checkedChanged();
    emit cardsChanged();
  });
  connect(&m_jobs, &MergeQueue::jobFinished, this, [this](const JobData& job) {
    if (job.state == JobState::Done && job.secondsTaken > 0.2 && !(job.audit && job.audit->tensorsKept > 0)) {
      m_bytesPerSecond = static_cast<double>(job.bytesTotal) / job.secondsTaken;
    }
    emit checkedChanged();
  });
}

bool Workspace::open(const QString& filePath, QString& reason) {
  const auto text = readTextFile(filePath.toStdString(), kMaxRecipeBytes);
  if (!text) {
    reason = QString::fromStdString(text.error().message);
    return false;
  }
  const bool sample = isSampleFile(filePath);
  m_active.clear();
  m_hidden.clear();
  m_parameter.clear();
  m_groupFilter.clear();
  m_document.open(QFileInfo(filePath).absoluteFilePath(), QString::fromStdString(*text), sample ? sampleModels() : QStringList());
  m_document.setSample(sample);
  emit documentReplaced();
  return true;
}

void Workspace::openNew() {
  Recipe recipe;
  recipe.mergeMethod = "linear";
  recipe.dtype = "float32";
  m_active.clear();
  m_hidden.clear();
  m_document.open({}, QString::fromStdString(writeRecipe(recipe)));
  emit documentReplaced();
}

void Workspace::onDocumentChanged() {
  m_previewText.clear();
  if (m_document.recipe().baseModel) {
    m_lastBase = QString::fromStdString(m_document.recipe().baseModel->text);
  }
  requestModels();
  requestStatistics();
  requestPreview(m_document.recipe(), false);
  rebuildChart();
  m_checker.request(m_document.text(), m_models.places());
  emit cardsChanged();
  emit formChanged();
  emit textChanged();
}

void Workspace::requestModels() {
  LocatorOptions places;
  places.recipeDir = m_document.folder().toStdString();
  m_models.setPlaces(places);
  for (const QString& reference : m_document.models()) {
    if (const auto named = findReference(m_document.recipe(), reference); named && named->address) {
      m_models.setAddress(reference, *named->address);
    }
    m_models.request(reference);
  }
}

void Workspace::onModelChanged() {
  requestStatistics();
  rebuildChart();
  emit cardsChanged();
  emit formChanged();
}

bool Workspace::modelsPending() const {
  const QStringList& references = m_document.models();
  return std::any_of(references.begin(), references.end(), [&](const QString& reference) {
    const LoadedModel* loaded = m_models.find(reference);
    return loaded == nullptr || (loaded->model == nullptr && !loaded->error);
  });
}

const LoadedModel* Workspace::donor() const {
  const QStringList references = referencesOf(m_document.recipe());
  const LoadedModel* loaded = references.isEmpty() ? nullptr : m_models.find(references.first());
  return loaded != nullptr && loaded->layout != nullptr ? loaded : nullptr;
}

const MethodSpec* Workspace::method() const {
  return findMethod(m_document.recipe().mergeMethod);
}

std::vector<const ParameterSpec*> Workspace::drawnParameters() const {
  std::vector<const ParameterSpec*> drawn;
  if (const MethodSpec* spec = method()) {
    for (const ParameterSpec& parameter : spec->parameters) {
      if (parameter.drawn && parameter.hasEffect) {
        drawn.push_back(&parameter);
      }
    }
  }
  return drawn;
}

const ParameterSpec* Workspace::parameter() const {
  const auto drawn = drawnParameters();
  const auto chosen = std::find_if(drawn.begin(), drawn.end(), [&](const ParameterSpec* spec) { return spec->name == m_parameter; });
  if (chosen != drawn.end()) {
    return *chosen;
  }
  return drawn.empty() ? nullptr : drawn.front();
}

QStringList Workspace::parameterLabels() const {
  QStringList labels;
  for (const ParameterSpec* spec : drawnParameters()) {
    labels << QString::fromStdString(spec->name);
  }
  return labels;
}

int Workspace::parameterIndex() const {
  const auto drawn = drawnParameters();
  return static_cast<int>(std::find(drawn.begin(), drawn.end(), parameter()) - drawn.begin());
}

QStringList Workspace::groupLabels() const {
  QStringList labels;
  if (const LoadedModel* loaded = donor()) {
    for (const TensorGroup& group : tensorGroups(*loaded->layout, m_document.recipe())) {
      labels << group.label;
    }
  }
  return labels;
}

int Workspace::groupIndex() const {
  if (const LoadedModel* loaded = donor()) {
    const auto groups = tensorGroups(*loaded->layout, m_document.recipe());
    const auto found = std::find_if(groups.begin(), groups.end(), [&](const TensorGroup& group) { return group.filter == m_groupFilter; });
    return found == groups.end() ? 0 : static_cast<int>(found - groups.begin());
  }
  return 0;
}

ChartContext Workspace::chartContext() const {
  ChartContext context;
  context.parameter = parameter();
  context.nameOf = [this](const std::string& reference) { return nameOf(QString::fromStdString(reference)); };
  context.colourOf = [this](const std::string& reference) { return m_document.colourIndex(QString::fromStdString(reference)); };
  context.isVisible = [this](const std::string& reference) { return !m_hidden.contains(QString::fromStdString(reference)); };
  context.statistics = m_statistics.statistics();
  context.measuredIndexOf = [this](const std::string& reference) { return measuredIndexOf(QString::fromStdString(reference)); };
  if (const LoadedModel* loaded = donor()) {
    context.layout = loaded->layout.get();
    context.tiedHead = loaded->model->config().tiedEmbeddings.value_or(false);
    const auto groups = tensorGroups(*loaded->layout, m_document.recipe());
    context.group = groups[static_cast<std::size_t>(groupIndex())];
  }
  return context;
}

void Workspace::rebuildChart() {
  rebuildChart(m_document.recipe());
}

void Workspace::rebuildChart(const Recipe& recipe) {
  m_chart = buildChart(recipe, chartContext());
  m_document.setLayers(m_chart.data.layers > 0 ? m_chart.data.layers : -1);
  for (std::size_t track = 0; track < m_chart.keys.size(); ++track) {
    const auto& source = m_chart.keys[track].source;
    if (source && QString::fromStdString(sourcesOf(recipe)[*source].model.text) == m_active) {
      m_chart.data.activeTrack = static_cast<int>(track);
    }
  }
  addPreview(m_chart.data);
  emit chartChanged();
}

std::vector<Problem> Workspace::problems() const {
  // The check finds all that the text alone shows and more, but a moment later.
  return m_checker.isBusy() && !m_document.textProblems().empty() ? m_document.textProblems() : m_checked.problems;
}

BudgetData Workspace::budget(const QString& outputFolder) const {
  BudgetData budget;
  budget.memory = physicalMemory();
  if (const auto free = freeBytes(outputFolder.toStdString())) {
    budget.freeDisk = *free;
  }
  const auto all = problems();
  const int errors = static_cast<int>(std::count_if(all.begin(), all.end(), [](const Problem& p) { return p.severity == Severity::Error; }));
  if (placedSources(m_document.recipe()).empty()) {
    budget.blocked = tr("Add models to merge");
  } else if (errors > 0) {
    budget.blocked = tr("%n problem(s) in the recipe", nullptr, errors);
  }
  if (m_checked.size && errors == 0) {
    const CheckedPlan::Size& size = *m_checked.size;
    budget.outputBytes = size.outputBytes;
    budget.peakMemory = size.peakMemory;
    if (m_bytesPerSecond > 0) {
      budget.seconds = static_cast<double>(size.bytesToRead + size.bytesToWrite + size.stageBytes) / m_bytesPerSecond;
    }
    budget.summary = tr("%1 · %n model(s) · %2", nullptr, static_cast<int>(size.models))
                         .arg(QString::fromStdString(m_checked.method), tr("%n tensor(s)", nullptr, static_cast<int>(size.tensors)));
  }
  return budget;
}

std::vector<std::pair<int, int>> Workspace::lineColours() const {
  const ParsedRecipe parsed = parseRecipe(recipeText().toStdString());
  std::vector<std::pair<int, int>> lines;
  if (!parsed.recipe) {
    return lines;
  }
  const QStringList text = recipeText().split(QLatin1Char('\n'));
  const auto addLines = [&](const Recipe& document) {
    for (const PlacedSource& placed : placedSources(document)) {
      const RecipeSource& source = *placed.source;
      const int colour = m_document.colourIndex(QString::fromStdString(source.model.text));
      int line = source.where.line;
      do {
        lines.emplace_back(line, colour);
        ++line;
      } while (line <= text.size() && indentation(text[line - 1]) >= source.where.column - 1);
    }
  };
  addLines(*parsed.recipe);
  std::for_each(parsed.recipe->stages.begin(), parsed.recipe->stages.end(), addLines);
  return lines;
}

QString Workspace::exportText() const {
  const Recipe recipe = withFullPaths(m_document.recipe(), m_document.folder());
  const bool unchanged = sameRecipe(recipe, m_document.recipe()) || !m_document.textProblems().empty();
  return unchanged ? m_document.text() : QString::fromStdString(writeRecipe(recipe));
}

MergeRequest Workspace::mergeRequest(const QString& output, bool overwrite) const {
  MergeRequest request;
  request.name = QFileInfo(output).fileName();
  request.method = QString::fromStdString(m_document.recipe().mergeMethod);
  request.recipe = m_document.text();
  request.workingFolder = m_document.folder();
  request.output = output;
  request.overwrite = overwrite;
  return request;
}

void Workspace::setMethod(const QString& name) {
  Recipe recipe = m_document.recipe();
  const MethodSpec* wanted = findMethod(name.toStdString());
  const bool lacksBase = wanted != nullptr && wanted->baseModel == BaseModelUse::Required && !recipe.baseModel;
  if (lacksBase && m_document.models().contains(m_lastBase)) {
    recipe.baseModel = m_models.referenceTo(m_lastBase);
  }
  m_document.edit(tr("Change method"), withMethod(std::move(recipe), name, m_document.layers()));
}

void Workspace::setBaseModel(const QString& reference) {
  const auto base = reference.isEmpty() ? std::nullopt : std::optional(referenceTo(reference));
  m_document.edit(tr("Change base model"), withBaseModel(m_document.recipe(), base, m_document.layers()));
}

void Workspace::setParameterValue(const QString& name, const QVariant& value) {
  const ParameterSpec* spec = method() == nullptr ? nullptr : method()->parameter(name.toStdString());
  if (spec != nullptr) {
    m_document.edit(tr("Change %1").arg(name), withParameter(m_document.recipe(), *spec, value), burstFor(name));
  }
}

void Workspace::setDtype(const QString& dtype) {
  Recipe recipe = m_document.recipe();
  recipe.dtype = dtype.toStdString();
  m_document.edit(tr("Change compute precision"), std::move(recipe));
}

void Workspace::setOutDtype(const QString& dtype) {
  Recipe recipe = m_document.recipe();
  recipe.outDtype = dtype.toStdString();
  m_document.edit(tr("Change output precision"), std::move(recipe));
}

void Workspace::setTokenizer(const std::optional<FormTokenizer>& tokenizer) {
  m_document.edit(tr("Change tokenizer"), withTokenizer(m_document.recipe(), tokenizer), burstFor(QStringLiteral("tokenizer")));
}

void Workspace::setChatTemplate(const QString& chatTemplate) {
  Recipe recipe = m_document.recipe();
  recipe.chatTemplate = chatTemplate.toStdString();
  m_document.edit(tr("Change chat template"), std::move(recipe));
}

int Workspace::lineOf(FormPlace place) const {
  const Recipe draft = parseRecipe(recipeText().toStdString()).draft;
  if (place == FormPlace::ChatTemplate) {
    return draft.chatTemplateWhere.line;
  }
  const bool hasTokens = draft.tokenizer && !draft.tokenizer->tokens.empty();
  return hasTokens ? draft.tokenizer->tokens.front().where.line : 0;
}

void Workspace::showParameter(const QString& name) {
  m_parameter = name.toStdString();
  rebuildChart();
}

void Workspace::chooseParameter(int index) {
  const auto drawn = drawnParameters();
  if (index >= 0 && index < static_cast<int>(drawn.size())) {
    m_parameter = drawn[static_cast<std::size_t>(index)]->name;
    rebuildChart();
  }
}

void Workspace::chooseGroup(int index) {
  const LoadedModel* loaded = donor();
  if (loaded == nullptr) {
    return;
  }
  const auto groups = tensorGroups(*loaded->layout, m_document.recipe());
  if (index >= 0 && index < static_cast<int>(groups.size())) {
    m_groupFilter = groups[static_cast<std::size_t>(index)].filter;
    rebuildChart();
  }
}

Recipe Workspace::withCurve(const CurveKey& key, const LayerCurve& curve) const {
  Recipe recipe = m_document.recipe();
  setCurve(recipe, key, curve, m_chart.data.layers);
  return recipe;
}

/// Steps of the keyboard and the wheel that follow each other closely are one step of the history; gestures stand alone.
int Workspace::burstFor(const QString& what) {
  const bool follows = m_burstWhat == what && m_burstTime.isValid() && m_burstTime.elapsed() < kBurstMs;
  m_burstWhat = what;
  m_burstTime.start();
  return follows ? m_burst : ++m_burst;
}

void Workspace::showPreview(Recipe recipe) {
  m_gestureSeen = true;
  m_previewText = QString::fromStdString(writeRecipe(recipe));
  rebuildChart(recipe);
  requestPreview(recipe, true);
  if (!m_previewDelay.isActive()) {
    m_previewDelay.start();
  }
}

void Workspace::previewCurve(int track, const LayerCurve& curve) {
  if (track >= 0 && track < static_cast<int>(m_chart.keys.size())) {
    showPreview(withCurve(m_chart.keys[static_cast<std::size_t>(track)], curve));
  }
}

void Workspace::applyCurve(int track, const LayerCurve& curve, const QString& what) {
  if (track < 0 || track >= static_cast<int>(m_chart.keys.size())) {
    return;
  }
  const int burst = m_gestureSeen ? 0 : burstFor(what);
  const CurveKey key = m_chart.keys[static_cast<std::size_t>(track)];
  Recipe recipe = withCurve(key, curve);
  endPreview();
  m_document.edit(what, std::move(recipe), burst);
}

void Workspace::previewCell(int track, int cell, std::optional<double> value) {
  const auto index = static_cast<std::size_t>(track);
  if (index < m_chart.keys.size() && static_cast<std::size_t>(cell) < m_chart.cellTensors.size() && value) {
    CurveKey key = m_chart.keys[index];
    key.filter = m_chart.cellTensors[static_cast<std::size_t>(cell)];
    showPreview(withCurve(key, constantCurve(*value)));
  }
}

void Workspace::applyCell(int track, int cell, std::optional<double> value, const QString& what) {
  const auto index = static_cast<std::size_t>(track);
  if (index >= m_chart.keys.size() || static_cast<std::size_t>(cell) >= m_chart.cellTensors.size()) {
    return;
  }
  const int burst = m_gestureSeen ? 0 : burstFor(what);
  CurveKey key = m_chart.keys[index];
  key.filter = m_chart.cellTensors[static_cast<std::size_t>(cell)];
  Recipe recipe = m_document.recipe();
  if (value) {
    recipe = withCurve(key, constantCurve(*value));
  } else {
    removeCurve(recipe, key);
  }
  endPreview();
  m_document.edit(what, std::move(recipe), burst);
}

void Workspace::endPreview() {
  m_gestureSeen = false;
  m_previewDelay.stop();
  if (!m_previewText.isEmpty()) {
    m_previewText.clear();
    requestPreview(m_document.recipe(), false);
    rebuildChart();
    emit textChanged();
  }
}

}  // namespace layerloom
