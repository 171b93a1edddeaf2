// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QTest>

#include "core/checkpoint/module_pattern.h"

using layerloom::ModulePattern;

/// Keys of rank_pattern and alpha_pattern, as Python's re takes them between "^(.*\.)?(" and ")$".
class TestModulePattern : public QObject {
  Q_OBJECT

 private slots:
  void matchesAsPeftDoes_data();
  void matchesAsPeftDoes();
  void refusesTheRest_data();
  void refusesTheRest();
  void hostileKeysTakeLinearTime();
};

void TestModulePattern::matchesAsPeftDoes_data() {
  QTest::addColumn<QByteArray>("key");
  QTest::addColumn<QByteArray>("module");
  QTest::addColumn<bool>("matches");
  const auto row = [](const char* name, const char* key, const char* module, bool matches) {
    QTest::newRow(name) << QByteArray(key) << QByteArray(module) << matches;
  };
  const char* q0 = "model.layers.0.self_attn.q_proj";
  row("the whole name", "model.layers.0.self_attn.q_proj", q0, true);
  row("its end", "q_proj", q0, true);
  row("its end after a dot only", "proj", q0, false);
  row("not its start", "model", q0, false);
  row("another layer", "layers.1.self_attn.q_proj", q0, false);
  row("a dot is any character", "self_attn.q.proj", q0, true);
  row("an escaped dot is a dot", "self_attn\\.q\\.proj", q0, false);
  row("stars", ".*layers.*q_proj", q0, true);
  row("a class", "layers.[0-3].self_attn.[qk]_proj", q0, true);
  row("outside the class", "layers.[1-3].self_attn.q_proj", q0, false);
  row("an inverted class", "layers.[^1-3].self_attn.q_proj", q0, true);
  row("digits", "layers\\.\\d+\\.self_attn.q_proj", "model.layers.12.self_attn.q_proj", true);
  row("alternatives", "k_proj|q_proj", q0, true);
  row("none of the alternatives", "k_proj|v_proj", q0, false);
  row("anchored", "^model.layers.0.self_attn.q_proj$", q0, true);
  row("anchored elsewhere", "^layers.0.self_attn.q_proj", q0, false);
  row("optional", "layers.0.self_attn.qk?_proj", q0, true);
  row("at least one", "layers.0.self_attn.qk+_proj", q0, false);
}

void TestModulePattern::matchesAsPeftDoes() {
  QFETCH(QByteArray, key);
  QFETCH(QByteArray, module);
  QFETCH(bool, matches);
  const auto pattern = ModulePattern::parse(key.toStdString());
  QVERIFY(pattern.has_value());
  QCOMPARE(pattern->matches(module.toStdString()), matches);
}

void TestModulePattern::refusesTheRest_data() {
  QTest::addColumn<QByteArray>("key");
  for (const char* key : {"(a|b)", "a{2}", "[a", "a**", "*a", "\\w", "a\\", "[]", "[\\d]"}) {
    QTest::newRow(key) << QByteArray(key);
  }
  QTest::newRow("very long") << QByteArray(5000, 'a');
}

void TestModulePattern::refusesTheRest() {
  QFETCH(QByteArray, key);
  const auto pattern = ModulePattern::parse(key.toStdString());
  QVERIFY(!pattern.has_value());
  QVERIFY(pattern.error().message.find(key.first(1).toStdString()) != std::string::npos);
  QVERIFY(!pattern.error().remedy.empty());
}

void TestModulePattern::hostileKeysTakeLinearTime() {
  std::string key;
  for (int i = 0; i < 300; ++i) {
    key += "a*";
  }
  const auto pattern = ModulePattern::parse(key + "b");
  QVERIFY(pattern.has_value());
  QElapsedTimer timer;
  timer.start();
  QVERIFY(!pattern->matches(std::string(2000, 'a')));
  QVERIFY(timer.elapsed() < 5000);
}

QTEST_APPLESS_MAIN(TestModulePattern)
#include "tst_module_pattern.moc"
