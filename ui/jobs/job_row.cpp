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
#include "ui/jobs/audit_text.h"
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
constexpr double kLeastName = 72;
constexpr double kInset = 6;  ///< of a button's words in its ground

QString stateWord(JobState state) {
  switch (state) {
    case JobState::Queued:
      return JobRow::tr("waiting");
    case JobState::Running:
      return JobRow::tr("running");
    case JobState::Paused:
      return JobRow::tr("paused");
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

QString wayOnWords(WayOn way) {
  switch (way) {
    case WayOn::Continue:
      return JobRow::tr("Continue");
    case WayOn::StartAnew:
      return JobRow::tr("Start anew");
    case WayOn::AllowNonFinite:
      return JobRow::tr("Merge all the same");
    case WayOn::None:
      break;
  }
  return {};
}

/// The state as the row's title says it.
QString titleWord(const JobData& job) {
  return job.state == JobState::Failed && job.wayOn == WayOn::Continue
             ? JobRow::tr("failed; what is finished is kept")
             : stateWord(job.state);
}

/// A finished merge that somebody should look at has a warning's, also where the row is too narrow for the words.
QIcon stateIcon(const JobData& job) {
  switch (job.state) {
    case JobState::Done:
      return job.audit && !job.audit->isClean() ? themedIcon(QStringLiteral("warn"), IconTone::Warning)
                                                : themedIcon(QStringLiteral("ok"), IconTone::Ok);
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
  if (job.bytesPerSecond > 0 && job.state == JobState::Running) parts << rateText(job.bytesPerSecond);
  return parts.join(kDot);
}

/// "75 tensors · 0.4 s · 6 files in /models/soup".
QString doneText(const JobData& job) {
  QStringList parts;
  if (job.tensors >= 0) parts << JobRow::tr("%n tensor(s)", nullptr, job.tensors);
  if (job.secondsTaken >= 0) parts << durationText(job.secondsTaken);
  parts << (job.files > 0 ? JobRow::tr("%n file(s) in %1", nullptr, job.files).arg(job.folder) : job.folder);
  return parts.join(kDot);
}

/// A reason without the folders before the name of the file that it begins with: they would take the room of the reason.
QString shortReason(const QString& message) {
  const auto colon = message.indexOf(QLatin1String(": "));
  const auto slash = message.lastIndexOf(u'/', colon);
  return message.startsWith(u'/') && colon > slash ? message.mid(slash + 1) : message;
}

/// Second line of a job that runs no more.
QString resultText(const JobData& job) {
  switch (job.state) {
    case JobState::Done:
      return doneText(job);
    case JobState::Failed:
      return job.remedy.isEmpty()
                 ? shortReason(job.message)
                 : JobRow::tr("%1. %2", "reason, remedy").arg(shortReason(job.message), capitalised(job.remedy));
    default:
      return job.wayOn == WayOn::Continue ? JobRow::tr("What the interrupted merge has finished is kept.")
                                          : JobRow::tr("Nothing was written.");
  }
}

}  // namespace

JobRow::JobRow(QWidget* parent)
    : QWidget(parent),
      m_pause(new IconButton(QStringLiteral("pause"), tr("Pause the merge"), this)),
      m_cancel(new IconButton(QStringLiteral("close"), tr("Cancel the merge"), this)),
      m_open(new TextButton(tr("Open folder"), this)),
      m_show(new TextButton(tr("Show"), this)),
      m_wayOn(new TextButton(this)),
      m_audit(new TextButton(tr("Audit…"), this)) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(m_pause, &QAbstractButton::clicked, this, [this] {
    m_job.state == JobState::Paused ? emit continueRequested(m_job.id) : emit pauseRequested(m_job.id);
  });
  connect(m_cancel, &QAbstractButton::clicked, this, [this] { emit cancelRequested(m_job.id); });
  connect(m_open, &QAbstractButton::clicked, this, [this] { emit openFolderRequested(m_job.id); });
  connect(m_show, &QAbstractButton::clicked, this, [this] { emit showRequested(m_job.id); });
  connect(m_wayOn, &QAbstractButton::clicked, this, [this] { emit wayOnRequested(m_job.id); });
  connect(m_audit, &QAbstractButton::clicked, this, [this] { emit auditRequested(m_job.id); });
}

void JobRow::setJob(const JobData& job) {
  const JobState before = m_job.state;
  m_job = job;
  showButtons(before);
  describe();
  placeButtons();
  update();
}

void JobRow::showButtons(JobState before) {
  const bool paused = m_job.state == JobState::Paused;
  if (paused != (before == JobState::Paused)) {
    m_pause->setIcon(themedIcon(paused ? QStringLiteral("play") : QStringLiteral("pause")));
    m_pause->setWords(paused ? tr("Continue the merge") : tr("Pause the merge"));
  }
  m_pause->setVisible(m_job.canPause && (paused || m_job.state == JobState::Running));
  m_cancel->setVisible(isUnderWay());
  m_cancel->setEnabled(m_job.state != JobState::Cancelling);
  m_open->setVisible(m_job.state == JobState::Done && !m_job.folder.isEmpty());
  m_show->setVisible(m_job.state == JobState::Failed);
  m_wayOn->setText(wayOnWords(m_job.wayOn));
  m_wayOn->setVisible(isFinished(m_job.state) && m_job.wayOn != WayOn::None);
  m_audit->setVisible(m_job.state == JobState::Done && m_job.audit);
}

void JobRow::describe() {
  setAccessibleName(tr("%1, %2", "name of a job, state").arg(m_job.name, titleWord(m_job)));
  const QString audit = m_job.audit ? auditChip(*m_job.audit) : QString();
  QStringList description{audit, isUnderWay() ? progressText(m_job) : resultText(m_job)};
  description.removeAll(QString());
  setAccessibleDescription(description.join(kDot));
  QStringList lines{m_job.name, m_job.folder, audit, m_job.message, capitalised(m_job.remedy)};
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
    stateIcon(m_job)
        .paint(&painter, place({line.left(), line.center().y() - kIcon / 2, kIcon, kIcon}).toAlignedRect());
    line.setLeft(line.left() + kIcon + kGap);
  }
  line.setRight(line.right() - roomOf({m_pause, m_cancel, m_open, m_show}));
  line.setRight(line.right() - paintChip(painter, line));
  const double wanted = QFontMetricsF(strongFont()).horizontalAdvance(m_job.name) + 1;
  QRectF name = line;
  name.setWidth(std::min(wanted, line.width()));
  paintLine(painter, place(name), strongFont(), theme.text, m_job.name);
  line.setLeft(name.right() + kGap);
  const QColor colour = m_job.state == JobState::Failed ? theme.error : theme.text2;
  if (line.width() > 24)
    paintLine(painter, place(line), smallFont(), colour,
              tr("%1 · %2", "method, state").arg(m_job.method, titleWord(m_job)));
}

