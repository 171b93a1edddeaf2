// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <set>

#include "ui/adapters/merge_queue.h"
#include "ui/adapters/model_store.h"
#include "core/analysis/advice.h"
#include "core/report/report.h"
#include "ui/adapters/plan_checker.h"
#include "ui/adapters/preview_store.h"
#include "ui/adapters/statistics_store.h"
#include "ui/document/chart_builder.h"
#include "ui/document/document.h"
#include "ui/evidence/evidence_data.h"
#include "ui/jobs/budget_data.h"
#include "ui/models/model_card_data.h"
#include "ui/preview/preview_panel.h"
#include "ui/recipe/recipe_form_data.h"

namespace layerloom {

/// What the docks show and what happens when something is done in them, without any widget: joins the document with the background work
/// on it. Every dock asks for its data anew when its signal comes.
class Workspace : public QObject {
  Q_OBJECT

 public:
  explicit Workspace(const QString& mergeProgram, QObject* parent = nullptr);

  Document& document() { return m_document; }
  const Document& document() const { return m_document; }
  MergeQueue& jobs() { return m_jobs; }
  const ModelStore& models() const { return m_models; }
  const PreviewStore& previews() const { return m_preview; }

  /// Opens a recipe file; the samples bring models along that stand beside the merge. False when the file cannot be read, with the reason.
  bool open(const QString& filePath, QString& reason);
  /// A recipe without models.
  void openNew();

  // What the docks show.
  std::vector<ModelCardData> cards() const;
  int activeCard() const;
  RecipeFormData form() const;
  const BuiltChart& chart() const { return m_chart; }
  QStringList parameterLabels() const;
  int parameterIndex() const;
  /// How the models differ, as far as it is measured.
  EvidenceData evidence() const;
  /// The model's layer that stands at a place of the chart; −1 stays −1.
  int modelLayer(int chartLayer) const { return chartLayer < 0 ? -1 : chartLayer + firstLayerOfChart(); }
  /// The place in the chart of a model's layer, which may be outside it.
  int chartLayer(int modelLayer) const { return modelLayer < 0 ? -1 : modelLayer - firstLayerOfChart(); }
  /// What the merge will make of the models, as far as it can be foretold.
  PreviewData preview() const;
  /// What the figures mean for the merge; empty while they are incomplete.
  std::vector<Advice> advice() const;
  /// The same, with that on models beside the merge last.
  std::vector<Advice> mergeAdvice() const;
  /// Names of the measured models that the recipe does not use.
  QStringList modelsBeside() const;
  QString adviceEmptyText() const;
  QStringList groupLabels() const;
  int groupIndex() const;
  const CheckedPlan& checked() const { return m_checked; }
  std::vector<Problem> problems() const;
  BudgetData budget(const QString& outputFolder) const;
  /// Lines of the text that belong to a model, with its colour.
  std::vector<std::pair<int, int>> lineColours() const;
  /// Where the text says what the form only counts or names; 0: it does not.
  int lineOf(FormPlace place) const;
  QString recipeText() const { return m_previewText.isEmpty() ? m_document.text() : m_previewText; }
  /// The recipe for mergekit, which looks models up from the working directory: those that are named relative to the recipe get their full
  /// path. A text that needs no such change is given as it was typed.
  QString exportText() const;
  MergeRequest mergeRequest(const QString& output, bool overwrite) const;
  /// Everything asked of the background is there.
  bool isSettled() const { return !m_checker.isBusy() && !m_statistics.isBusy() && !m_preview.isBusy() && !modelsPending(); }

