// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "app/version.h"
#include "ui/advice/report_language.h"
#include "ui/document/recipe_structure.h"
#include "ui/preview/preview_table.h"
#include "ui/window/workspace.h"

namespace layerloom {
namespace {

/// Sums of squares of figures with their intervals, which are taken as independent.
class SquareSum {
 public:
  void add(const Estimate& norm) {
    m_sum += norm.value * norm.value;
    const double half = (norm.high * norm.high - norm.low * norm.low) / 2;
    m_variance += half * half;
  }
  ChartFigure over(double norm) const {
    const double half = std::sqrt(m_variance);
    return {std::sqrt(m_sum) / norm, std::sqrt(std::max(0.0, m_sum - half)) / norm, std::sqrt(m_sum + half) / norm};
  }

 private:
  double m_sum = 0;
  double m_variance = 0;
};

/// ‖result − base‖/‖base‖ over some tensors; nothing where none has a figure.
std::optional<ChartFigure> relativeMoveOf(const std::vector<const TensorPreview*>& tensors) {
  SquareSum moved;
  double baseSquared = 0;
  for (const TensorPreview* tensor : tensors) {
    const PreviewFigures& figures = tensor->figures;
    if (tensor->basis != PreviewBasis::None && figures.relativeMove && figures.relativeMove->value > 0) {
      const double base = figures.moved.value / figures.relativeMove->value;
      baseSquared += base * base;
      moved.add(figures.moved);
    }
  }
  return baseSquared > 0 ? std::optional(moved.over(std::sqrt(baseSquared))) : std::nullopt;
}

const PreviewFigures* layerFigures(const Preview& preview, int layer) {
  const auto found = std::find_if(preview.layers.begin(), preview.layers.end(), [layer](const LayerPreview& one) { return one.layer == layer; });
  return found == preview.layers.end() ? nullptr : &found->figures;
}

}  // namespace

void Workspace::connectPreview() {
  connect(&m_preview, &PreviewStore::updated, this, [this] {
    addPreview(m_chart.data);
    emit chartChanged();
    emit previewChanged();
  });
  connect(&m_preview, &PreviewStore::dryRunChanged, this, &Workspace::previewChanged);
}

/// A preview needs all figures, and models that the recipe names.
void Workspace::requestPreview(const Recipe& recipe, bool quick) {
  const auto statistics = m_statistics.statistics();
  if (statistics == nullptr || !statistics->complete || !recipe.stages.empty() || modelsPending()) {
    m_preview.clear();
    return;
  }
  if (m_named.from != statistics) {
    auto named = std::make_shared<Statistics>(*statistics);
    const QString base = recipe.baseModel ? QString::fromStdString(recipe.baseModel->text) : QString();
    named->base = statistics->base.empty() ? std::string() : base.toStdString();
    for (const QString& reference : m_document.models()) {
      if (const int index = measuredIndexOf(reference); index >= 0) {
        named->models[static_cast<std::size_t>(index)] = reference.toStdString();
      }
    }
    m_named = {statistics, named};
  }
  PreviewRequest request;
  request.recipe = recipe;
  request.places = m_models.places();
  for (const QString& reference : referencesOf(recipe)) {
    if (const LoadedModel* loaded = m_models.find(reference); loaded != nullptr && loaded->model != nullptr) {
      request.models.emplace(reference.toStdString(), loaded->model);
    }
  }
  request.statistics = m_named.statistics;
  request.sources = m_statistics.sources();
  request.quick = quick;
  m_preview.request(std::move(request));
}

/// Puts what is predicted into a chart: the lane, and the foot of the read-out.
void Workspace::addPreview(ChartData& chart) const {
  chart.previewed = chart.layers > 0 && !m_statistics.sources().models.empty();
  chart.preview = {};
  chart.notes.clear();
  const Preview* preview = m_preview.preview().get();
  if (preview == nullptr || chart.layers == 0) {
    return;
  }
  std::vector<std::vector<const TensorPreview*>> layers(static_cast<std::size_t>(chart.layers));
  for (const TensorPreview& tensor : preview->tensors) {
    const bool inView = m_groupFilter.empty() || tensor.name.find(m_groupFilter) != std::string::npos;
    if (inView && tensor.layer >= 0 && tensor.layer < chart.layers) {
      layers[static_cast<std::size_t>(tensor.layer)].push_back(&tensor);
    }
    chart.preview.sampled = chart.preview.sampled || tensor.basis == PreviewBasis::Sampled;
  }
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    chart.preview.layers.push_back(relativeMoveOf(layers[layer]));
    chart.notes << previewNote(layerFigures(*preview, static_cast<int>(layer)));
  }
  for (const ChartCell& cell : chart.cells) {
    const std::string name = cell.tensor.toStdString();
    const auto found = std::find_if(preview->tensors.begin(), preview->tensors.end(),
                                    [&](const TensorPreview& tensor) { return tensor.name == name; });
    chart.preview.cells.push_back(found == preview->tensors.end() ? std::nullopt : relativeMoveOf({&*found}));
  }
}

