// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <clocale>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include <QTest>

#include "core/support/csv.h"
#include "core/support/text.h"

/// Text for people and numbers in files.
class TestText : public QObject {
  Q_OBJECT

 private slots:
  void escaping_data();
  void escaping();
  void escapingCutsLongText();
  void utf8_data();
  void utf8();
  void spelling_data();
  void spelling();
  void bytes_data();
  void bytes();
  void seconds_data();
  void seconds();
  void counts();
  void doubles_data();
  void doubles();
  void everyDoubleComesBack();
  void numbersInText_data();
  void numbersInText();
  void csvFields_data();
  void csvFields();
};

void TestText::escaping_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QByteArray>("shown");
  QTest::newRow("plain") << QByteArray("model.layers.0") << QByteArray("model.layers.0");
  QTest::newRow("umlaut") << QByteArray("Größe") << QByteArray("Größe");
  QTest::newRow("line break") << QByteArray("a\nb") << QByteArray("a\\u{000a}b");
  QTest::newRow("terminal control") << QByteArray("\x1b[31m") << QByteArray("\\u{001b}[31m");
  QTest::newRow("C1 control") << QByteArray("\xC2\x9B") << QByteArray("\\u{009b}");
  QTest::newRow("right to left override") << QByteArray("\xE2\x80\xAE") << QByteArray("\\u{202e}");
  QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("a\\u{0000}b");
  QTest::newRow("not UTF-8") << QByteArray("a\xFF") << QByteArray("a\\xff");
  QTest::newRow("cut sequence") << QByteArray("a\xE2\x80") << QByteArray("a\\xe2\\x80");
  QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << QByteArray("\\xed\\xa0\\x80");
}

void TestText::escaping() {
  QFETCH(QByteArray, text);
  QFETCH(QByteArray, shown);
  QCOMPARE(QByteArray::fromStdString(layerloom::escaped(text.toStdString())), shown);
}

void TestText::escapingCutsLongText() {
  const std::string cut = layerloom::escaped(std::string(1000, 'x'), 50);
  QVERIFY(cut.size() <= 50 + 4 && cut.ends_with("…"));
  QCOMPARE(layerloom::escaped(std::string(50, 'x'), 50), std::string(50, 'x'));
}

void TestText::utf8_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<bool>("good");
  QTest::newRow("empty") << QByteArray("") << true;
  QTest::newRow("one to four bytes") << QByteArray("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80") << true;
  QTest::newRow("lone continuation") << QByteArray("\x80") << false;
  QTest::newRow("overlong") << QByteArray("\xC0\xAF") << false;
  QTest::newRow("overlong, three bytes") << QByteArray("\xE0\x80\xAF") << false;
  QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << false;
  QTest::newRow("past the last code point") << QByteArray("\xF4\x90\x80\x80") << false;
  QTest::newRow("cut short") << QByteArray("\xF0\x9F\x98") << false;
  QTest::newRow("FF") << QByteArray("\xFF") << false;
}

void TestText::utf8() {
  QFETCH(QByteArray, text);
  QFETCH(bool, good);
  QCOMPARE(layerloom::isUtf8(text.toStdString()), good);
}

void TestText::spelling_data() {
  QTest::addColumn<QString>("word");
  QTest::addColumn<QString>("nearest");  // empty: none
  QTest::newRow("dash") << "dare-ties"
                        << "dare_ties";
  QTest::newRow("letter missing") << "liner"
                                  << "linear";
  QTest::newRow("letters swapped") << "linaer"
                                   << "linear";
  QTest::newRow("the word itself") << "ties"
                                   << "ties";
  QTest::newRow("nothing like it") << "quadratic"
                                   << "";
  QTest::newRow("empty") << ""
                         << "";
}

void TestText::spelling() {
  QFETCH(QString, word);
  QFETCH(QString, nearest);
  const auto found =
      layerloom::nearestSpelling(word.toStdString(), {"linear", "slerp", "ties", "dare_ties", "dare_linear"});
  QCOMPARE(QString::fromStdString(found.value_or("")), nearest);
}

