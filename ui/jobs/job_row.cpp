// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_row.h"

#include <algorithm>
#include <cmath>

#include <QEvent>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include "ui/jobs/amount_text.h"
#include "ui/parts/icon_button.h"
#include "ui/parts/painting.h"
#include "ui/parts/text_button.h"
#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"

namespace layerloom {
namespace {

constexpr double kRow = 64;
constexpr double kBar = 4;
constexpr double kIcon = 16;
constexpr double kGap = 8;

QString stateWord(JobState state) {
  switch (state) {
    case JobState::Queued:
      return JobRow::tr("waiting");
    case JobState::Running:
      return JobRow::tr("running");
    case JobState::Cancelling:
      return JobRow::tr("cancelling…");
    case JobState::Done:
      return JobRow::tr("done");
    case JobState::Failed:
      return JobRow::tr("failed");
    case JobState::Cancelled:
      return JobRow::tr("cancelled");
  }
  return {};
}

QIcon stateIcon(JobState state) {
  switch (state) {
    case JobState::Done:
      return themedIcon(QStringLiteral("ok"), IconTone::Ok);
    case JobState::Failed:
      return themedIcon(QStringLiteral("error"), IconTone::Error);
    case JobState::Cancelled:
      return themedIcon(QStringLiteral("stop"), IconTone::Quiet);
    default:
      return {};
  }
}

constexpr QStringView kDot = u" · ";

/// "63 % · 1.9 of 3.1 GB · 220 MB/s".
QString progressText(const JobData& job) {
  QStringList parts{
      JobRow::tr("%1 %").arg(QLocale().toString(std::floor(100 * std::clamp(job.progress, 0.0, 1.0)), 'f', 0))};
  if (job.bytesTotal > 0) parts << bytesOfText(job.bytesDone, job.bytesTotal);
  if (job.bytesPerSecond > 0) parts << rateText(job.bytesPerSecond);
  return parts.join(kDot);
}

/// "75 tensors · 0.4 s".
QString chipText(const JobData& job) {
  QStringList parts;
  if (job.tensors >= 0) parts << JobRow::tr("%n tensor(s)", nullptr, job.tensors);
  if (job.secondsTaken >= 0) parts << durationText(job.secondsTaken);
  return parts.join(kDot);
}

/// Second line of a job that runs no more.
QString resultText(const JobData& job) {
  switch (job.state) {
    case JobState::Done:
      return job.files > 0 ? JobRow::tr("%n file(s) in %1", nullptr, job.files).arg(job.folder) : job.folder;
    case JobState::Failed:
      return job.remedy.isEmpty() ? job.message
                                  : JobRow::tr("%1. %2", "reason, remedy").arg(job.message, capitalised(job.remedy));
    default:
      return JobRow::tr("Nothing was written.");
  }
}

}  // namespace

JobRow::JobRow(QWidget* parent)
    : QWidget(parent),
      m_cancel(new IconButton(QStringLiteral("close"), tr("Cancel the merge"), this)),
      m_open(new TextButton(tr("Open folder"), this)),
      m_show(new TextButton(tr("Show"), this)) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(m_cancel, &QAbstractButton::clicked, this, [this] { emit cancelRequested(m_job.id); });
  connect(m_open, &QAbstractButton::clicked, this, [this] { emit openFolderRequested(m_job.id); });
  connect(m_show, &QAbstractButton::clicked, this, [this] { emit showRequested(m_job.id); });
}

void JobRow::setJob(const JobData& job) {
  m_job = job;
  m_cancel->setVisible(isUnderWay());
  m_cancel->setEnabled(job.state != JobState::Cancelling);
  m_open->setVisible(job.state == JobState::Done && !job.folder.isEmpty());
  m_show->setVisible(job.state == JobState::Failed);
  describe();
  placeButtons();
  update();
}

void JobRow::describe() {
  setAccessibleName(tr("%1, %2", "name of a job, state").arg(m_job.name, stateWord(m_job.state)));
  setAccessibleDescription(isUnderWay() ? progressText(m_job) : resultText(m_job));
  QStringList lines{m_job.name, m_job.folder, m_job.message, m_job.remedy};
  lines.removeAll(QString());
  setToolTip(plainToolTip(lines.join(u'\n')));
}

QSize JobRow::sizeHint() const {
  const double text = QFontMetricsF(strongFont()).height() + QFontMetricsF(smallFont()).height();
  return {240, qCeil(std::max(kRow, text + kBar + 32))};
}

QSize JobRow::minimumSizeHint() const {
  return {160, sizeHint().height()};
}

