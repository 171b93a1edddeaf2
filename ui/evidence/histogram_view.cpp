// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/histogram_view.h"

#include <QGraphicsLayout>
#include <QHelpEvent>
#include <QToolTip>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QCategoryAxis>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>
#include <algorithm>
#include <cmath>

#include "ui/evidence/figures.h"
#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/markers.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kLeastPercent = 1e-4;  ///< foot of the logarithmic scale
constexpr double kLineWidth = 2;
constexpr double kFill = 0.14;

const DeltaStatistics* deltaOf(const GroupStatistics& figures, int model) {
  const auto index = static_cast<std::size_t>(model);
  return index < figures.models.size() && figures.models[index] ? &*figures.models[index] : nullptr;
}

}  // namespace

QString powerOfTwo(int exponent) {
  static const QString kRaised = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
  QString text = exponent < 0 ? QStringLiteral("2⁻") : QStringLiteral("2");
  for (const QChar digit : QString::number(std::abs(exponent))) {
    text += kRaised.at(digit.digitValue());
  }
  return text;
}

HistogramView::HistogramView(QWidget* parent) : QChartView(parent) {
  setObjectName(QStringLiteral("Histogram"));
  setAccessibleName(tr("Sizes of the changes"));
  setFrameShape(QFrame::NoFrame);
  setRenderHint(QPainter::Antialiasing);
  chart()->legend()->hide();
  chart()->setAnimationOptions(QChart::NoAnimation);
  chart()->setBackgroundRoundness(0);
  chart()->setMargins(QMargins(4, 6, 8, 2));
  chart()->layout()->setContentsMargins(0, 0, 0, 0);
  chart()->setLocalizeNumbers(true);
  makeAxes();
  colour();
}

void HistogramView::makeAxes() {
  m_sizes = new QCategoryAxis;
  m_sizes->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  m_sizes->setGridLineVisible(false);
  m_shares = new QValueAxis;
  m_shares->setTickCount(3);
  chart()->addAxis(m_sizes, Qt::AlignBottom);
  chart()->addAxis(m_shares, Qt::AlignLeft);
}

void HistogramView::setContent(const EvidenceData& evidence, const GroupStatistics& figures, int onlyModel) {
  m_data = evidence;
  m_figures = figures;
  m_onlyModel = onlyModel;
  rebuild();
}

void HistogramView::setLogarithmic(bool logarithmic) {
  m_logarithmic = logarithmic;
  rebuild();
}

double HistogramView::share(int model, int bin) const {
  const DeltaStatistics* delta = deltaOf(m_figures, model);
  if (delta == nullptr || delta->elements == 0 || bin < 0 || bin >= kHistogramBins) {
    return 0;
  }
  return static_cast<double>(delta->histogram[static_cast<std::size_t>(bin)]) / static_cast<double>(delta->elements);
}

std::vector<int> HistogramView::shownModels() const {
  std::vector<int> models;
  for (int model = 0; model < static_cast<int>(m_data.models.size()); ++model) {
    if ((m_onlyModel < 0 || model == m_onlyModel) && deltaOf(m_figures, model) != nullptr) {
      models.push_back(model);
    }
  }
  return models;
}

void HistogramView::rebuild() {
  chart()->removeAllSeries();
  m_bins.reset();
  double most = 0;
  for (const int model : shownModels()) {
    for (int bin = 0; bin < kHistogramBins; ++bin) {
      if (share(model, bin) > 0) {
        m_bins = m_bins ? std::pair(std::min(m_bins->first, bin), std::max(m_bins->second, bin)) : std::pair(bin, bin);
        most = std::max(most, 100 * share(model, bin));
      }
    }
  }
  const double floor = m_logarithmic ? std::log10(kLeastPercent) : 0;
  if (m_bins) {
    for (const int model : shownModels()) {
      addOutline(model, floor);
    }
    rangeAxes(floor, m_logarithmic ? std::log10(most) : most);
  }
  setAccessibleDescription(m_bins ? tr("From %1 to %2").arg(powerOfTwo(m_bins->first + kHistogramLeast), powerOfTwo(m_bins->second + 1 + kHistogramLeast))
                                  : tr("No entry changed"));
  colour();
}

