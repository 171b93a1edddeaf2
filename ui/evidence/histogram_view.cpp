// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evidence/histogram_view.h"

#include <QCoreApplication>
#include <QGraphicsLayout>
#include <QHelpEvent>
#include <QLocale>
#include <QToolTip>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QCategoryAxis>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
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
constexpr double kLeastShown = 0.02;    ///< per cent of a bin that is worth a place on the linear scale
constexpr double kLineWidth = 2;
constexpr double kFill = 0.14;

const DeltaStatistics* deltaOf(const GroupStatistics& figures, int model) {
  const auto index = static_cast<std::size_t>(model);
  return index < figures.models.size() && figures.models[index] ? &*figures.models[index] : nullptr;
}

/// The size at which a bin begins, on an axis of bins.
double sizeAt(double bin) {
  return std::exp2(bin + kHistogramLeast);
}

double binAt(double size) {
  return std::log2(size) - kHistogramLeast;
}

/// "0.01", "1e-6"
QString sizeText(double size) {
  return QLocale().toString(size, 'g', 2).toLower().replace(QLatin1String("e-0"), QLatin1String("e-"));
}

QString percentText(double percent) {
  return QCoreApplication::translate("Figures", "%1 %", "per cent").arg(QLocale().toString(percent, 'g', 2));
}

void clearLabels(QCategoryAxis& axis) {
  const QStringList labels = axis.categoriesLabels();
  for (const QString& label : labels) {
    axis.remove(label);
  }
}

}  // namespace

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
  makeAxes();
  colour();
}

void HistogramView::makeAxes() {
  m_sizes = new QCategoryAxis;
  m_sizes->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  m_sizes->setGridLineVisible(false);
  m_shares = new QCategoryAxis;
  m_shares->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
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

void HistogramView::findBins() {
  m_bins.reset();
  const double least = m_logarithmic ? kLeastPercent : kLeastShown;
  for (const int model : shownModels()) {
    for (int bin = 0; bin < kHistogramBins; ++bin) {
      if (100 * share(model, bin) >= least) {
        m_bins = m_bins ? std::pair(std::min(m_bins->first, bin), std::max(m_bins->second, bin)) : std::pair(bin, bin);
      }
    }
  }
}

void HistogramView::rebuild() {
  chart()->removeAllSeries();
  findBins();
  if (m_bins) {
    double most = 0;
    for (const int model : shownModels()) {
      addOutline(model);
      for (int bin = m_bins->first; bin <= m_bins->second; ++bin) {
        most = std::max(most, 100 * share(model, bin));
      }
    }
    rangeSizes();
    rangeShares(most);
  }
  setAccessibleDescription(m_bins ? tr("From %1 to %2").arg(sizeText(sizeAt(m_bins->first)), sizeText(sizeAt(m_bins->second + 1)))
                                  : tr("No entry changed"));
  colour();
}

double HistogramView::heightOf(double percent) const {
  return m_logarithmic ? std::log10(std::max(percent, kLeastPercent)) : percent;
}

void HistogramView::addOutline(int model) {
  auto* top = new QLineSeries;
  auto* bottom = new QLineSeries;
  const double floor = heightOf(0);
  QList<QPointF> points = {{static_cast<double>(m_bins->first), floor}};
  for (int bin = m_bins->first; bin <= m_bins->second; ++bin) {
    const double height = heightOf(100 * share(model, bin));
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
  // Many grounds over each other would tell nothing: the outlines do.
  area->setVisible(model == m_data.activeModel || shownModels().size() <= 2);
  for (QAbstractSeries* series : {static_cast<QAbstractSeries*>(area), static_cast<QAbstractSeries*>(line)}) {
    series->setName(QString::number(model));
    chart()->addSeries(series);
    series->attachAxis(m_sizes);
    series->attachAxis(m_shares);
  }
}

/// Powers of ten, of which not more than some eight fit.
void HistogramView::rangeSizes() {
  clearLabels(*m_sizes);
  m_sizes->setRange(m_bins->first, m_bins->second + 1);
  const int first = static_cast<int>(std::ceil(std::log10(sizeAt(m_bins->first))));
  const int last = static_cast<int>(std::floor(std::log10(sizeAt(m_bins->second + 1))));
  const int step = last - first > 8 ? 2 : 1;
  for (int power = first; power <= last; power += step) {
    m_sizes->append(sizeText(std::pow(10.0, power)), binAt(std::pow(10.0, power)));
  }
}

void HistogramView::rangeShares(double most) {
  clearLabels(*m_shares);
  m_shares->setRange(heightOf(0), m_logarithmic ? 2 : most * 1.05);
  if (m_logarithmic) {
    for (const double percent : {kLeastPercent, 0.01, 1.0, 100.0}) {
      m_shares->append(percentText(percent), heightOf(percent));
    }
    return;
  }
  double step = std::pow(10.0, std::floor(std::log10(most)));
  while (most / step > 4) {
    step *= 2;
  }
  for (double percent = 0; percent <= most; percent += step) {
    m_shares->append(percentText(percent), percent);
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
  QString text = tr("|Δ| from %1 to %2").arg(sizeText(sizeAt(bin)), sizeText(sizeAt(bin + 1)));
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
