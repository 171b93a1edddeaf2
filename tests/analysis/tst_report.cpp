// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "core/report/html.h"
#include "core/report/pdf.h"
#include "core/report/report.h"
#include "tests/common/cli_run.h"
#include "tests/common/safetensors_data.h"

using namespace layerloom;
using namespace layerloom::report;
using namespace layerloom::test;

/// The page for colleagues.
class TestReport : public QObject {
  Q_OBJECT

 private slots:
  void namesCannotBreakThePage();
  void thePageNeedsNoOtherFile();
  void everySectionIsThere();
  void recipeAndCurvesAreThere();
  void pdfHasPages();
  void axesAreRound_data();
  void axesAreRound();
  void heatScaleLeavesOutliersAside();
  void otherEndingsAreRefused();
  void speaksAnotherLanguage();

 private:
  CliRun write(const std::string& name, const std::vector<std::string>& more = {}) const;
  std::string path(const std::string& name) const { return m_folder.path().toStdString() + "/" + name; }

  QTemporaryDir m_folder;
};

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

CliRun TestReport::write(const std::string& name, const std::vector<std::string>& more) const {
  std::vector<std::string> arguments = {"stats", "base", "prose", "far", "--model-dir", LAYERLOOM_SAMPLES, "--no-cache", "--report", path(name)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return runCliWith(arguments);
}

void TestReport::namesCannotBreakThePage() {
  const std::string evil = "<script>alert(1)</script>\"&";
  Document document{evil, {evil}, {{evil, {Paragraph{evil, evil}, Table{{evil}, {{evil}}, 1}, LineChart{evil, {{evil, {0.5}}}},
                                           HeatMap{evil, {evil}, {evil}, {{std::nullopt}}}, Code{evil}}}}};
  const std::string html = toHtml(document);
  QVERIFY(!contains(html, "<script"));
  QVERIFY(contains(html, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;"));
  QVERIFY(toPdf(document).has_value());
}

void TestReport::thePageNeedsNoOtherFile() {
  QCOMPARE(write("page.html").status, 0);
  const std::string html = readBytes(path("page.html"));
  for (const char* part : {"http:", "https:", "src=", "href=", "@import", "<script", "<link"}) {
    QVERIFY2(!contains(html, part), part);
  }
}

void TestReport::everySectionIsThere() {
  QCOMPARE(write("all.html").status, 0);
  const std::string html = readBytes(path("all.html"));
  for (const char* part : {"<h2>Advice</h2>", "far moved far from the base", "<h2>Models</h2>", "prose – far", "<h2>Divergence</h2>", "far: relative delta",
                           "diverged most", "lm_head.weight", "<h2>Sources</h2>", "model.safetensors", "base (base)"}) {
    QVERIFY2(contains(html, part), part);
  }
  QVERIFY(!contains(html, "<h2>Recipe</h2>"));
}

void TestReport::recipeAndCurvesAreThere() {
  QCOMPARE(write("recipe.html", {"--recipe", LAYERLOOM_SAMPLES "/starter.layerloom.yml"}).status, 0);
  const std::string html = readBytes(path("recipe.html"));
  QVERIFY(contains(html, "<h1>Merge report</h1>"));
  QVERIFY(contains(html, "merge_method: task_arithmetic"));
  QVERIFY(contains(html, "weight by layer"));
  const CliRun refused = write("no.html", {"--recipe", path("absent.yml")});
  QVERIFY(refused.status != 0);
  QVERIFY(!std::filesystem::exists(path("no.html")));
}

void TestReport::pdfHasPages() {
  QCOMPARE(write("page.pdf").status, 0);
  const std::string pdf = readBytes(path("page.pdf"));
  QVERIFY(pdf.starts_with("%PDF-"));
  QVERIFY(contains(pdf, "%%EOF"));
  Document longOne{"long", {}, {{"many", {}}}};
  for (int i = 0; i < 200; ++i) {
    longOne.sections[0].blocks.emplace_back(Paragraph{"", std::string(400, 'x') + " words that have to be broken into lines, ‖Δ‖ among them"});
  }
  const std::string pages = toPdf(longOne).value();
  QVERIFY(QByteArray::fromStdString(pages).count("/Type /Page ") > 5);
}

void TestReport::axesAreRound_data() {
  QTest::addColumn<double>("least");
  QTest::addColumn<double>("greatest");
  QTest::addColumn<int>("ticks");
  QTest::newRow("shares") << 0.0 << 0.36 << 5;
  QTest::newRow("negative too") << -0.4 << 1.0 << 4;
  QTest::newRow("small") << 0.0 << 3.1e-5 << 5;
  QTest::newRow("nothing") << 0.0 << 0.0 << 2;
}

void TestReport::axesAreRound() {
  QFETCH(double, least);
  QFETCH(double, greatest);
  QFETCH(int, ticks);
  const Axis axis = axisOf({"x", {{"line", {least, greatest}}}});
  QVERIFY(axis.least <= least && axis.greatest >= greatest);
  QCOMPARE(static_cast<int>(axis.ticks().size()), ticks);
  for (const double tick : axis.ticks()) {
    QCOMPARE(std::stod(shortNumber(tick)) + 1, tick + 1);
  }
}

void TestReport::heatScaleLeavesOutliersAside() {
  HeatMap map{"", {}, {"row"}, {{}}};
  for (int i = 0; i < 100; ++i) {
    map.cells[0].push_back(i == 50 ? 1000.0 : 1.0);
  }
  QCOMPARE(scaleOf(map).greatest, 1.0);
  QVERIFY(scaleOf(map).isClipped);
  QCOMPARE(scaleOf({}).greatest, 0.0);
}

void TestReport::otherEndingsAreRefused() {
  const CliRun run = write("page.docx");
  QCOMPARE(run.status, 2);
  QVERIFY2(contains(run.err, ".html or .pdf"), run.err.c_str());
}

void TestReport::speaksAnotherLanguage() {
  StatisticsSources sources;
  const std::filesystem::path root = LAYERLOOM_SAMPLES;
  sources.base = Model::open(root / "base").value();
  sources.baseName = "base";
  for (const char* name : {"prose", "far"}) {
    sources.models.push_back(Model::open(root / name).value());
    sources.names.emplace_back(name);
  }
  const Statistics statistics = measureStatistics(sources, {}, {}, {}).value();
  const std::vector<Advice> advice = withMergedFirst(adviceOn(statistics, {}, false), {true, false});
  ReportContent content{statistics, sources, advice, "program"};
  content.language.code = "xx";
  content.language.decimalPoint = ",";
  content.language.translate = [](const char* text) { return "«" + std::string(text) + "»"; };
  content.language.advice = [](const Advice& one) { return "advice on " + std::string(adviceTopicName(one.topic)); };
  const std::string html = toHtml(makeReport(content).value());
  for (const char* part : {"<html lang=\"xx\"", "<h1>«Divergence of models»</h1>", "<h2>«Advice»</h2>", "<h2>«Advice on models that are not in the merge»</h2>",
                           "<b>«Note»:</b> advice on most_moved", "<h2>«Sources»</h2>", "«The 25 tensors that diverged most (relative delta)»", "«Base: base»"}) {
    QVERIFY2(contains(html, part), part);
  }
  QVERIFY(html.find("advice on far_from_base") > html.find("«Advice on models that are not in the merge»"));
  // Figures in tables and on axes, but not those of the pictures' lines.
  const QString page = QString::fromStdString(html);
  const QRegularExpression point(QStringLiteral("<td>-?[0-9]+\\.[0-9]|>-?[0-9]+\\.[0-9e-]+</text>|: [0-9]+\\.[0-9]+</title>"));
  QVERIFY2(!page.contains(point), qPrintable(point.match(page).captured()));
  QVERIFY(page.contains(QRegularExpression(QStringLiteral("<td>0,[0-9]+</td>"))));
  QVERIFY(toPdf(makeReport(content).value()).has_value());
}

QTEST_GUILESS_MAIN(TestReport)
#include "tst_report.moc"
