// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/curves/curve_tool_bar.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr int kSegmentHeight = 28;

/// One of several joined buttons; QToolButton's own ground would leave gaps between them.
class SegmentButton : public QAbstractButton {
 public:
  SegmentButton(const QString& label, bool first, bool last, QWidget* parent)
      : QAbstractButton(parent), m_first(first), m_last(last) {
    setText(label);
    setCheckable(true);
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::TabFocus);
    setFixedHeight(kSegmentHeight);
  }

  QSize sizeHint() const override {
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);  // the chosen one is wider: none may move when the choice does
    return {QFontMetrics(strong).horizontalAdvance(text()) + 20, kSegmentHeight};
  }
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent*) override {
    const Theme& t = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isChecked() || isDown() || underMouse()) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(isChecked() ? t.accentSoft : isDown() ? t.pressed : t.hover);
      painter.drawRect(QRectF(rect()).adjusted(m_first ? 1 : 0, 1, m_last ? -1 : 0, -1));
    }
    if (!m_first) painter.fillRect(QRectF(0, 1, 1, height() - 2), t.border);
    QFont labelFont = font();
    if (isChecked()) labelFont.setWeight(QFont::DemiBold);
    painter.setFont(labelFont);
    painter.setPen(!isEnabled() ? t.disabled : isChecked() ? t.onAccentSoft : t.text);
    painter.drawText(rect(), Qt::AlignCenter, text());
    if (!hasFocus()) return;
    painter.setPen(QPen(t.focus, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(3, 3, -3, -3), 3, 3);
  }

 private:
  bool m_first;
  bool m_last;
};

/// Ground and outline round the segments.
class SegmentFrame : public QWidget {
 public:
  using QWidget::QWidget;

 protected:
  void paintEvent(QPaintEvent*) override {
    const Theme& t = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(t.control, 1));
    painter.setBrush(t.base);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
  }
};

class StripSeparator : public QWidget {
 public:
  explicit StripSeparator(QWidget* parent) : QWidget(parent) { setFixedSize(9, 28); }

 protected:
  void paintEvent(QPaintEvent*) override { QPainter(this).fillRect(QRect(4, 5, 1, 18), currentTheme().border); }
};

}  // namespace

CurveToolBar::CurveToolBar(QWidget* parent) : QWidget(parent) {
  m_layout = new QHBoxLayout(this);
  m_layout->setContentsMargins(0, 2, 0, 2);
  m_layout->setSpacing(2);
  buildLeft();
  m_layout->addStretch(1);
  buildTools();
  addSeparator();
  buildShapes();
  addSeparator();
  buildToggles();
}

void CurveToolBar::buildLeft() {
  m_parameter = new QComboBox(this);
  m_parameter->setAccessibleName(tr("Parameter"));
  m_parameter->setToolTip(tr("Parameter that the curves show"));
  connect(m_parameter, &QComboBox::activated, this, &CurveToolBar::parameterChosen);
  m_segments = new SegmentFrame(this);
  auto* segments = new QHBoxLayout(m_segments);
  segments->setContentsMargins(0, 0, 0, 0);
  segments->setSpacing(0);
  m_groupButtons = new QButtonGroup(this);
  connect(m_groupButtons, &QButtonGroup::idClicked, this, &CurveToolBar::chooseGroup);
  m_groupCombo = new QComboBox(this);
  m_groupCombo->setAccessibleName(tr("Tensor group"));
  m_groupCombo->hide();
  connect(m_groupCombo, &QComboBox::activated, this, &CurveToolBar::chooseGroup);
  m_layout->addWidget(m_parameter);
  m_layout->addSpacing(6);
  m_layout->addWidget(m_segments);
  m_layout->addWidget(m_groupCombo);
}

QToolButton* CurveToolBar::addButton(const QString& icon, const QString& toolTip) {
  auto* button = new QToolButton(this);
  button->setIcon(themedIcon(icon));
  button->setIconSize(QSize(16, 16));
  button->setToolTip(toolTip);
  button->setAccessibleName(toolTip);
  button->setCheckable(true);
  button->setAutoRaise(true);
  button->setFixedSize(28, 28);
  button->setFocusPolicy(Qt::TabFocus);  // a click must leave the focus with the chart
  m_layout->addWidget(button);
  return button;
}

void CurveToolBar::buildTools() {
  using Tool = CurveView::Tool;
  m_tools = new QButtonGroup(this);
  const auto add = [this](Tool tool, const QString& icon, const QString& toolTip) {
    m_tools->addButton(addButton(icon, toolTip), static_cast<int>(tool));
  };
  add(Tool::Select, QStringLiteral("select"), tr("Select points (V)"));
  add(Tool::Points, QStringLiteral("points"), tr("Add and move points (P)"));
  add(Tool::Pencil, QStringLiteral("pencil"), tr("Draw freehand (D)"));
  add(Tool::Line, QStringLiteral("line"), tr("Draw a line (L)"));
  add(Tool::Brush, QStringLiteral("brush"), tr("Raise or lower an area (B)"));
  add(Tool::Eraser, QStringLiteral("eraser"), tr("Erase to neutral (X)"));
  m_tools->button(static_cast<int>(Tool::Points))->setChecked(true);
  connect(m_tools, &QButtonGroup::idClicked, this, [this](int id) { emit toolChosen(static_cast<Tool>(id)); });
}