void HistogramView::addOutline(int model, double floor) {
  auto* top = new QLineSeries;
  auto* bottom = new QLineSeries;
  QList<QPointF> points = {{static_cast<double>(m_bins->first), floor}};
  for (int bin = m_bins->first; bin <= m_bins->second; ++bin) {
    const double percent = 100 * share(model, bin);
    const double height = m_logarithmic ? std::max(floor, std::log10(std::max(percent, kLeastPercent))) : percent;
    points << QPointF(bin, height) << QPointF(bin + 1, height);
  }
  points << QPointF(m_bins->second + 1, floor);
  top->replace(points);
  bottom->replace({{static_cast<double>(m_bins->first), floor}, {static_cast<double>(m_bins->second + 1), floor}});
  auto* area = new QAreaSeries(top, bottom);
  top->setParent(area);  // an area series does not own its border lines
  bottom->setParent(area);
  auto* line = new QLineSeries;
  line->replace(points);
  line->setName(QString::number(model));
  area->setName(QString::number(model));
  for (QAbstractSeries* series : {static_cast<QAbstractSeries*>(area), static_cast<QAbstractSeries*>(line)}) {
    chart()->addSeries(series);
    series->attachAxis(m_sizes);
    series->attachAxis(m_shares);
  }
}

void HistogramView::rangeAxes(double floor, double most) {
  for (const QString& label : m_sizes->categoriesLabels()) {
    m_sizes->remove(label);
  }
  m_sizes->setRange(m_bins->first, m_bins->second + 1);
  const int span = m_bins->second + 1 - m_bins->first;
  const int step = span > 24 ? 8 : span > 10 ? 4 : 2;
  for (int bin = m_bins->first; bin <= m_bins->second + 1; ++bin) {
    if ((bin + kHistogramLeast) % step == 0) {
      m_sizes->append(powerOfTwo(bin + kHistogramLeast), bin);
    }
  }
  if (m_logarithmic) {
    m_shares->setRange(floor, std::ceil(most));
    m_shares->setLabelFormat(QStringLiteral("10^%.0f %%"));
  } else {
    m_shares->setRange(0, most * 1.05);
    m_shares->setLabelFormat(most < 10 ? QStringLiteral("%.1f %%") : QStringLiteral("%.0f %%"));
  }
}

void HistogramView::colour() {
  const Theme& theme = currentTheme();
  chart()->setBackgroundBrush(theme.panel);
  chart()->setBackgroundPen(Qt::NoPen);
  setBackgroundBrush(theme.panel);
  for (QAbstractAxis* axis : {static_cast<QAbstractAxis*>(m_sizes), static_cast<QAbstractAxis*>(m_shares)}) {
    axis->setLabelsFont(smallFont());
    axis->setLabelsColor(theme.text3);
    axis->setLinePen(QPen(theme.axis, 1));
    axis->setGridLinePen(QPen(theme.gridStrong, 1));
  }
  const auto all = chart()->series();
  for (QAbstractSeries* series : all) {
    const int model = series->name().toInt();
    const int colourIndex = m_data.models[static_cast<std::size_t>(model)].colourIndex;
    if (auto* area = qobject_cast<QAreaSeries*>(series)) {
      QColor fill = modelColour(colourIndex);
      fill.setAlphaF(static_cast<float>(kFill));
      area->setBrush(fill);
      area->setPen(Qt::NoPen);
    } else if (auto* line = qobject_cast<QLineSeries*>(series)) {
      line->setPen(modelPen(colourIndex, kLineWidth));
    }
  }
}

QString HistogramView::binText(int bin) const {
  QString text = tr("|Δ| from %1 to %2").arg(powerOfTwo(bin + kHistogramLeast), powerOfTwo(bin + 1 + kHistogramLeast));
  for (const int model : shownModels()) {
    text += QStringLiteral("\n%1  %2").arg(modelName(m_data, model), figureText(Figure::ZeroShare, share(model, bin)));
  }
  return text;
}

bool HistogramView::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::ToolTip && m_bins) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPointF at = chart()->mapFromScene(mapToScene(help->pos()));
    const QRectF plot = chart()->plotArea();
    if (plot.contains(at)) {
      const double share = (at.x() - plot.left()) / plot.width();
      const int bin = m_bins->first + static_cast<int>(share * (m_bins->second + 1 - m_bins->first));
      QToolTip::showText(help->globalPos(), plainToolTip(binText(std::clamp(bin, m_bins->first, m_bins->second))), this);
      return true;
    }
  }
  return QChartView::viewportEvent(event);
}

void HistogramView::changeEvent(QEvent* event) {
  QChartView::changeEvent(event);
  if (isThemeChange(event)) {
    colour();
  }
}

}  // namespace layerloom
