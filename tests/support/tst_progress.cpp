// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <chrono>
#include <cmath>
#include <thread>
#include <vector>

#include "core/support/progress_meter.h"

using namespace layerloom;

class TestProgress : public QObject {
  Q_OBJECT

 private slots:
  void aFirstReportOfLittleDoesNotSetTheRate();
};

/// A merge begins with a small tensor: its few bytes in the first milliseconds say nothing of the rate.
void TestProgress::aFirstReportOfLittleDoesNotSetTheRate() {
  constexpr std::uint64_t kTotal = 1'000'000'000;
  constexpr std::uint64_t kStep = 1'000'000;
  std::vector<Progress> reports;
  const ProgressCallback keep = [&](const Progress& progress) { reports.push_back(progress); };
  ProgressMeter meter(kTotal, keep);
  meter.add(100, "small");
  while (meter.seconds() < 0.8) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    meter.add(kStep, "large");
  }
  int estimates = 0;
  for (const Progress& report : reports) {
    if (report.secondsLeft < 0) {
      continue;
    }
    const double steady = report.seconds * static_cast<double>(kTotal - report.bytesDone) / static_cast<double>(report.bytesDone);
    QVERIFY2(std::abs(report.secondsLeft - steady) < 0.25 * steady, qPrintable(QStringLiteral("%1 for %2").arg(report.secondsLeft).arg(steady)));
    ++estimates;
  }
  QVERIFY(estimates >= 3);
}

QTEST_GUILESS_MAIN(TestProgress)
#include "tst_progress.moc"
