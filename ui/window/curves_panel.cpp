// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/curves_panel.h"

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"
#include "ui/window/workspace.h"

namespace layerloom {

CurvesPanel::CurvesPanel(Workspace& workspace, QWidget* parent) : QWidget(parent), m_workspace(workspace) {
  m_toolBar = new CurveToolBar(this);
  m_view = new CurveView(this);
  m_hint = new QLabel(this);
  m_hint->setTextFormat(Qt::PlainText);
  m_hint->setFont(smallFont());
  m_hint->setContentsMargins(4, 0, 4, 0);
  m_hint->setMinimumWidth(1);  // a long hint must not widen the window
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(12, 4, 12, 6);
  layout->setSpacing(9);
  layout->addWidget(m_toolBar);
  layout->addWidget(m_view, 1);
  layout->addWidget(m_hint);
  m_toolBar->connectTo(*m_view);
  connectView();
  connectToolBar();
  connect(&m_workspace, &Workspace::chartChanged, this, &CurvesPanel::showChart);
  connect(&m_workspace, &Workspace::layerShown, m_view, &CurveView::showLayer);
  showHint({});
}

void CurvesPanel::connectView() {
  connect(m_view, &CurveView::curveChanging, &m_workspace, &Workspace::previewCurve);
  connect(m_view, &CurveView::curveChanged, &m_workspace, &Workspace::applyCurve);
  connect(m_view, &CurveView::cellChanging, &m_workspace, &Workspace::previewCell);
  connect(m_view, &CurveView::cellChanged, &m_workspace, &Workspace::applyCell);
  connect(m_view, &CurveView::gestureCancelled, &m_workspace, &Workspace::endPreview);
  connect(m_view, &CurveView::activeTrackChanged, this, [this](int track) {
    m_workspace.setActiveTrack(track);
    showChart();
  });
  connect(m_view, &CurveView::hintChanged, this, &CurvesPanel::showHint);
}

void CurvesPanel::connectToolBar() {
  connect(m_toolBar, &CurveToolBar::parameterChosen, &m_workspace, &Workspace::chooseParameter);
  connect(m_toolBar, &CurveToolBar::groupChosen, &m_workspace, &Workspace::chooseGroup);
  connect(m_toolBar, &CurveToolBar::shapeChosen, m_view, &CurveView::setShape);
}

void CurvesPanel::showChart() {
  const ChartData& chart = m_workspace.chart().data;
  m_view->setData(chart);
  m_toolBar->setParameters(m_workspace.parameterLabels(), m_workspace.parameterIndex());
  m_toolBar->setGroups(m_workspace.groupLabels(), m_workspace.groupIndex());
  const bool hasActive = chart.activeTrack >= 0 && chart.activeTrack < static_cast<int>(chart.tracks.size());
  m_toolBar->setShape(hasActive ? std::optional(chart.tracks[static_cast<std::size_t>(chart.activeTrack)].curve.shape) : std::nullopt);
  if (!m_hintIsCurrent) showHint({});
}

void CurvesPanel::showHint(const QString& hint) {
  m_hintIsCurrent = !hint.isEmpty();
  const bool canDraw = !m_workspace.chart().data.tracks.empty();
  const QString standing = canDraw ? tr("Click to add a point, drag to move it, Delete removes it. Double click types a value.") : QString();
  m_hint->setText(m_hintIsCurrent ? hint : standing);
  colourHint();
}

void CurvesPanel::colourHint() {
  QPalette colours = m_hint->palette();
  colours.setColor(QPalette::WindowText, m_hintIsCurrent ? currentTheme().text2 : currentTheme().text3);
  m_hint->setPalette(colours);
}

void CurvesPanel::changeEvent(QEvent* event) {
  if (isThemeChange(event)) {
    colourHint();
    update();
  }
  QWidget::changeEvent(event);
}

void CurvesPanel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(currentTheme().panel);
  painter.drawRoundedRect(rect(), 6, 6);
  painter.setPen(currentTheme().border);
  painter.setBrush(currentTheme().base);
  painter.drawRoundedRect(QRectF(m_view->QWidget::geometry()).adjusted(-3.5, -3.5, 3.5, 3.5), 6, 6);
}

}  // namespace layerloom
