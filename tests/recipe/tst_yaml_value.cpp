// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <clocale>

#include <QElapsedTimer>
#include <QTest>

#include "core/recipe/yaml_value.h"
#include "core/support/text.h"

using layerloom::parseYaml;
using layerloom::YamlValue;

/// The YAML reader and its limits.
class TestYamlValue : public QObject {
  Q_OBJECT

 private slots:
  void readsATree();
  void positionsCountFromOne();
  void aliasesAreExpanded();
  void refused_data();
  void refused();
  void limitsAreQuick_data();
  void limitsAreQuick();
  void acceptedOddities_data();
  void acceptedOddities();
  void positionsOfErrors_data();
  void positionsOfErrors();
  void errorsAreSafeToShow();
  void loneReturnsEndLines();
  void localeDoesNotMatter();
  void plainSafe_data();
  void plainSafe();
  void typedWhenPlain_data();
  void typedWhenPlain();
  void shortEscapesAreCharacters();
  void tabsInATimeAreSpaces();
  void samenessIgnoresPositions();
};

namespace {

QByteArray repeated(const char* text, int count) {
  return QByteArray(text).repeated(count);
}

}  // namespace

void TestYamlValue::readsATree() {
  const auto root = parseYaml("a: 1\nb: [x, 'y', \"z\"]\nc: {d: ~, e: null, f: ''}\n");
  QVERIFY(root.has_value());
  QVERIFY(root->isMapping());
  QCOMPARE(root->entries.size(), std::size_t{3});
  QCOMPARE(root->find("a")->text, std::string("1"));
  QVERIFY(!root->find("a")->quoted);
  QCOMPARE(root->find("b")->items.size(), std::size_t{3});
  QVERIFY(!root->find("b")->items[0].quoted);
  QVERIFY(root->find("b")->items[1].quoted && root->find("b")->items[2].quoted);
  QVERIFY(root->find("c")->find("d")->isNull());
  QVERIFY(root->find("c")->find("e")->isNull());
  QVERIFY(root->find("c")->find("f")->isScalar());
  QVERIFY(root->find("g") == nullptr);
}

void TestYamlValue::positionsCountFromOne() {
  const auto root = parseYaml("a: 1\nlist:\n  - x\n  - key: value\n");
  QVERIFY(root.has_value());
  QCOMPARE(root->find("a")->where.line, 1);
  QCOMPARE(root->find("a")->where.column, 4);
  QCOMPARE(root->find("list")->keyWhere.line, 2);
  QCOMPARE(root->find("list")->keyWhere.column, 1);
  const YamlValue& value = *root->find("list")->items[1].find("key");
  QCOMPARE(value.where.line, 4);
  QCOMPARE(value.where.column, 10);
}

void TestYamlValue::aliasesAreExpanded() {
  const auto root = parseYaml("a: &x [1, 2]\nb: *x\n");
  QVERIFY(root.has_value());
  QVERIFY(root->find("b")->sameAs(*root->find("a")));
}

void TestYamlValue::refused_data() {
  QTest::addColumn<QByteArray>("text");
  const auto row = [](const char* name, const QByteArray& text) { QTest::newRow(name) << text; };
  row("nothing", "");
  row("comments alone", "# a\n# b\n");
  row("two documents", "a: 1\n---\nb: 2\n");
  row("text after a list", "- a\nb\n");
  row("text after a mapping", "a: 1\nb\n");
  row("text after a string", "\"a\" b\n");
  row("commas", ", , ,\n");
  row("key twice", "a: 1\na: 2\n");
  row("key twice, once quoted", "a: 1\n\"a\": 2\n");
  row("key twice within", "p:\n  a: 1\n  a: 2\n");
  row("key twice in braces", "{a: 1, a: 2}\n");
  row("merge key twice", "a: &a {x: 1}\nb: {<<: *a, <<: *a}\n");
  row("merge key of a word", "c:\n  <<: word\n");
  row("merge key of words", "c:\n  <<: [a, b]\n");
  row("list as a key", "? [a]\n: 1\n");
  row("mapping as a key", "? {a: 1}\n: 1\n");
  row("unknown alias", "a: *nowhere\n");
  row("alias to itself", "a: &x [*x]\n");
  row("Python object", "a: !!python/object/apply:os.system ['true']\n");
  row("tag of one's own", "a: !mine 1\n");
  row("tag of a number", "!2\n");
  row("open brackets", "[[:\n");
  row("odd bytes", "{!\xdb:");
  row("unterminated quote", "a: \"b\n");
  row("unterminated quote behind a byte order mark",
      "\xEF\xBB\xBF"
      "a: \"b\n");
  row("unterminated quote behind carriage returns", "# x\r\na: \"b\r\n");
  row("unterminated list", "a: [b\n");
  row("NUL", QByteArray("a: \0b\n", 6));
  row("control character", "a: \x04\n");
  row("delete character", "a: \x7f\n");
  row("not UTF-8", "a: \xff\n");
  row("UTF-16", QByteArray("\xff\xfe"
                           "a\0:\0",
                           6));
  row("tab for indentation", "a:\n\tb: 1\n");
}