void TestText::bytes_data() {
  QTest::addColumn<quint64>("bytes");
  QTest::addColumn<QString>("shown");
  QTest::newRow("none") << quint64(0) << "0 B";
  QTest::newRow("few") << quint64(999) << "999 B";
  QTest::newRow("kilo") << quint64(1000) << "1.00 kB";
  QTest::newRow("mega") << quint64(3'040'000) << "3.04 MB";
  QTest::newRow("tens") << quint64(45'600'000) << "45.6 MB";
  QTest::newRow("hundreds") << quint64(456'000'000'000) << "456 GB";
  QTest::newRow("rounded up to the next unit") << quint64(999'999) << "1.00 MB";
}

void TestText::bytes() {
  QFETCH(quint64, bytes);
  QFETCH(QString, shown);
  QCOMPARE(QString::fromStdString(layerloom::formatBytes(bytes)), shown);
}

void TestText::seconds_data() {
  QTest::addColumn<double>("seconds");
  QTest::addColumn<QString>("shown");
  QTest::newRow("short") << 0.4 << "0.4 s";
  QTest::newRow("seconds") << 14.2 << "14 s";
  QTest::newRow("minutes") << 200.0 << "3 min 20 s";
  QTest::newRow("hours") << 7500.0 << "2 h 5 min";
}

void TestText::seconds() {
  QFETCH(double, seconds);
  QFETCH(QString, shown);
  QCOMPARE(QString::fromStdString(layerloom::formatSeconds(seconds)), shown);
}

void TestText::counts() {
  const auto digits = [](std::uint64_t count) {
    QString text = QString::fromStdString(layerloom::formatCount(count));
    return text.remove(QRegularExpression(QStringLiteral("[^0-9]")));
  };
  QCOMPARE(layerloom::formatCount(999), std::string("999"));
  QCOMPARE(digits(1'523'584), QStringLiteral("1523584"));
  QVERIFY(layerloom::formatCount(1'523'584) != "1523584");
}

void TestText::doubles_data() {
  QTest::addColumn<double>("value");
  QTest::addColumn<QString>("text");
  QTest::newRow("half") << 0.5 << "0.5";
  QTest::newRow("whole") << 2.0 << "2.0";
  QTest::newRow("tenth") << 0.1 << "0.1";
  QTest::newRow("tiny") << 1e-7 << "1.0e-07";
  QTest::newRow("huge") << 1e22 << "1.0e+22";
  QTest::newRow("many digits") << 1.25e-9 << "1.25e-09";
  QTest::newRow("negative") << -3.0 << "-3.0";
  QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << ".inf";
  QTest::newRow("minus infinite") << -std::numeric_limits<double>::infinity() << "-.inf";
  QTest::newRow("no number") << std::nan("") << ".nan";
}

void TestText::doubles() {
  QFETCH(double, value);
  QFETCH(QString, text);
  QCOMPARE(QString::fromStdString(layerloom::formatDouble(value)), text);
}

void TestText::everyDoubleComesBack() {
  // What PyYAML takes for a float: digits with a point, and an exponent with a sign.
  const QRegularExpression yamlFloat(QStringLiteral("^-?[0-9]+\\.[0-9]+(e[-+][0-9]+)?$"));
  std::mt19937_64 generator(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = generator();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) {
      continue;
    }
    const std::string text = layerloom::formatDouble(value);
    QVERIFY2(yamlFloat.match(QString::fromStdString(text)).hasMatch(), text.c_str());
    QVERIFY2(layerloom::parseDouble(text) == value, text.c_str());
  }
}

void TestText::numbersInText_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<bool>("isNumber");
  QTest::addColumn<double>("value");
  const auto good = [](const char* text, double value) { QTest::newRow(text) << text << true << value; };
  good("1", 1);
  good("-2.5", -2.5);
  good("+3", 3);
  good("1e-5", 1e-5);
  good("1.0e-05", 1e-5);
  good(".5", 0.5);
  good("5.", 5);
  for (const char* text :
       {"", " ", "one", "1 ", " 1", "0x10", "1,5", "1.2.3", "--1", "+-1", "inf", "nan", "1e", "e5", "1_000", "."}) {
    QTest::newRow(qPrintable(QStringLiteral("not \"%1\"").arg(QString::fromLatin1(text)))) << text << false << 0.0;
  }
}

void TestText::numbersInText() {
  QFETCH(QString, text);
  QFETCH(bool, isNumber);
  QFETCH(double, value);
  const auto parsed = layerloom::parseDouble(text.toStdString());
  QCOMPARE(parsed.has_value(), isNumber);
  QCOMPARE(parsed.value_or(0), value);
}

void TestText::csvFields_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QByteArray>("field");
  QTest::newRow("name") << QByteArray("model.layers.0.weight") << QByteArray("model.layers.0.weight");
  QTest::newRow("empty") << QByteArray() << QByteArray();
  QTest::newRow("comma") << QByteArray("a,b") << QByteArray("\"a,b\"");
  QTest::newRow("quotes") << QByteArray("a \"b\"") << QByteArray("\"a \"\"b\"\"\"");
  QTest::newRow("formula") << QByteArray("=1+2") << QByteArray("'=1+2");
  QTest::newRow("plus") << QByteArray("+1") << QByteArray("'+1");
  QTest::newRow("minus") << QByteArray("-1") << QByteArray("'-1");
  QTest::newRow("at") << QByteArray("@SUM(A1)") << QByteArray("'@SUM(A1)");
  QTest::newRow("tab") << QByteArray("\t=1") << QByteArray("'\t=1");
  QTest::newRow("carriage return") << QByteArray("\r=1") << QByteArray("\"'\r=1\"");
  QTest::newRow("line feed") << QByteArray("\n=1") << QByteArray("\"'\n=1\"");
  QTest::newRow("formula with quotes") << QByteArray("=HYPERLINK(\"x\",\"y\")") << QByteArray("\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
  QTest::newRow("sign inside") << QByteArray("a=b") << QByteArray("a=b");
}

void TestText::csvFields() {
  QFETCH(QByteArray, text);
  QFETCH(QByteArray, field);
  QCOMPARE(QByteArray::fromStdString(layerloom::csvField(text.toStdString())), field);
}

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