void CurveToolBar::buildShapes() {
  m_shapes = new QButtonGroup(this);
  const auto add = [this](CurveShape shape, const QString& icon, const QString& toolTip) {
    m_shapes->addButton(addButton(icon, toolTip), static_cast<int>(shape));
  };
  add(CurveShape::Step, QStringLiteral("step"), tr("Step: keep each value up to the next point"));
  add(CurveShape::Linear, QStringLiteral("linear"), tr("Linear: straight between points"));
  add(CurveShape::Smooth, QStringLiteral("smooth"), tr("Smooth: never beyond the points"));
  connect(m_shapes, &QButtonGroup::idClicked, this, [this](int id) { emit shapeChosen(static_cast<CurveShape>(id)); });
  setShape(std::nullopt);
}

void CurveToolBar::buildToggles() {
  m_snap = addButton(QStringLiteral("magnet"), tr("Snap values to 0.05 (Alt while dragging: not)"));
  m_snap->setChecked(true);
  m_bars = addButton(QStringLiteral("bars"), tr("Show how far each model is from the base (E)"));
  m_bars->setChecked(true);
  connect(m_snap, &QToolButton::clicked, this, &CurveToolBar::snappingChosen);
  connect(m_bars, &QToolButton::clicked, this, &CurveToolBar::barsChosen);
}

void CurveToolBar::addSeparator() {
  m_layout->addWidget(new StripSeparator(this));
}

void CurveToolBar::setHistoryActions(QAction* undo, QAction* redo) {
  addSeparator();
  for (QAction* action : {undo, redo}) {
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setIconSize(QSize(16, 16));
    button->setFixedSize(28, 28);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_layout->addWidget(button);
  }
  fitGroups();
}

void CurveToolBar::setParameters(const QStringList& labels, int current) {
  const QSignalBlocker blocker(m_parameter);
  m_parameter->clear();
  m_parameter->addItems(labels);
  m_parameter->setCurrentIndex(current);
  fitGroups();
}

void CurveToolBar::clearSegments() {
  for (QAbstractButton* button : m_groupButtons->buttons()) {
    m_groupButtons->removeButton(button);
    delete button;
  }
}

void CurveToolBar::setGroups(const QStringList& labels, int current) {
  clearSegments();
  for (int i = 0; i < labels.size(); ++i) {
    auto* button = new SegmentButton(labels[i], i == 0, i == labels.size() - 1, m_segments);
    button->setChecked(i == current);
    m_segments->layout()->addWidget(button);
    m_groupButtons->addButton(button, i);
  }
  const QSignalBlocker blocker(m_groupCombo);
  m_groupCombo->clear();
  m_groupCombo->addItems(labels);
  m_groupCombo->setCurrentIndex(current);
  fitGroups();
}

void CurveToolBar::chooseGroup(int index) {
  if (QAbstractButton* button = m_groupButtons->button(index)) button->setChecked(true);
  const QSignalBlocker blocker(m_groupCombo);
  m_groupCombo->setCurrentIndex(index);
  emit groupChosen(index);
}

void CurveToolBar::setTool(CurveView::Tool tool) {
  if (QAbstractButton* button = m_tools->button(static_cast<int>(tool))) button->setChecked(true);
}

void CurveToolBar::setShape(std::optional<CurveShape> shape) {
  // An exclusive group cannot have none checked, hence off and on again.
  m_shapes->setExclusive(false);
  for (QAbstractButton* button : m_shapes->buttons()) {
    button->setEnabled(shape.has_value());
    button->setChecked(shape && m_shapes->id(button) == static_cast<int>(*shape));
  }
  m_shapes->setExclusive(true);
}

void CurveToolBar::setSnapping(bool on) {
  m_snap->setChecked(on);
}

void CurveToolBar::setBarsShown(bool shown) {
  m_bars->setChecked(shown);
}

void CurveToolBar::connectTo(CurveView& view) {
  connect(this, &CurveToolBar::toolChosen, &view, &CurveView::setTool);
  connect(&view, &CurveView::toolChanged, this, &CurveToolBar::setTool);
  connect(this, &CurveToolBar::snappingChosen, &view, &CurveView::setSnapping);
  connect(&view, &CurveView::snappingChanged, this, &CurveToolBar::setSnapping);
  connect(this, &CurveToolBar::barsChosen, &view, &CurveView::setBarsShown);
  connect(&view, &CurveView::barsShownChanged, this, &CurveToolBar::setBarsShown);
  connect(this, &CurveToolBar::shapeChosen, &view, &CurveView::setShape);
  setTool(view.tool());
  setSnapping(view.snapping());
  setBarsShown(view.barsShown());
}

QSize CurveToolBar::minimumSizeHint() const {
  // With the combo box in place of the segments, which fitGroups() brings in time.
  const QSize whole = QWidget::minimumSizeHint();
  if (!m_segments->isVisibleTo(this)) return whole;
  return {whole.width() - m_segments->sizeHint().width() + m_groupCombo->minimumSizeHint().width(), whole.height()};
}

void CurveToolBar::fitGroups() {
  const int shown = (m_segments->isVisibleTo(this) ? m_segments : m_groupCombo)->sizeHint().width();
  const int others = m_layout->minimumSize().width() - shown;
  const bool wide = others + m_segments->sizeHint().width() <= width() && m_groupButtons->buttons().size() > 1;
  m_segments->setVisible(wide);
  m_groupCombo->setVisible(!wide && m_groupCombo->count() > 1);
}

void CurveToolBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitGroups();
}

void CurveToolBar::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), currentTheme().panel);
}

}  // namespace layerloom
