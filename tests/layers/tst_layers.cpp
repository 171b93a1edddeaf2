// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

/// The layers of the sources, judged by their include lines: core and command line know no Qt, core knows nothing above
/// it.
class TestLayers : public QObject {
  Q_OBJECT

 private slots:
  void includesKeepTheLayers_data();
  void includesKeepTheLayers();
  void everySourceNamesItsLicence();
};

namespace {

QStringList sourcesIn(const QString& folder) {
  QStringList files;
  QDirIterator found(QStringLiteral(LAYERLOOM_SOURCE_DIR "/") + folder,
                     {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files, QDirIterator::Subdirectories);
  while (found.hasNext()) {
    files.append(found.next());
  }
  return files;
}

QString textOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace

void TestLayers::includesKeepTheLayers_data() {
  QTest::addColumn<QString>("folder");
  QTest::addColumn<QString>("forbidden");

  const QString qt = QStringLiteral("^\\s*#\\s*include\\s*[<\"]Q[A-Za-z]");
  QTest::newRow("no Qt in core") << "core" << qt;
  QTest::newRow("no Qt in the command line") << "app/cli" << qt;
  QTest::newRow("core does not include the window") << "core" << QStringLiteral("^\\s*#\\s*include\\s*[<\"]ui/");
  QTest::newRow("core does not include the programs") << "core" << QStringLiteral("^\\s*#\\s*include\\s*[<\"]app/");
  QTest::newRow("the command line does not include the window")
      << "app/cli" << QStringLiteral("^\\s*#\\s*include\\s*[<\"]ui/");
}

void TestLayers::includesKeepTheLayers() {
  QFETCH(QString, folder);
  QFETCH(QString, forbidden);

  const QRegularExpression pattern(forbidden, QRegularExpression::MultilineOption);
  const QStringList files = sourcesIn(folder);
  QVERIFY(files.size() > 10);
  for (const QString& file : files) {
    const QRegularExpressionMatch match = pattern.match(textOf(file));
    QVERIFY2(!match.hasMatch(), qPrintable(file + QStringLiteral(": ") + match.captured()));
  }
}

void TestLayers::everySourceNamesItsLicence() {
  for (const QString& folder :
       {QStringLiteral("core"), QStringLiteral("app"), QStringLiteral("ui"), QStringLiteral("tests")}) {
    for (const QString& file : sourcesIn(folder)) {
      QVERIFY2(textOf(file).contains(QStringLiteral("SPDX-License-Identifier: GPL-3.0-or-later")), qPrintable(file));
    }
  }
}

QTEST_APPLESS_MAIN(TestLayers)
#include "tst_layers.moc"
