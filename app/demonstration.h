// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <functional>

namespace layerloom {

class MainWindow;

/// Drives the window as a user would, without one: for pictures, and to show on a machine without a display what the program does.
class Demonstration : public QObject {
  Q_OBJECT

 public:
  Demonstration(MainWindow& window, QString folder, QObject* parent);

  /// Draws a curve with the mouse, merges, exports and takes a picture: DIR/window.png, DIR/merged, DIR/recipe.yml. Ends the program with 0,
  /// or with 1 and a message when a step fails.
  void runMainJob();
  /// Takes pictures of the window with the sample recipe, light and dark: DIR/window-light.png, DIR/window-dark.png.
  void takeScreenshots();

 private:
  void whenSettled(const std::function<void()>& next);
  void drawCurve();
  void merge();
  void finish(bool done);
  void fail(const QString& why);
  bool grab(const QString& name);
  bool grabThemes();

  MainWindow& m_window;
  const QString m_folder;
};

}  // namespace layerloom