  // What is done in the docks.
  void addModels(const QStringList& paths);
  void addToMerge(int card);
  void removeFromMerge(int card);
  void removeModel(int card);
  void makeBase(int card);
  void setBaseModel(const QString& reference);
  void setActiveCard(int card);
  /// The card's curve in the chart; −1: it has none.
  int trackOf(int card) const;
  void setActiveTrack(int track);
  void setCurveVisible(int card, bool visible);
  void reloadModel(int card);
  void setMethod(const QString& method);
  void setParameterValue(const QString& name, const QVariant& value);
  void showParameter(const QString& name);
  void setDtype(const QString& dtype);
  void setOutDtype(const QString& dtype);
  void setTokenizer(const std::optional<FormTokenizer>& tokenizer);
  void setChatTemplate(const QString& chatTemplate);
  void chooseParameter(int index);
  void chooseGroup(int index);
  /// Turns the chart to the narrowest tensor group that the tensor belongs to, and to the layer. −1 and "": only the other counts.
  void showPlace(int layer, const QString& tensor);
  /// Keeps figures from start to start.
  void setStatisticsCache(StatisticsCache cache) { m_statistics.setCache(std::move(cache)); }
  void measureAgain() { m_statistics.measureAgain(); }
  /// Merges a layer for real in the background, to compare with the preview; −1: the tensors outside the layers.
  void runDry(int layer) { m_preview.runDry(layer); }
  void stopDry() { m_preview.stopDry(); }
  /// Turns to the model and the layer that a piece of advice is about.
  void showAdvice(const Advice& advice);
  const AdviceThresholds& thresholds() const { return m_thresholds; }
  void setThresholds(const AdviceThresholds& thresholds);
  /// Writes a page for colleagues, .html or .pdf; returns what went wrong, empty for nothing.
  QString writeReport(const QString& file) const;
  void previewCurve(int track, const LayerCurve& curve);
  void applyCurve(int track, const LayerCurve& curve, const QString& what);
  void previewCell(int track, int cell, std::optional<double> value);
  void applyCell(int track, int cell, std::optional<double> value, const QString& what);
  void endPreview();

 signals:
  void documentReplaced();
  void cardsChanged();
  void formChanged();
  void chartChanged();
  void textChanged();
  void checkedChanged();
  void evidenceChanged();
  void previewChanged();
  void adviceChanged();
  /// The chart is to show this layer, counted from its left end.
  void layerShown(int layer);
  /// Something went wrong in the background.
  void notice(const QString& message);

 private:
  void onDocumentChanged();
  void onModelChanged();
  void requestModels();
  void requestStatistics();
  void onStatistics();
  int measuredIndexOf(const QString& reference) const;
  std::vector<bool> mergedModels() const;
  int firstLayerOfChart() const;
  EvidenceState evidenceState() const;
  void connectStatistics();
  void connectPreview();
  void requestPreview(const Recipe& recipe, bool quick);
  void addPreview(ChartData& chart) const;
  QString previewNote(const PreviewFigures* figures) const;
  void rebuildChart();
  void rebuildChart(const Recipe& recipe);
  void showPreview(Recipe recipe);
  bool modelsPending() const;
  const LoadedModel* donor() const;
  const MethodSpec* method() const;
  std::vector<const ParameterSpec*> drawnParameters() const;
  const ParameterSpec* parameter() const;
  ChartContext chartContext() const;
  QStringList cardOrder() const;
  QString referenceAt(int card) const;
  ModelCardData cardOf(const QString& reference) const;
  void describeFinding(const QString& reference, ModelCardData& card) const;
  bool isInMerge(const QString& reference) const;
  QString nameOf(const QString& reference) const;
  ModelReference referenceTo(const QString& reference) const;
  QString referenceFor(const QString& path) const;
  Recipe withCurve(const CurveKey& key, const LayerCurve& curve) const;
  int burstFor(const QString& what);

  Document m_document;
  ModelStore m_models;
  StatisticsStore m_statistics;
  std::vector<ExpectedTensor> m_expected;  ///< what the statistics are going to hold
  /// Statistics with the models named as the recipe names them.
  struct NamedStatistics {
    std::shared_ptr<const Statistics> from;
    std::shared_ptr<const Statistics> statistics;
  };
  NamedStatistics m_named;
  PreviewStore m_preview;
  AdviceThresholds m_thresholds;
  PlanChecker m_checker;
  MergeQueue m_jobs;
  CheckedPlan m_checked;
  BuiltChart m_chart;
  QString m_lastBase;            ///< the base model that the recipe had last
  QString m_active;              ///< reference of the active card
  std::set<QString> m_hidden;    ///< references whose curve is not shown
  std::string m_parameter;
  std::string m_groupFilter;
  QString m_previewText;         ///< the text while a gesture runs
  QTimer m_previewDelay;
  bool m_gestureSeen = false;
  QString m_burstWhat;
  QElapsedTimer m_burstTime;
  int m_burst = 1;
  double m_bytesPerSecond = 0;   ///< of the last merge
};

}  // namespace layerloom
