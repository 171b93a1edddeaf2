// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>
#include <set>

#include <QRegularExpression>
#include <QTest>

#include "core/methods/spec.h"
#include "tests/common/cli_run.h"
#include "tests/common/safetensors_data.h"

namespace layerloom {
namespace {

using test::CliRun;
using test::runCliWith;
using Json = nlohmann::json;

/// `layerloom-cli methods`: the table of methods for people, programs and the page of the documentation.
class TestCliMethods : public QObject {
  Q_OBJECT

 private slots:
  void oneMethodAsText();
  void jsonHoldsTheTable();
  void markdownHoldsTheTable();
  void thePageIsUpToDate();
  void faultsAreRefused_data();
  void faultsAreRefused();
};

void TestCliMethods::oneMethodAsText() {
  const CliRun run = runCliWith({"methods", "della"});
  QCOMPARE(run.status, 0);
  QCOMPARE(run.err, std::string());
  const QString text = QString::fromStdString(run.out);
  QVERIFY2(text.startsWith("della  DELLA + TIES\n"), run.out.c_str());
  QVERIFY2(text.contains(QRegularExpression("\n +epsilon +0\\.15 +per model +.*\\(0 … 0\\.5\\)\n")), run.out.c_str());
  QVERIFY2(text.contains(QRegularExpression("\n +weight +required +per model ")), run.out.c_str());
  QVERIFY2(!text.contains("slerp"), run.out.c_str());
}

void TestCliMethods::jsonHoldsTheTable() {
  const CliRun run = runCliWith({"methods", "--json"});
  QCOMPARE(run.status, 0);
  const Json json = Json::parse(run.out);
  QCOMPARE(json.at("version").get<int>(), 1);
  QCOMPARE(json.at("methods").size(), methodSpecs().size());
  const auto sameNumber = [](const Json& value, const std::optional<double>& wanted) {
    return wanted ? value == Json(*wanted) : value.is_null();
  };
  for (std::size_t i = 0; i < methodSpecs().size(); ++i) {
    const MethodSpec& spec = methodSpecs()[i];
    const Json& method = json.at("methods").at(i);
    QCOMPARE(method.at("name").get<std::string>(), spec.name);
    QCOMPARE(method.at("formula").get<std::string>(), spec.formula);
    QCOMPARE(method.at("random").get<bool>(), spec.random);
    QCOMPARE(method.at("parameters").size(), spec.parameters.size());
    for (std::size_t j = 0; j < spec.parameters.size(); ++j) {
      const ParameterSpec& parameterSpec = spec.parameters[j];
      const Json& parameter = method.at("parameters").at(j);
      QCOMPARE(parameter.at("name").get<std::string>(), parameterSpec.name);
      QCOMPARE(parameter.at("type").get<std::string>(),
               std::string(parameterSpec.type == ParameterType::Boolean ? "boolean" : "number"));
      QCOMPARE(parameter.at("scope").get<std::string>(),
               std::string(parameterSpec.scope == ParameterScope::Input ? "input" : "method"));
      QCOMPARE(parameter.at("required").get<bool>(), !parameterSpec.standard.has_value());
      QCOMPARE(parameter.at("has_effect").get<bool>(), parameterSpec.hasEffect);
      QVERIFY2(sameNumber(parameter.at("standard"), parameterSpec.standard), parameter.dump().c_str());
      QVERIFY2(sameNumber(parameter.at("least"), parameterSpec.least), parameter.dump().c_str());
      QVERIFY2(sameNumber(parameter.at("greatest"), parameterSpec.greatest), parameter.dump().c_str());
    }
  }
  const Json one = Json::parse(runCliWith({"methods", "ties", "--json"}).out);
  QCOMPARE(one.at("methods").size(), std::size_t{1});
}

void TestCliMethods::markdownHoldsTheTable() {
  const CliRun run = runCliWith({"methods", "--markdown"});
  QCOMPARE(run.status, 0);
  const QString page = QString::fromStdString(run.out);
  QVERIFY(page.startsWith("# Merge methods\n"));
  qsizetype at = 0;
  for (const MethodSpec& spec : methodSpecs()) {
    const QString heading =
        QString("\n## `%1`: %2\n").arg(QString::fromStdString(spec.name), QString::fromStdString(spec.label));
    at = page.indexOf(heading, at);
    QVERIFY2(at >= 0, qPrintable(heading));
    const QString part = page.mid(at, page.indexOf("\n## ", at + 1) - at);
    for (const ParameterSpec& parameter : spec.parameters) {
      // Five cells: a bar within one would make more of them.
      const QString row = QString("\n| `%1` |").arg(QString::fromStdString(parameter.name));
      const qsizetype begin = part.indexOf(row);
      QVERIFY2(begin >= 0, qPrintable(heading + row));
      QCOMPARE(part.mid(begin + 1, part.indexOf('\n', begin + 1) - begin - 1).count('|'), 6);
    }
  }
}

/// The text without the SPDX lines at its top.
std::string withoutLicence(std::string text) {
  while (text.starts_with("<!-- SPDX-")) {
    text.erase(0, text.find('\n') + 1);
  }
  return text;
}

void TestCliMethods::thePageIsUpToDate() {
  const std::string page = test::readBytes(LAYERLOOM_SOURCE_DIR "/resources/docs/methods.md");
  QVERIFY2(withoutLicence(page) == runCliWith({"methods", "--markdown"}).out,
           "make resources/docs/methods.md anew with layerloom-cli methods --markdown, below its SPDX lines");
}

void TestCliMethods::faultsAreRefused_data() {
  QTest::addColumn<QStringList>("args");
  QTest::addColumn<QString>("message");
  QTest::newRow("mistyped") << QStringList{"methods", "tiez"} << "did you mean \"ties\"?";
  QTest::newRow("far from all") << QStringList{"methods", "xxxxxxxxxxxx"} << "use one of: linear, slerp";
  QTest::newRow("two forms") << QStringList{"methods", "--json", "--markdown"} << "--markdown";
  QTest::newRow("escapes") << QStringList{"methods", "a\x1b[31m"} << "there is no merge method \"a";
}

void TestCliMethods::faultsAreRefused() {
  QFETCH(QStringList, args);
  QFETCH(QString, message);
  std::vector<std::string> list;
  std::transform(args.begin(), args.end(), std::back_inserter(list),
                 [](const QString& text) { return text.toStdString(); });
  const CliRun run = runCliWith(list);
  QCOMPARE(run.status, 2);
  QCOMPARE(run.out, std::string());
  QVERIFY2(QString::fromStdString(run.err).contains(message), run.err.c_str());
  QVERIFY(run.err.find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestCliMethods)
#include "tst_cli_methods.moc"
