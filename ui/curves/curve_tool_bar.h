// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/curves/curve_view.h"

class QAction;
class QButtonGroup;
class QComboBox;
class QHBoxLayout;
class QToolButton;

namespace layerloom {

/// The strip over the curves: parameter, tensor group, tools, shapes, snap, evidence bars, undo and redo. It holds no
/// state of the recipe; the owner hears its signals and sets what is shown. In a narrow strip the group's segments
/// become a combo box.
class CurveToolBar : public QWidget {
  Q_OBJECT
 public:
  explicit CurveToolBar(QWidget* parent = nullptr);

  /// Labels and the index chosen. Setting does not signal.
  void setParameters(const QStringList& labels, int current);
  void setGroups(const QStringList& labels, int current);
  void setTool(CurveView::Tool tool);
  /// Nothing: no curve is active, the shape buttons are disabled.
  void setShape(std::optional<CurveShape> shape);
  void setSnapping(bool on);
  void setBarsShown(bool shown);
  /// Buttons for the owner's actions at the end of the strip; call once.
  void setHistoryActions(QAction* undo, QAction* redo);
  /// Joins tool, snap and bars with a view, both ways.
  void connectTo(CurveView& view);

  QSize minimumSizeHint() const override;

 signals:
  void parameterChosen(int index);
  void groupChosen(int index);
  void toolChosen(layerloom::CurveView::Tool tool);
  void shapeChosen(layerloom::CurveShape shape);
  void snappingChosen(bool on);
  void barsChosen(bool shown);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void buildLeft();
  void buildTools();
  void buildShapes();
  void buildToggles();
  void addSeparator();
  QToolButton* addButton(const QString& icon, const QString& toolTip);
  void clearSegments();
  void chooseGroup(int index);
  void fitGroups();

  QHBoxLayout* m_layout = nullptr;
  QComboBox* m_parameter = nullptr;
  QWidget* m_segments = nullptr;
  QButtonGroup* m_groupButtons = nullptr;
  QComboBox* m_groupCombo = nullptr;
  QButtonGroup* m_tools = nullptr;
  QButtonGroup* m_shapes = nullptr;
  QToolButton* m_snap = nullptr;
  QToolButton* m_bars = nullptr;
};

}  // namespace layerloom
