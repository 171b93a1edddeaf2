// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_card.h"

#include <algorithm>

#include <QEvent>
#include <QFontMetricsF>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>

#include "ui/models/eye_button.h"
#include "ui/parts/painting.h"
#include "ui/parts/text_button.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/markers.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kMargin = 3;  // round the card, for the focus ring
constexpr double kBar = 4;
constexpr double kPadding = 12;
constexpr double kLine = 26;  // the model's own line with its marker; two dashes of the longest pattern
constexpr double kIcon = 16;
constexpr double kLeastHeight = 64;
constexpr double kFindingHeight = 30;
constexpr double kRadius = 6;

double firstRowHeight() {
  return std::max(QFontMetricsF(strongFont()).height(), kIcon);
}
double secondRowHeight() {
  return QFontMetricsF(smallFont()).height();
}

double plainHeight() {
  return std::max(kLeastHeight, firstRowHeight() + secondRowHeight() + 2 * kPadding + 8);
}

QIcon stateIcon(CardState state) {
  switch (state) {
    case CardState::Ok:
      return themedIcon(QStringLiteral("ok"), IconTone::Ok);
    case CardState::Warning:
      return themedIcon(QStringLiteral("warn"), IconTone::Warning);
    case CardState::Error:
      return themedIcon(QStringLiteral("error"), IconTone::Error);
  }
  return {};
}

QColor stateColour(CardState state) {
  const Theme& theme = currentTheme();
  if (state == CardState::Error) return theme.error;
  return state == CardState::Warning ? theme.warning : theme.text2;
}

}  // namespace

ModelCard::ModelCard(QWidget* parent)
    : QAbstractButton(parent), m_eye(new EyeButton(this)), m_fix(new TextButton(this)), m_add(new TextButton(this)) {
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_Hover);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  m_add->setText(tr("Add to merge"));
  connect(m_eye, &QAbstractButton::clicked, this, [this] { emit visibilityToggled(!m_data.curveVisible); });
  connect(m_fix, &QAbstractButton::clicked, this, &ModelCard::fixRequested);
  connect(m_add, &QAbstractButton::clicked, this, &ModelCard::addToMergeRequested);
}

void ModelCard::setData(const ModelCardData& data) {
  m_data = data;
  m_eye->setVisible(hasCurve());
  m_eye->setCurveVisible(data.curveVisible);
  m_fix->setText(data.fixLabel);
  m_fix->setVisible(hasFinding() && !data.fixLabel.isEmpty());
  m_add->setVisible(!data.inMerge && !data.busy && data.state != CardState::Error);
  describe();
  placeButtons();
  updateGeometry();
  update();
}

void ModelCard::setActive(bool active) {
  m_active = active;
  describe();
  update();
}

void ModelCard::describe() {
  QStringList facts;
  if (m_data.role == CardRole::Base) facts << tr("base model");
  if (!m_data.inMerge) facts << tr("not part of the merge");
  if (m_active) facts << tr("selected");
  if (m_data.busy) facts << tr("being read");
  if (m_data.state == CardState::Warning) facts << tr("warning");
  if (m_data.state == CardState::Error) facts << tr("error");
  if (hasFinding()) facts << m_data.finding;
  if (!m_data.curveVisible) facts << tr("curve hidden");
  setAccessibleName(m_data.name);
  setAccessibleDescription((facts << m_data.detail).join(QStringLiteral(", ")));
  QStringList lines{m_data.path.isEmpty() ? m_data.reference : m_data.path, m_data.detail};
  if (hasFinding()) lines << m_data.finding;
  lines.removeAll(QString());
  setToolTip(plainToolTip(lines.join(u'\n')));
}

QSize ModelCard::sizeHint() const {
  const double height = plainHeight() + (hasFinding() ? kFindingHeight : 0) + 2 * kMargin;
  return {240, qCeil(height)};
}

QSize ModelCard::minimumSizeHint() const {
  return {140, sizeHint().height()};
}

QRectF ModelCard::cardRect() const {
  return QRectF(rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin);
}

QRectF ModelCard::firstRow() const {
  const QRectF card = cardRect();
  const double slack = (plainHeight() - firstRowHeight() - secondRowHeight()) / 2;
  return {card.left() + kBar + kPadding, card.top() + slack - 3, card.width() - kBar - 2 * kPadding, firstRowHeight()};
}

QRectF ModelCard::secondRow() const {
  QRectF row = firstRow();
  row.moveTop(row.bottom() + 7);
  row.setHeight(secondRowHeight());
  return row;
}

QRectF ModelCard::findingRow() const {
  const QRectF card = cardRect();
  QRectF row = firstRow();
  row.setTop(card.bottom() - kFindingHeight);
  row.setBottom(card.bottom());
  return row;
}

void ModelCard::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  paintGround(painter);
  paintFirstRow(painter);
  paintSecondRow(painter);
  if (hasFinding()) paintFinding(painter);
  if (hasFocus()) paintFocusRing(painter, rect(), kRadius + 2);
}

void ModelCard::paintGround(QPainter& painter) const {
  const Theme& theme = currentTheme();
  const QRectF card = cardRect();
  QPainterPath shape;
  shape.addRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
  const bool lit = underMouse() && isEnabled();
  painter.fillPath(shape, isDown() ? theme.pressed : lit ? theme.hover : m_data.inMerge ? theme.raised : theme.panel);
  QPainterPath bar;
  bar.addRect(mirrored({card.left(), card.top(), kBar, card.height()}, card, layoutDirection()));
  if (m_data.inMerge)
    painter.fillPath(shape.intersected(bar),
                     m_data.role == CardRole::Base ? theme.text2 : modelColour(m_data.colourIndex));
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(m_active ? theme.accent : theme.border, m_active ? 1.5 : 1));
  painter.drawPath(shape);
}

