// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/curves/curve_tool_bar.h"
#include "ui/curves/curve_view.h"

class QLabel;

namespace layerloom {

class Workspace;

/// The heart of the window: tool strip, chart and a line that says what the gesture at hand does.
class CurvesPanel : public QWidget {
  Q_OBJECT

 public:
  explicit CurvesPanel(Workspace& workspace, QWidget* parent = nullptr);

  CurveView& view() { return *m_view; }
  CurveToolBar& toolBar() { return *m_toolBar; }

 protected:
  void changeEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void connectView();
  void connectToolBar();
  void showChart();
  void showHint(const QString& hint);
  void colourHint();

  Workspace& m_workspace;
  CurveToolBar* m_toolBar = nullptr;
  CurveView* m_view = nullptr;
  QLabel* m_hint = nullptr;
  bool m_hintIsCurrent = false;  ///< the view gave the hint that is shown
};

}  // namespace layerloom
