// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/evidence/colour_scale.h"
#include "ui/evidence/figures.h"

namespace layerloom {

/// The colours of a heat map or matrix with the figures at their ends; a triangle at an end that clips.
class ColourLegend : public QWidget {
  Q_OBJECT

 public:
  explicit ColourLegend(QWidget* parent = nullptr);

  void setScale(const ColourScale& scale, Figure figure);
  QString lowText() const;
  QString highText() const;

  QSize sizeHint() const override;
  /// With a shorter ramp: figures of more digits must not push the docks apart.
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  double figuresWidth() const;

  ColourScale m_scale;
  Figure m_figure = Figure::RelativeDelta;
};

}  // namespace layerloom