void ModelCard::paintFirstRow(QPainter& painter) const {
  const Theme& theme = currentTheme();
  const QRectF card = cardRect();
  QRectF row = firstRow();
  if (!m_data.busy) {
    const QRectF icon(row.right() - kIcon, row.center().y() - kIcon / 2, kIcon, kIcon);
    if (m_data.inMerge || m_data.state != CardState::Ok)
      stateIcon(m_data.state).paint(&painter, mirrored(icon, card, layoutDirection()).toAlignedRect());
  }
  row.setRight(row.right() - kIcon - 8 - (hasCurve() ? m_eye->width() : 0));
  if (hasCurve()) {
    const QRectF line = mirrored({row.left(), row.top(), kLine, row.height()}, card, layoutDirection());
    paintModelSample(painter, {line.left(), line.center().y()}, kLine, m_data.colourIndex);
    row.setLeft(row.left() + kLine + 8);
  }
  paintLine(painter, mirrored(row, card, layoutDirection()), strongFont(), m_data.inMerge ? theme.text : theme.text2,
            m_data.name);
}

void ModelCard::paintSecondRow(QPainter& painter) const {
  const Theme& theme = currentTheme();
  const QRectF card = cardRect();
  QRectF row = secondRow();
  if (m_data.role == CardRole::Base) {
    const bool leftToRight = layoutDirection() == Qt::LeftToRight;
    const QRectF place = mirrored(row, card, layoutDirection());
    const QRectF pill = paintPill(painter, {leftToRight ? place.right() : place.left(), place.center().y()}, tr("base"),
                                  theme.accentSoft, theme.onAccentSoft);
    row.setRight(row.right() - pill.width() - 8);
  } else if (!m_add->isHidden()) {
    row.setRight(row.right() - m_add->width() - 4);
  }
  const QString words = m_data.busy && m_data.detail.isEmpty() ? tr("Reading headers…") : m_data.detail;
  paintLine(painter, mirrored(row, card, layoutDirection()), smallFont(),
            underMouse() || isDown() ? theme.text2
            : m_data.inMerge         ? theme.text2
                                     : theme.text3,
            words, Qt::ElideRight);
}

void ModelCard::paintFinding(QPainter& painter) const {
  const QRectF card = cardRect();
  QRectF row = findingRow();
  painter.setPen(QPen(currentTheme().border, 1));
  const QRectF rule = mirrored(row, card, layoutDirection());
  painter.drawLine(QPointF(rule.left(), qRound(rule.top()) + 0.5), QPointF(rule.right(), qRound(rule.top()) + 0.5));
  if (!m_fix->isHidden()) row.setRight(row.right() - m_fix->width());
  QFont font = smallFont();
  font.setWeight(QFont::DemiBold);
  paintLine(painter, mirrored(row, card, layoutDirection()), font, stateColour(m_data.state), m_data.finding);
}

void ModelCard::placeButtons() {
  const QRectF card = cardRect();
  const auto place = [&](QWidget* button, double right, double middle) {
    const QSize size = button->sizeHint().expandedTo(button->minimumSize()).boundedTo(button->maximumSize());
    const QRectF at(right - size.width(), middle - size.height() / 2.0, size.width(), size.height());
    button->setGeometry(mirrored(at, card, layoutDirection()).toRect());
  };
  // A text button's words, not its ground, stand on the row's edge.
  constexpr double kInset = 6;
  place(m_eye, firstRow().right() - kIcon - 6, firstRow().center().y());
  place(m_add, secondRow().right() + kInset, secondRow().center().y());
  place(m_fix, findingRow().right() + kInset, findingRow().center().y());
}

void ModelCard::resizeEvent(QResizeEvent*) {
  placeButtons();
}

void ModelCard::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
      click();
      return;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
      emit removeRequested();
      return;
    case Qt::Key_Up:
      emit stepRequested(-1);
      return;
    case Qt::Key_Down:
      emit stepRequested(1);
      return;
    case Qt::Key_Home:
      emit stepRequested(-2);
      return;
    case Qt::Key_End:
      emit stepRequested(2);
      return;
    default:
      QAbstractButton::keyPressEvent(event);
  }
}

void ModelCard::enterEvent(QEnterEvent* event) {
  QAbstractButton::enterEvent(event);
  revealEye();
  emit hoverChanged(true);
}

void ModelCard::leaveEvent(QEvent* event) {
  QAbstractButton::leaveEvent(event);
  revealEye();
  emit hoverChanged(false);
}

void ModelCard::focusInEvent(QFocusEvent* event) {
  QAbstractButton::focusInEvent(event);
  revealEye();
}

void ModelCard::focusOutEvent(QFocusEvent* event) {
  QAbstractButton::focusOutEvent(event);
  revealEye();
}

void ModelCard::changeEvent(QEvent* event) {
  QAbstractButton::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::LayoutDirectionChange) {
    placeButtons();
    updateGeometry();
  }
}

void ModelCard::revealEye() {
  m_eye->setRevealed(underMouse() || hasFocus());
}

}  // namespace layerloom
