// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

#include <QSignalSpy>
#include <QTest>

#include "ui/adapters/statistics_store.h"

namespace layerloom {
namespace {

std::shared_ptr<const Model> modelCalled(const char* name) {
  return *Model::announce(name, "", {});
}

TensorStatistics tensorCalled(const char* name, int layer, std::optional<double> rank = std::nullopt) {
  TensorStatistics tensor;
  tensor.name = name;
  tensor.layer = layer;
  tensor.figures.models.resize(1);
  tensor.figures.models[0] = DeltaStatistics();
  tensor.figures.models[0]->stableRank = rank;
  return tensor;
}

/// A pass that does what the test says, step by step.
class Script {
 public:
  /// Lets one pass go on to its end.
  void release() {
    const std::lock_guard lock(m_mutex);
    ++m_released;
    m_condition.notify_all();
  }

  Result<Statistics> run(const StatisticsOptions& options, std::stop_token stop, const StatisticsCallback& callback) {
    ++started;
    ranksStarted += options.stableRank ? 1 : 0;
    const auto rank = options.stableRank ? std::optional(7.0) : std::nullopt;
    callback(tensorCalled("b", 0, rank));
    std::unique_lock lock(m_mutex);
    std::stop_callback wake(stop, [this] { m_condition.notify_all(); });
    m_condition.wait(lock, [&] { return stop.stop_requested() || m_released > 0; });
    if (stop.stop_requested()) {
      ++stopped;
      return Statistics();
    }
    --m_released;
    if (fails) {
      return ioError("model.safetensors: cut short");
    }
    lock.unlock();
    callback(tensorCalled("a", 0, rank));
    Statistics statistics;
    statistics.complete = true;
    statistics.notes = {"a note"};
    statistics.tensors = {tensorCalled("a", 0, rank), tensorCalled("b", 0, rank)};
    return statistics;
  }

  StatisticsStore::Measure measure() {
    return [this](const StatisticsSources&, const StatisticsOptions& options, const StatisticsCache&, std::stop_token stop,
                  const StatisticsCallback& callback) { return run(options, std::move(stop), callback); };
  }

  std::atomic<int> started = 0;
  std::atomic<int> ranksStarted = 0;
  std::atomic<int> stopped = 0;
  std::atomic<bool> fails = false;

 private:
  std::mutex m_mutex;
  std::condition_variable m_condition;
  int m_released = 0;
};

}  // namespace

class TestStatisticsStore : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void cleanup();

  void publishesTensorByTensor();
  void givenOutFiguresNeverChange();
  void sameModelsAreNotMeasuredAgain();
  void otherModelsCancelThePass();
  void tooFewModelsMeasureNothing();
  void failureIsToldAndTriedAgain();
  void ranksFollowWhenIdle();
  void ranksWaitForTheMerge();

 private:
  StatisticsSources sources() const { return {m_base, "base", {m_model}, {"prose"}}; }
  std::size_t tensors() const { return m_store->statistics() == nullptr ? 0 : m_store->statistics()->tensors.size(); }

  std::shared_ptr<const Model> m_base = modelCalled("base");
  std::shared_ptr<const Model> m_model = modelCalled("prose");
  std::unique_ptr<Script> m_script;
  std::unique_ptr<StatisticsStore> m_store;
};

void TestStatisticsStore::init() {
  m_script = std::make_unique<Script>();
  m_store = std::make_unique<StatisticsStore>(m_script->measure());
}

void TestStatisticsStore::cleanup() {
  m_store.reset();  // asks its threads to stop and waits for them
  m_script.reset();
}

void TestStatisticsStore::publishesTensorByTensor() {
  QSignalSpy updated(m_store.get(), &StatisticsStore::updated);
  m_store->setWanted(sources());
  QVERIFY(m_store->isBusy());
  QTRY_COMPARE(tensors(), std::size_t(1));
  QVERIFY(m_store->isBusy());
  QVERIFY(!m_store->statistics()->complete);
  QCOMPARE(m_store->statistics()->models, std::vector<std::string>{"prose"});
  m_script->release();
  QTRY_VERIFY(!m_store->isBusy());
  QCOMPARE(tensors(), std::size_t(2));
  QVERIFY(m_store->statistics()->complete);
  QCOMPARE(m_store->statistics()->notes, std::vector<std::string>{"a note"});
  QVERIFY(updated.count() >= 2);
}