QRectF JobRow::firstLine() const {
  const double height = std::max(QFontMetricsF(strongFont()).height(), kIcon);
  return {12, isUnderWay() ? 8.0 : 12.0, width() - 24.0, height};
}

QRectF JobRow::secondLine() const {
  const double height = QFontMetricsF(smallFont()).height();
  return {12, this->height() - height - (isUnderWay() ? 8 : 12), width() - 24.0, height};
}

QRectF JobRow::place(const QRectF& rect) const {
  return mirrored(rect, this->rect(), layoutDirection());
}

void JobRow::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  paintTitle(painter);
  isUnderWay() ? paintProgress(painter) : paintResult(painter);
  painter.setPen(QPen(currentTheme().border, 1));
  painter.drawLine(QPointF(12, height() - 0.5), QPointF(width() - 12, height() - 0.5));
}

void JobRow::paintTitle(QPainter& painter) const {
  const Theme& theme = currentTheme();
  QRectF line = firstLine();
  if (!isUnderWay()) {
    stateIcon(m_job.state)
        .paint(&painter, place({line.left(), line.center().y() - kIcon / 2, kIcon, kIcon}).toAlignedRect());
    line.setLeft(line.left() + kIcon + kGap);
  }
  for (const QWidget* button :
       {static_cast<QWidget*>(m_cancel), static_cast<QWidget*>(m_open), static_cast<QWidget*>(m_show)})
    if (!button->isHidden()) line.setRight(line.right() - button->width() - kGap);
  if (const QString chip = chipText(m_job); m_job.state == JobState::Done && !chip.isEmpty()) {
    const QRectF at = place(line);
    const bool leftToRight = layoutDirection() == Qt::LeftToRight;
    const QRectF pill =
        paintPill(painter, {leftToRight ? at.right() : at.left(), at.center().y()}, chip, theme.okSoft, theme.ok);
    line.setRight(line.right() - pill.width() - kGap);
  }
  const double wanted = QFontMetricsF(strongFont()).horizontalAdvance(m_job.name) + 1;
  QRectF name = line;
  name.setWidth(std::min(wanted, line.width()));
  paintLine(painter, place(name), strongFont(), theme.text, m_job.name);
  line.setLeft(name.right() + kGap);
  const QColor colour = m_job.state == JobState::Failed ? theme.error : theme.text2;
  if (line.width() > 24)
    paintLine(painter, place(line), smallFont(), colour,
              tr("%1 · %2", "method, state").arg(m_job.method, stateWord(m_job.state)));
}

void JobRow::paintProgress(QPainter& painter) const {
  const Theme& theme = currentTheme();
  const bool running = m_job.state == JobState::Running;
  const double between = (firstLine().bottom() + secondLine().top() - kBar) / 2;
  paintBar(painter, {12, between, width() - 24.0, kBar}, m_job.progress, running ? theme.accent : theme.text3);
  if (m_job.state == JobState::Queued) {
    paintLine(painter, place(secondLine()), smallFont(), theme.text2, tr("Starts after the merge before it."));
    return;
  }
  paintLine(painter, place(secondLine()), smallFont(), theme.text2, progressText(m_job));
  if (!running || m_job.secondsLeft < 0) return;
  QFont strongSmall = smallFont();
  strongSmall.setWeight(QFont::DemiBold);
  paintLine(painter, place(secondLine()), strongSmall, theme.text,
            tr("%1 left", "time").arg(durationText(std::ceil(m_job.secondsLeft))), Qt::ElideNone, Qt::AlignTrailing);
}

void JobRow::paintResult(QPainter& painter) const {
  const Theme& theme = currentTheme();
  QRectF line = secondLine();
  line.setLeft(line.left() + kIcon + kGap);
  // The end of a path says more than its middle, the beginning of a reason more than its end.
  paintLine(painter, place(line), smallFont(), theme.text2, resultText(m_job),
            m_job.state == JobState::Done ? Qt::ElideMiddle : Qt::ElideRight);
}

void JobRow::placeButtons() {
  const QRectF line = firstLine();
  const auto put = [&](QWidget* button, QSize size, double inset) {
    const QRectF at(line.right() + inset - size.width(), line.center().y() - size.height() / 2.0, size.width(),
                    size.height());
    button->setGeometry(place(at).toRect());
  };
  // Words and cross, not their grounds, stand on the row's edge.
  put(m_cancel, m_cancel->minimumSize(), 6);
  put(m_open, m_open->sizeHint(), 6);
  put(m_show, m_show->sizeHint(), 6);
}

void JobRow::resizeEvent(QResizeEvent*) {
  placeButtons();
}

void JobRow::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::LayoutDirectionChange) {
    placeButtons();
    updateGeometry();
  }
}

}  // namespace layerloom