/// What the audit found, at the end of `line`. Returns the width it took.
double JobRow::paintChip(QPainter& painter, const QRectF& line) const {
  if (m_job.state != JobState::Done || !m_job.audit) return 0;
  const Theme& theme = currentTheme();
  const double name = std::min(kLeastName, QFontMetricsF(strongFont()).horizontalAdvance(m_job.name));
  if (line.width() < pillWidth(auditChip(*m_job.audit)) + 2 * kGap + name) return 0;
  const QRectF at = place(line);
  const QPointF end(layoutDirection() == Qt::LeftToRight ? at.right() : at.left(), at.center().y());
  const bool clean = m_job.audit->isClean();
  return kGap + paintPill(painter, end, auditChip(*m_job.audit), clean ? theme.okSoft : theme.warningSoft,
                          clean ? theme.ok : theme.warning)
                    .width();
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
  if (m_job.secondsLeft >= 0) paintTime(painter);
}

/// A paused job's rests, quietly.
void JobRow::paintTime(QPainter& painter) const {
  const Theme& theme = currentTheme();
  const QString left = tr("%1 left", "time").arg(durationText(std::ceil(m_job.secondsLeft)));
  QFont font = smallFont();
  if (m_job.state == JobState::Running) font.setWeight(QFont::DemiBold);
  if (m_job.state != JobState::Cancelling)
    paintLine(painter, place(secondLine()), font, m_job.state == JobState::Running ? theme.text : theme.text2, left,
              Qt::ElideNone, Qt::AlignTrailing);
}

void JobRow::paintResult(QPainter& painter) const {
  const Theme& theme = currentTheme();
  QRectF line = secondLine();
  line.setLeft(line.left() + kIcon + kGap);
  line.setRight(line.right() - roomOf({m_wayOn, m_audit}));
  // The end of a path says more than its middle, the beginning of a reason more than its end.
  paintLine(painter, place(line), smallFont(), theme.text2, resultText(m_job),
            m_job.state == JobState::Done ? Qt::ElideMiddle : Qt::ElideRight);
}

/// What the visible ones of these take at the end of a line.
double JobRow::roomOf(std::initializer_list<const QWidget*> buttons) const {
  double room = 0;
  for (const QWidget* button : buttons)
    if (!button->isHidden()) room += button->width() + (room == 0 ? kGap - kInset : 0);
  return room;
}

void JobRow::placeButtons() {
  // Words and cross, not their grounds, stand on the row's edge.
  const auto put = [&](QWidget* button, QSize size, const QRectF& line, double before = 0) {
    const QRectF at(line.right() + kInset - before - size.width(), line.center().y() - size.height() / 2.0,
                    size.width(), size.height());
    button->setGeometry(place(at).toRect());
  };
  put(m_cancel, m_cancel->minimumSize(), firstLine());
  put(m_pause, m_pause->minimumSize(), firstLine(), m_cancel->minimumWidth());
  put(m_open, m_open->sizeHint(), firstLine());
  put(m_show, m_show->sizeHint(), firstLine());
  put(m_wayOn, m_wayOn->sizeHint(), secondLine());
  put(m_audit, m_audit->sizeHint(), secondLine());
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
