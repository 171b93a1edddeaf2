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
  void slowBytesCountForMore();
};

/// A merge begins with a small tensor: its few bytes in the first milliseconds say nothing of the rate.
void TestProgress::aFirstReportOfLittleDoesNotSetTheRate() {
  constexpr std::uint64_t kTotal = 1'000'000'000;
  constexpr std::uint64_t kStep = 1'000'000;
  std::vector<Progress> reports;
  const ProgressCallback keep = [&](const Progress& progress) { reports.push_back(progress); };
  ProgressMeter meter(kTotal, 0, keep);
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

/// The first half of the bytes takes three times as long as the second, and says so.
void TestProgress::slowBytesCountForMore() {
  constexpr std::uint64_t kTotal = 200'000'000;
  constexpr std::uint64_t kStep = 1'000'000;
  constexpr double kSeconds = 1.6;
  std::vector<Progress> reports;
  const ProgressCallback keep = [&](const Progress& progress) { reports.push_back(progress); };
  ProgressMeter meter(kTotal, kTotal, keep);
  const auto workUntil = [&](double seconds, std::uint64_t bytes, std::uint64_t extra) {
    const double start = meter.seconds();
    for (std::uint64_t done = 0; done < bytes; done += kStep) {
      while (meter.seconds() < start + (seconds - start) * static_cast<double>(done) / static_cast<double>(bytes)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      meter.add(kStep, "tensor", extra);
    }
  };
  workUntil(kSeconds * 0.75, kTotal / 2, 2 * kStep);
  workUntil(kSeconds, kTotal / 2, 0);
  int estimates = 0;
  for (const Progress& report : reports) {
    if (report.secondsLeft >= 0 && report.seconds < kSeconds * 0.7) {
      QVERIFY2(std::abs(report.seconds + report.secondsLeft - kSeconds) < 0.2 * kSeconds, qPrintable(QString::number(report.secondsLeft)));
      ++estimates;
    }
  }
  QVERIFY(estimates >= 3);
}

QTEST_GUILESS_MAIN(TestProgress)
#include "tst_progress.moc"