void TestYamlValue::refused() {
  QFETCH(QByteArray, text);
  const auto root = parseYaml(text.toStdString());
  QVERIFY(!root.has_value());
  QVERIFY(!root.error().message.empty());
}

void TestYamlValue::limitsAreQuick_data() {
  QTest::addColumn<QByteArray>("text");
  const auto row = [](const char* name, const QByteArray& text) { QTest::newRow(name) << text; };
  row("600 deep", repeated("[", 600) + repeated("]", 600));
  row("100,000 deep", repeated("[", 100'000) + repeated("]", 100'000));
  row("a million open", repeated("[", 1'000'000));
  row("100,000 dashes", repeated("- ", 100'000));
  row("100,000 question marks", repeated("? ", 100'000));
  QByteArray blocks;
  for (int i = 0; i < 1000; ++i) {
    blocks += QByteArray(i, ' ') + "a:\n";
  }
  row("1,000 blocks deep", blocks);
  QByteArray bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name <= 'i'; ++name) {
    const QByteArray alias = QByteArray("*") + static_cast<char>(name - 1);
    bomb += QByteArray(1, name) + ": &" + name + " [" + (alias + ", ").repeated(8) + alias + "]\n";
  }
  row("alias bomb", bomb);
  row("too long", "a: " + QByteArray(2 << 20, 'x'));
  row("unterminated quote, a megabyte", "a: \"" + QByteArray((1 << 20) - 100, 'x'));
  QByteArray values = "[";
  for (int i = 0; i < 150'000; ++i) {
    values += "1,";
  }
  row("150,000 values", values + "1]");
}

void TestYamlValue::limitsAreQuick() {
  QFETCH(QByteArray, text);
  QElapsedTimer timer;
  timer.start();
  const auto root = parseYaml(text.toStdString());
  QVERIFY(!root.has_value());
  // A bound on hanging, not on speed: the machine may be busy or slowed by a sanitizer.
  QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
}

void TestYamlValue::acceptedOddities_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::newRow("byte order mark") << QByteArray(
      "\xEF\xBB\xBF"
      "a: 1\n");
  QTest::newRow("carriage returns") << QByteArray("a: 1\r\nb: 2\r\n");
  QTest::newRow("line separator in text") << QByteArray("a: \"x\xE2\x80\xA8y\"\n");
  QTest::newRow("explicit document") << QByteArray("---\na: 1\n...\n");
  QTest::newRow("core tag") << QByteArray("a: !!str 1\n");
  QTest::newRow("60 deep") << repeated("[", 60) + repeated("]", 60);
}

void TestYamlValue::acceptedOddities() {
  QFETCH(QByteArray, text);
  const auto root = parseYaml(text.toStdString());
  QVERIFY2(root.has_value(), root.has_value() ? "" : root.error().message.c_str());
}

void TestYamlValue::positionsOfErrors_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<int>("line");
  QTest::addColumn<int>("column");
  QTest::newRow("key twice") << QByteArray("a: 1\nb: 2\na: 3\n") << 3 << 1;
  QTest::newRow("control character") << QByteArray("a: 1\nb: \x04\n") << 2 << 4;
  QTest::newRow("behind a byte order mark") << QByteArray("\xEF\xBB\xBF" "b: \x04\n") << 1 << 4;
  QTest::newRow("behind a lone return") << QByteArray("a: 1\rb: \x04\n") << 2 << 4;
  QTest::newRow("behind letters of several bytes") << QByteArray("\xC3\xA4\xE2\x82\xAC: \x04\n") << 1 << 5;
  QTest::newRow("tag") << QByteArray("a: 1\n\nb: !mine 1\n") << 3 << 4;
  QTest::newRow("second document") << QByteArray("a: 1\n---\nb: 1\n") << 3 << 1;
  QTest::newRow("syntax") << QByteArray("a: 1\nb: ]\n") << 2 << 4;
}

void TestYamlValue::positionsOfErrors() {
  QFETCH(QByteArray, text);
  QFETCH(int, line);
  QFETCH(int, column);
  const auto root = parseYaml(text.toStdString());
  QVERIFY(!root.has_value());
  QCOMPARE(root.error().where.line, line);
  QCOMPARE(root.error().where.column, column);
}

void TestYamlValue::errorsAreSafeToShow() {
  // The parser's own message repeats a character of the text.
  for (const char* text : {"a: \"\\\xE2\x80\xAE\"\n", "a: \"\\"}) {
    const auto root = parseYaml(text);
    QVERIFY(!root.has_value());
    QCOMPARE(layerloom::escaped(root.error().message), root.error().message);
  }
}

void TestYamlValue::loneReturnsEndLines() {
  const auto root = parseYaml("a: 1\rb: x\r  y\r\rc: \"z\\r\"\r\n");
  QVERIFY2(root.has_value(), root.has_value() ? "" : root.error().message.c_str());
  QCOMPARE(root->entries.size(), std::size_t{3});
  QCOMPARE(root->find("a")->text, std::string("1"));
  QCOMPARE(root->find("b")->text, std::string("x y"));
  QCOMPARE(root->find("c")->text, std::string("z\r"));
  QCOMPARE(root->find("c")->where.line, 5);
}

void TestYamlValue::localeDoesNotMatter() {
  // Where the locale is not installed the call fails and the test repeats what others have shown.
  std::setlocale(LC_NUMERIC, "de_DE.UTF-8");
  const auto root = parseYaml("a: 0.5\nb: 1,5\n");
  std::setlocale(LC_NUMERIC, "C");
  QVERIFY(root.has_value());
  QCOMPARE(root->find("a")->text, std::string("0.5"));
  QCOMPARE(root->find("b")->text, std::string("1,5"));
}

void TestYamlValue::plainSafe_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<bool>("safe");
  for (const char* text : {"linear", "llama-math", "org/model", "model.layers", "./model", "float32", "dare_ties"}) {
    QTest::newRow(text) << text << true;
  }
  // What PyYAML would take for something else, or not read at all.
  for (const char* text : {"",     "no",  "No",   "YES",  "on",         "off",  "true", "null",  "~",   "1.0",  "12",
                           "0x10", "1e3", ".nan", ".inf", "2024-01-01", "1:30", "010",  "1_000", "- a", "a: b", "#a",
                           "a #b", "[a",  "{a",   "*a",   "&a",         "!a",   "%a",   "@a",    "`a",  "'a",   "\"a",
                           " a",   "a ",  "a\nb", ">",    "|",          "?",    "-",    "=",     "<<"}) {
    QTest::newRow(qPrintable(QStringLiteral("\"%1\"").arg(QString::fromLatin1(text)))) << text << false;
  }
}

