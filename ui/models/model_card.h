// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

#include "ui/models/model_card_data.h"

namespace layerloom {

class EyeButton;
class TextButton;

/// One model in the models dock. A button: a click, Enter or the space bar activates the model.
class ModelCard : public QAbstractButton {
  Q_OBJECT

 public:
  explicit ModelCard(QWidget* parent = nullptr);

  /// Emits nothing.
  void setData(const ModelCardData& data);
  const ModelCardData& data() const { return m_data; }
  void setActive(bool active);
  bool isActive() const { return m_active; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  void removeRequested();
  void visibilityToggled(bool visible);
  void fixRequested();
  void addToMergeRequested();
  /// The pointer came over the card or left it.
  void hoverChanged(bool over);
  /// Arrow keys: the neighbour before (−1) or after (+1), or the ends (−2, +2), shall get the focus.
  void stepRequested(int step);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QRectF cardRect() const;
  QRectF firstRow() const;
  QRectF secondRow() const;
  QRectF findingRow() const;
  bool hasFinding() const { return !m_data.finding.isEmpty(); }
  bool hasCurve() const { return m_data.role == CardRole::Source && m_data.inMerge; }
  void paintGround(QPainter& painter) const;
  void paintFirstRow(QPainter& painter) const;
  void paintSecondRow(QPainter& painter) const;
  void paintFinding(QPainter& painter) const;
  void placeButtons();
  void describe();
  void revealEye();

  ModelCardData m_data;
  bool m_active = false;
  EyeButton* m_eye = nullptr;
  TextButton* m_fix = nullptr;
  TextButton* m_add = nullptr;
};

}  // namespace layerloom
