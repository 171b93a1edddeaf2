// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demonstration.h"

#include <QApplication>
#include <QDir>
#include <QMouseEvent>
#include <QTextStream>
#include <QTimer>
#include <cstdio>

#include "ui/theme/theme.h"
#include "ui/window/curves_panel.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

namespace layerloom {
namespace {

constexpr int kPollMs = 50;
constexpr int kRepaintMs = 250;

void sendMouse(QWidget& target, QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons) {
  QMouseEvent event(type, at, target.mapToGlobal(at), button, buttons, Qt::NoModifier);
  QApplication::sendEvent(&target, &event);
}

/// Press, move in steps, release: the same way that a hand goes.
void drag(QWidget& target, QPointF from, QPointF to) {
  constexpr int kSteps = 8;
  sendMouse(target, QEvent::MouseMove, from, Qt::NoButton, Qt::NoButton);
  sendMouse(target, QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
  for (int step = 1; step <= kSteps; ++step) {
    sendMouse(target, QEvent::MouseMove, from + (to - from) * step / kSteps, Qt::NoButton, Qt::LeftButton);
  }
  sendMouse(target, QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
}

}  // namespace

Demonstration::Demonstration(MainWindow& window, QString folder, QObject* parent)
    : QObject(parent), m_window(window), m_folder(std::move(folder)) {
  QDir().mkpath(m_folder);
}

void Demonstration::whenSettled(const std::function<void()>& next) {
  auto* timer = new QTimer(this);
  connect(timer, &QTimer::timeout, this, [this, timer, next] {
    if (m_window.workspace().isSettled()) {
      timer->deleteLater();
      QTimer::singleShot(kRepaintMs, this, next);
    }
  });
  timer->start(kPollMs);
}

void Demonstration::runMainJob() {
  whenSettled([this] {
    drawCurve();
    whenSettled([this] { merge(); });
  });
}

/// Pulls a point of the active curve up and adds another, on the chart itself.
void Demonstration::drawCurve() {
  CurveView& view = m_window.curves().view();
  const ChartData& data = view.data();
  if (data.activeTrack < 0) {
    fail(QStringLiteral("the sample recipe shows no curve"));
    return;
  }
  const ChartGeometry geometry = view.geometry();
  const CurvePoint point = data.tracks[static_cast<std::size_t>(data.activeTrack)].curve.points.front();
  const auto at = [&](double layer, double value) { return QPointF(geometry.layerToX(layer), geometry.valueToY(value)); };
  drag(*view.viewport(), at(point.layer, point.value), at(point.layer, point.value + 0.2));
  view.setShape(CurveShape::Smooth);
  if (m_window.workspace().document().history().count() < 2) {
    fail(QStringLiteral("the curve was not drawn"));
  }
}

void Demonstration::merge() {
  MergeQueue& queue = m_window.workspace().jobs();
  connect(&queue, &MergeQueue::jobFinished, this, [this](const JobData& job) {
    if (job.state != JobState::Done) {
      fail(job.message);
      return;
    }
    whenSettled([this] { finish(m_window.files().exportTo(m_folder + QStringLiteral("/recipe.yml")) && grab(QStringLiteral("window.png"))); });
  });
  m_window.startMerge(m_folder + QStringLiteral("/merged"), true);
}

void Demonstration::takeScreenshots() {
  whenSettled([this] { finish(grabThemes()); });
}

bool Demonstration::grabThemes() {
  const ThemeMode before = currentThemeMode();
  applyTheme(*qApp, ThemeMode::Light);
  QApplication::processEvents();
  bool done = grab(QStringLiteral("window-light.png"));
  applyTheme(*qApp, ThemeMode::Dark);
  QApplication::processEvents();
  done = grab(QStringLiteral("window-dark.png")) && done;
  applyTheme(*qApp, before);
  return done;
}

bool Demonstration::grab(const QString& name) {
  return m_window.grab().save(QDir(m_folder).filePath(name));
}

void Demonstration::finish(bool done) {
  if (!done) {
    fail(QStringLiteral("a file cannot be written to %1").arg(m_folder));
    return;
  }
  QApplication::exit(0);
}

void Demonstration::fail(const QString& why) {
  QTextStream(stderr) << "layerloom: " << why << '\n';
  QApplication::exit(1);
}

}  // namespace layerloom