void TestYamlValue::plainSafe() {
  QFETCH(QString, text);
  QFETCH(bool, safe);
  QCOMPARE(layerloom::isPlainSafe(text.toStdString()), safe);
}

void TestYamlValue::typedWhenPlain_data() {
  QTest::addColumn<bool>("typed");
  for (const char* text : {"no", "Yes", "on", "true", "null", "y", "~", "=", "<<", "0", "1.0", "-1", "+.5", "0x1F", "0b1", "010", "1_000", "1e3",
                           "1:30", ".nan", "-.inf", "2024-01-01", "2001-12-14 21:59:43.10 -5"}) {
    QTest::newRow(text) << true;
  }
  for (const char* text : {"linear", "a b", "a:b", "-", "+", "-x", "0\n5", "1,5", "5}", "größe", "[", "*a", "no no", "0.2\t5"}) {
    QTest::newRow(text) << false;
  }
}

void TestYamlValue::typedWhenPlain() {
  QFETCH(bool, typed);
  QCOMPARE(layerloom::isTypedWhenPlain(QTest::currentDataTag()), typed);
}

/// As PyYAML reads them; the library gives single bytes for two of them.
void TestYamlValue::shortEscapesAreCharacters() {
  const auto root = parseYaml("a: \"\\N\\_\\L\\Pé\\N€\\_x\"\n\"\\_\": 1\n");
  QVERIFY(root.has_value());
  QCOMPARE(QString::fromStdString(root->find("a")->text), QStringLiteral("\u0085\u00A0\u2028\u2029é\u0085€\u00A0x"));
  QVERIFY(root->find("\u00A0") != nullptr);
}

/// The writer would put a plain scalar with a tab in quotes, which makes a text of it.
void TestYamlValue::tabsInATimeAreSpaces() {
  const auto root = parseYaml("a: 2001-12-14\t21:59:43.10 \t-5\nb: 0.2\t5\nc: \"2001-12-14\t21:59:43\"\n");
  QVERIFY(root.has_value());
  QCOMPARE(root->find("a")->text, std::string("2001-12-14 21:59:43.10  -5"));
  QCOMPARE(root->find("b")->text, std::string("0.2\t5"));
  QCOMPARE(root->find("c")->text, std::string("2001-12-14\t21:59:43"));
}

void TestYamlValue::samenessIgnoresPositions() {
  const auto a = parseYaml("a: [1, x]\n");
  const auto b = parseYaml("\n\na:\n  - 1\n  - 'x'\n");
  const auto quotedNumber = parseYaml("a: ['1', x]\n");
  const auto lines = parseYaml("a: 0.\n\n  5\n");
  const auto quotedLines = parseYaml("a: \"0.\\n5\"\n");
  const auto otherOrder = parseYaml("a: [x, 1]\n");
  QVERIFY(a->sameAs(*b));
  QVERIFY(!a->sameAs(*quotedNumber));
  QVERIFY(!a->sameAs(*otherOrder));
  // Nothing but a text has line ends in it, or is a dash.
  QVERIFY(lines->sameAs(*quotedLines));
  QVERIFY(parseYaml("[0, -]\n")->sameAs(*parseYaml("[0, \"-\"]\n")));
}

QTEST_APPLESS_MAIN(TestYamlValue)
#include "tst_yaml_value.moc"
