// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "core/analysis/statistics_cache.h"
#include "core/analysis/statistics_file.h"
#include "core/support/folder.h"
#include "tests/common/safetensors_data.h"

using namespace layerloom;
using namespace layerloom::test;

namespace fs = std::filesystem;

/// Figures of earlier times: found again, never mistaken for others', never trusted when damaged.
class TestStatisticsCache : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void keptFiguresComeBack();
  void otherFilesAreOtherFigures();
  void stableRanksAreMeasuredWhereTheyAreMissing();
  void everyCutAndEveryWrongByteIsAbsent();
  void theFolderIsTheUsersOwn();
  void oldFilesGoBeyondTheBound();
  void keepingMayFail();

 private:
  StatisticsSources sources() const;
  fs::path file() const;

  std::unique_ptr<QTemporaryDir> m_folder;
  fs::path m_root;
};

void TestStatisticsCache::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  m_root = m_folder->path().toStdString();
  writeTinyLlama(m_root / "base", 2, 1);
  writeTinyLlama(m_root / "a", 2, 2);
  writeTinyLlama(m_root / "b", 2, 3);
}

StatisticsSources TestStatisticsCache::sources() const {
  return {Model::open(m_root / "base").value(), "base", {Model::open(m_root / "a").value(), Model::open(m_root / "b").value()}, {"a", "b"}};
}

fs::path TestStatisticsCache::file() const {
  const std::vector<std::string> names = namesIn(m_root / "cache").value();
  return names.size() == 1 ? m_root / "cache" / names.front() : fs::path();
}

void TestStatisticsCache::keptFiguresComeBack() {
  const StatisticsCache cache(m_root / "cache");
  QVERIFY(!cache.find(sources(), {}));
  const Statistics first = cachedStatistics(sources(), {}, cache, {}, {}).value();
  QVERIFY(cache.find(sources(), {}).has_value());
  std::size_t seen = 0;
  const Statistics again = cachedStatistics(sources(), {}, cache, {}, [&](const TensorStatistics&) { ++seen; }).value();
  QCOMPARE(seen, first.tensors.size());
  QCOMPARE(toFileText(again, false), toFileText(first, false));
  QCOMPARE(again.models, first.models);
  QCOMPARE(again.base, first.base);
  QVERIFY(again.complete);
}

void TestStatisticsCache::otherFilesAreOtherFigures() {
  const StatisticsCache cache(m_root / "cache");
  QVERIFY(cachedStatistics(sources(), {}, cache, {}, {}).has_value());
  StatisticsSources turned = sources();
  std::swap(turned.models[0], turned.models[1]);
  QVERIFY(!cache.find(turned, {}));
  StatisticsSources baseless = sources();
  baseless.base = nullptr;
  QVERIFY(!cache.find(baseless, {}));
  fs::remove_all(m_root / "a");
  writeTinyLlama(m_root / "a", 2, 9);
  QVERIFY(!cache.find(sources(), {}));
}

void TestStatisticsCache::stableRanksAreMeasuredWhereTheyAreMissing() {
  const StatisticsCache cache(m_root / "cache");
  const StatisticsOptions ranked{.stableRank = true};
  QVERIFY(!cachedStatistics(sources(), {}, cache, {}, {}).value().total().models[0]->stableRank);
  QVERIFY(cachedStatistics(sources(), ranked, cache, {}, {}).value().total().models[0]->stableRank.has_value());
  // Figures with ranks serve those who ask for none.
  QVERIFY(cache.find(sources(), {}).value().total().models[0]->stableRank.has_value());
}

void TestStatisticsCache::everyCutAndEveryWrongByteIsAbsent() {
  const Statistics statistics = cachedStatistics(sources(), {}, StatisticsCache(), {}, {}).value();
  const std::string text = toFileText(statistics, false);
  QVERIFY(fromFileText(text).has_value());
  constexpr std::size_t kStep = 97;
  for (std::size_t size = 0; size < text.size(); size += size < 64 ? 1 : kStep) {
    QVERIFY(!fromFileText(std::string_view(text).substr(0, size)).has_value());
  }
  for (std::size_t at = 0; at < text.size(); at += at < 64 ? 1 : kStep) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x11);
    QVERIFY(!fromFileText(damaged).has_value());
  }
}

void TestStatisticsCache::theFolderIsTheUsersOwn() {
  const StatisticsCache cache(m_root / "cache");
  QVERIFY(cachedStatistics(sources(), {}, cache, {}, {}).has_value());
  QCOMPARE(fs::status(m_root / "cache").permissions() & fs::perms::all, fs::perms::owner_all);
  QVERIFY(!file().empty());
}

void TestStatisticsCache::oldFilesGoBeyondTheBound() {
  const StatisticsCache roomy(m_root / "cache");
  QVERIFY(cachedStatistics(sources(), {}, roomy, {}, {}).has_value());
  const std::uint64_t bytes = fs::file_size(file());
  const StatisticsCache tight(m_root / "cache", bytes + bytes / 2);
  StatisticsSources turned = sources();
  std::swap(turned.models[0], turned.models[1]);
  QVERIFY(cachedStatistics(turned, {}, tight, {}, {}).has_value());
  QVERIFY(!tight.find(sources(), {}));
  QVERIFY(tight.find(turned, {}).has_value());
}

void TestStatisticsCache::keepingMayFail() {
  writeBytes(m_root / "file", "no folder");
  const StatisticsCache cache(m_root / "file" / "cache");
  QVERIFY(cachedStatistics(sources(), {}, cache, {}, {}).has_value());
  QVERIFY(!cache.keep(sources(), {}, cachedStatistics(sources(), {}, cache, {}, {}).value()).has_value());
}

QTEST_GUILESS_MAIN(TestStatisticsCache)
#include "tst_statistics_cache.moc"
