// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QTranslator>

#include "app/demonstration.h"
#include "app/version.h"
#include "ui/theme/theme.h"
#include "ui/window/main_window.h"

namespace {

using namespace layerloom;

/// The translations live as long as the program. English is loaded in any case: it brings the plural forms, and speaks where another
/// language lacks a text.
void installTranslations(QApplication& application, const QLocale& locale) {
  auto* english = new QTranslator(&application);
  if (english->load(QStringLiteral(":/i18n/layerloom_en.qm"))) {
    QCoreApplication::installTranslator(english);
  }
  auto* ofQt = new QTranslator(&application);
  if (ofQt->load(locale, QStringLiteral("qtbase"), QStringLiteral("_"), QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
    QCoreApplication::installTranslator(ofQt);
  }
  auto* own = new QTranslator(&application);
  if (own->load(locale, QStringLiteral("layerloom"), QStringLiteral("_"), QStringLiteral(":/i18n"))) {
    QCoreApplication::installTranslator(own);
  }
}

/// The twin beside the program.
QString mergeProgram() {
#ifdef Q_OS_WIN
  const QString name = QStringLiteral("layerloom-cli.exe");
#else
  const QString name = QStringLiteral("layerloom-cli");
#endif
  return QDir(QCoreApplication::applicationDirPath()).filePath(name);
}

ThemeMode themeFrom(const QString& name) {
  if (name == QLatin1String("light")) {
    return ThemeMode::Light;
  }
  if (name == QLatin1String("dark")) {
    return ThemeMode::Dark;
  }
  return static_cast<ThemeMode>(QSettings().value(QStringLiteral("window/theme"), 0).toInt());
}

struct Options {
  QString file;
  QString theme;
  QString language;
  QString demo;
  QString screenshots;
};

Options readOptions(const QApplication& application) {
  QCommandLineParser parser;
  parser.setApplicationDescription(QStringLiteral("Visual merge design for fine-tuned language models."));
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument(QStringLiteral("recipe"), QStringLiteral("Recipe to open; the samples without one."), QStringLiteral("[RECIPE]"));
  const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light or dark; otherwise as chosen in the menu."), QStringLiteral("NAME"));
  const QCommandLineOption language(QStringLiteral("language"), QStringLiteral("Language of the window, for example de."), QStringLiteral("CODE"));
  const QCommandLineOption demo(QStringLiteral("demo"),
                                QStringLiteral("Open the samples, draw a curve, merge, export and save a picture into DIR, then end."),
                                QStringLiteral("DIR"));
  const QCommandLineOption screenshots(QStringLiteral("screenshots"),
                                       QStringLiteral("Save pictures of the window, light and dark, into DIR, then end."), QStringLiteral("DIR"));
  parser.addOptions({theme, language, demo, screenshots});
  parser.process(application);
  return {parser.positionalArguments().value(0), parser.value(theme), parser.value(language), parser.value(demo), parser.value(screenshots)};
}

}  // namespace

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("Layerloom"));
  QCoreApplication::setApplicationName(QStringLiteral("Layerloom"));
  QCoreApplication::setApplicationVersion(QLatin1String(kVersion));
  QGuiApplication::setDesktopFileName(QStringLiteral("org.layerloom.Layerloom"));
  const Options options = readOptions(application);
  if (!options.language.isEmpty()) {
    QLocale::setDefault(QLocale(options.language));
  }
  installTranslations(application, options.language.isEmpty() ? QLocale() : QLocale(options.language));
  applyTheme(application, themeFrom(options.theme));
  MainWindow window(mergeProgram());
  window.workspace().setStatisticsCache(StatisticsCache::ofUser());
  window.show();
  window.openAtStart(options.file);
  if (!options.demo.isEmpty()) {
    (new Demonstration(window, options.demo, &application))->runMainJob();
  } else if (!options.screenshots.isEmpty()) {
    (new Demonstration(window, options.screenshots, &application))->takeScreenshots();
  }
  return QApplication::exec();
}