void TestStatisticsStore::givenOutFiguresNeverChange() {
  m_store->setWanted(sources());
  QTRY_COMPARE(tensors(), std::size_t(1));
  const auto early = m_store->statistics();
  m_script->release();
  QTRY_VERIFY(!m_store->isBusy());
  QCOMPARE(early->tensors.size(), std::size_t(1));
}

void TestStatisticsStore::sameModelsAreNotMeasuredAgain() {
  m_store->setWanted(sources());
  m_store->setWanted(sources());
  m_script->release();
  QTRY_VERIFY(!m_store->isBusy());
  m_store->setWanted(sources());
  QVERIFY(!m_store->isBusy());
  QCOMPARE(m_script->started.load(), 1);
  QCOMPARE(m_script->stopped.load(), 0);
}

void TestStatisticsStore::otherModelsCancelThePass() {
  m_store->setWanted(sources());
  QTRY_COMPARE(tensors(), std::size_t(1));
  StatisticsSources others = sources();
  others.models.push_back(modelCalled("code"));
  others.names.emplace_back("code");
  m_store->setWanted(others);
  QCOMPARE(tensors(), std::size_t(0));  // figures of other models are not to be seen
  QTRY_COMPARE(m_script->stopped.load(), 1);
  QTRY_COMPARE(tensors(), std::size_t(1));
  QCOMPARE(m_store->statistics()->models.size(), std::size_t(2));
  m_script->release();
  QTRY_VERIFY(!m_store->isBusy());
  QCOMPARE(m_script->started.load(), 2);
}

void TestStatisticsStore::tooFewModelsMeasureNothing() {
  StatisticsSources few = sources();
  few.base = nullptr;
  m_store->setWanted(few);
  QVERIFY(!m_store->isBusy());
  few.base = m_base;
  few.models.clear();
  few.names.clear();
  m_store->setWanted(few);
  QVERIFY(!m_store->isBusy() && !m_store->ranksPending());
  QCOMPARE(m_script->started.load(), 0);
}

void TestStatisticsStore::failureIsToldAndTriedAgain() {
  m_script->fails = true;
  m_script->release();
  m_store->setWanted(sources());
  QSignalSpy updated(m_store.get(), &StatisticsStore::updated);
  QTRY_VERIFY(!m_store->failure().isEmpty());
  QVERIFY(updated.count() > 0);
  QCOMPARE(m_store->failure(), QStringLiteral("model.safetensors: cut short"));
  QVERIFY(!m_store->isBusy());
  m_script->fails = false;
  m_script->release();
  m_store->measureAgain();
  QVERIFY(m_store->failure().isEmpty());
  QTRY_VERIFY(!m_store->isBusy());
  QVERIFY(m_store->statistics()->complete);
}

void TestStatisticsStore::ranksFollowWhenIdle() {
  m_script->release();
  m_store->setWanted(sources());
  QTRY_VERIFY(!m_store->isBusy());
  QVERIFY(m_store->ranksPending());
  QVERIFY(!m_store->statistics()->tensors[0].figures.models[0]->stableRank);
  QTRY_COMPARE(m_script->ranksStarted.load(), 1);
  QVERIFY(!m_store->isBusy());  // nobody has to wait for it
  QTRY_COMPARE(m_store->statistics()->tensors[1].figures.models[0]->stableRank, std::optional(7.0));
  QVERIFY(!m_store->statistics()->tensors[0].figures.models[0]->stableRank);
  QCOMPARE(tensors(), std::size_t(2));
  QVERIFY(m_store->statistics()->complete);
  m_script->release();
  QTRY_VERIFY(!m_store->ranksPending());
  QCOMPARE(m_store->statistics()->tensors[0].figures.models[0]->stableRank, std::optional(7.0));
}

void TestStatisticsStore::ranksWaitForTheMerge() {
  m_script->release();
  m_store->setWanted(sources());
  QTRY_VERIFY(!m_store->isBusy());
  QTRY_COMPARE(m_script->ranksStarted.load(), 1);
  m_store->setIdle(false);
  QTRY_COMPARE(m_script->stopped.load(), 1);
  QVERIFY(m_store->ranksPending());
  QVERIFY(m_store->statistics()->complete);
  m_store->setIdle(true);
  QTRY_COMPARE(m_script->ranksStarted.load(), 2);
  m_script->release();
  QTRY_VERIFY(!m_store->ranksPending());
}

}  // namespace layerloom

QTEST_MAIN(layerloom::TestStatisticsStore)
#include "tst_statistics_store.moc"
