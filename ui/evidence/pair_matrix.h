// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/evidence/colour_scale.h"
#include "ui/evidence/figures.h"

namespace layerloom {

/// One figure of all pairs of models as a square: models by marker at the sides, the figure in every cell. Arrows move the cell cursor.
class PairMatrix : public QWidget {
  Q_OBJECT

 public:
  explicit PairMatrix(Figure figure, QWidget* parent = nullptr);

  void setContent(const EvidenceData& evidence, const GroupStatistics& figures);
  Figure figure() const { return m_figure; }
  /// The figure of two models; nothing on the diagonal.
  std::optional<double> valueAt(int row, int column) const;
  QRectF cellRect(int row, int column) const;
  /// "prose · code  0.34"
  QString words(int row, int column) const;

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  int count() const { return static_cast<int>(m_data.models.size()); }
  double cellWidth() const;
  double cellHeight() const;
  void setCursorCell(int row, int column);
  void describe();
  void paintCell(QPainter& painter, int row, int column) const;

  Figure m_figure;
  EvidenceData m_data;
  GroupStatistics m_figures;
  ColourScale m_scale;
  int m_row = 0;
  int m_column = 1;
};

}  // namespace layerloom