/// "result 0.045 from base · cosine prose 0.71, code 0.65 · kept 50 %, 50 %"
QString Workspace::previewNote(const PreviewFigures* figures) const {
  if (figures == nullptr || !figures->relativeMove) {
    return {};
  }
  QStringList parts = {tr("result %1 from base").arg(estimateText(figures->relativeMove))};
  QStringList cosines;
  QStringList kept;
  for (std::size_t i = 0; i < figures->models.size(); ++i) {
    const auto& model = figures->models[i];
    if (model && model->cosine && cosines.size() < 3) {
      cosines << QStringLiteral("%1 %2").arg(nameOf(QString::fromStdString(m_named.statistics->models[i])), QLocale().toString(model->cosine->value, 'f', 2));
    }
    if (model && model->kept && kept.size() < 3) {
      kept << tr("%1 %").arg(QLocale().toString(100 * model->kept->value, 'f', 0));
    }
  }
  if (!cosines.isEmpty()) {
    parts << tr("cosine %1").arg(cosines.join(QStringLiteral(", ")));
  }
  if (!kept.isEmpty()) {
    parts << tr("kept %1").arg(kept.join(QStringLiteral(", ")));
  }
  return parts.join(QStringLiteral(" · "));
}

PreviewData Workspace::preview() const {
  PreviewData data;
  data.preview = m_preview.preview();
  data.dryRun = m_preview.dryRun();
  data.dryRunning = m_preview.isDryRunning();
  for (std::size_t i = 0; data.preview != nullptr && i < data.preview->models.size(); ++i) {
    data.models << nameOf(QString::fromStdString(data.preview->models[i]));
  }
  if (m_statistics.isBusy() || modelsPending()) {
    data.emptyText = tr("The models are being measured.");
  } else if (!m_statistics.failure().isEmpty()) {
    data.emptyText = tr("The models could not be measured: %1").arg(m_statistics.failure());
  } else if (m_statistics.statistics() == nullptr) {
    data.emptyText = tr("Add a base model and models to merge, to see what the merge will make of them.");
  } else if (!m_document.recipe().stages.empty()) {
    data.emptyText = tr("A recipe of several stages has no preview: its later stages merge models that do not exist yet.");
  } else {
    data.emptyText = tr("The recipe has problems; without them there is a preview.");
  }
  return data;
}

std::vector<Advice> Workspace::advice() const {
  const auto statistics = m_statistics.statistics();
  if (statistics == nullptr || !statistics->complete) {
    return {};
  }
  const MethodSpec* spec = method();
  const ParameterSpec* density = spec == nullptr ? nullptr : spec->parameter("density");
  // DARE drops entries whatever their size.
  const bool trims = density != nullptr && density->hasEffect && !spec->name.starts_with("dare");
  return adviceOn(*statistics, m_thresholds, trims);
}

QString Workspace::adviceEmptyText() const {
  if (m_statistics.isBusy() || modelsPending()) {
    return tr("The models are being measured.");
  }
  if (!m_statistics.failure().isEmpty()) {
    return tr("The models could not be measured: %1").arg(m_statistics.failure());
  }
  return tr("Add a base model and models to merge, to see what their figures mean for a merge.");
}

void Workspace::showAdvice(const Advice& advice) {
  if (!advice.models.empty()) {
    const QStringList order = cardOrder();
    for (int card = 0; card < order.size(); ++card) {
      if (measuredIndexOf(order[card]) == static_cast<int>(advice.models.front())) {
        setActiveCard(card);
      }
    }
  }
  if (!advice.layers.empty()) {
    showPlace(advice.layers.front(), {});
  }
}

void Workspace::setThresholds(const AdviceThresholds& thresholds) {
  m_thresholds = thresholds;
  emit adviceChanged();
}

QString Workspace::writeReport(const QString& file) const {
  const auto statistics = m_statistics.statistics();
  if (statistics == nullptr || !statistics->complete) {
    return tr("The models are not measured yet.");
  }
  const std::vector<Advice> all = mergeAdvice();
  report::ReportContent content{*statistics, m_statistics.sources(), all, QStringLiteral("Layerloom %1").arg(QLatin1String(kVersion)).toStdString()};
  content.recipe = m_document.text().toStdString();
  content.language = reportLanguage();
  PlanOptions options;
  options.locator = m_models.places();
  options.keepOrigins = true;
  const PlanResult planned = planMerge(m_document.recipe(), options);
  content.plan = planned.plan ? &*planned.plan : nullptr;
  const Status status = report::writeReport(content, file.toStdString());
  return status ? QString() : QString::fromStdString(status.error().message);
}

}  // namespace layerloom
