// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>
#include <set>

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "app/cli/byte_count.h"
#include "app/cli/progress_bar.h"
#include "core/methods/spec.h"
#include "tests/common/cli_run.h"
#include "tests/common/safetensors_data.h"

using layerloom::Progress;
using layerloom::test::CliRun;
using layerloom::test::readBytes;
using layerloom::test::runCliWith;
using layerloom::test::writeBytes;
using Json = nlohmann::json;

/// The commands run in-process with swapped streams.
class TestCli : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void helpExplains_data();
  void helpExplains();
  void methodsAreListed();
  void versionIsPrinted();
  void wrongOptionsAreRefused_data();
  void wrongOptionsAreRefused();

  void byteCounts_data();
  void byteCounts();
  void badByteCounts_data();
  void badByteCounts();
  void progressLineFits_data();
  void progressLineFits();
  void progressLineShowsWhatMatters();

  void mergeWritesAModel();
  void mergeReadsStandardInput();
  void mergeRefusesAnExistingFolder();
  void overwriteReplacesTheFolder();
  void shardSizeSplitsTheResult();
  void dryRunWritesNothing();
  void jsonLinesTellTheStory();
  void jsonLinesTellOfProblems();
  void jsonLinesTellOfCancelling();
  void missingRecipeIsAnError();
  void hostileNamesAreEscaped();

  void checkAcceptsAGoodRecipe();
  void checkListsAllProblems();
  void checkWritesJson();
  void inspectDescribesAModel();
  void inspectWritesJson();
  void inspectNamesAQuantisation();
  void inspectGoesOnAfterABadModel();
  void exportWritesCanonicalYaml();
  void exportShortensLists();
  void exportReplacesAFile();
  void exportRefusesABadRecipe();

 private:
  std::string path(const std::string& name) const { return m_folder->path().toStdString() + "/" + name; }

  std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

constexpr const char* kRecipe =
    "merge_method: linear\n"
    "models:\n"
    "  - {model: one, parameters: {weight: 0.25}}\n"
    "  - {model: two, parameters: {weight: 0.75}}\n"
    "dtype: float32\n";

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<Json> linesOf(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(Json::parse(line));
  }
  return lines;
}

std::set<std::string> keysOf(const Json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) {
    keys.insert(key);
  }
  return keys;
}

}  // namespace

void TestCli::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  layerloom::test::writeTinyLlama(path("one"), 3, 1);
  layerloom::test::writeTinyLlama(path("two"), 3, 2);
  writeBytes(path("recipe.yml"), kRecipe);
}

void TestCli::helpExplains_data() {
  QTest::addColumn<QString>("command");
  QTest::addColumn<QStringList>("parts");
  QTest::newRow("program") << "" << QStringList{"merge", "check", "inspect", "export", "--version", "Example:"};
  QTest::newRow("merge") << "merge"
                         << QStringList{"RECIPE",       "OUT",         "--model-dir", "--seed",      "--threads",
                                        "--shard-size", "--dry-run",   "--progress",  "--overwrite", "--allow-crimes", "--resume",   "--non-finite",
                                        "Example:",     "Exit status:"};
  QTest::newRow("check") << "check" << QStringList{"RECIPE", "--json", "--model-dir", "Example:", "Exit status:"};
  QTest::newRow("inspect") << "inspect" << QStringList{"MODEL", "--json", "--tensors", "Example:", "Exit status:"};
  QTest::newRow("export") << "export" << QStringList{"RECIPE", "-o", "Example:", "Exit status:"};
}

void TestCli::helpExplains() {
  QFETCH(QString, command);
  QFETCH(QStringList, parts);
  const std::vector<std::string> args = command.isEmpty() ? std::vector<std::string>{"--help"}
                                                          : std::vector<std::string>{command.toStdString(), "--help"};
  const CliRun run = runCliWith(args);

  QCOMPARE(run.status, 0);
  QCOMPARE(run.err, std::string());
  for (const QString& part : parts) {
    QVERIFY2(holds(run.out, part.toStdString()), qPrintable(part));
  }
}

void TestCli::methodsAreListed() {
  QVERIFY(holds(runCliWith({"merge", "--help"}).out, "layerloom-cli methods"));
  const CliRun run = runCliWith({"methods"});

  QCOMPARE(run.status, 0);
  QCOMPARE(layerloom::methodSpecs().size(), std::size_t{20});
  for (const layerloom::MethodSpec& method : layerloom::methodSpecs()) {
    QVERIFY2(holds(run.out, method.summary), method.name.c_str());
  }
}

void TestCli::versionIsPrinted() {
  const CliRun run = runCliWith({"--version"});

  QCOMPARE(run.status, 0);
  QVERIFY(QString::fromStdString(run.out).contains(QRegularExpression("^layerloom-cli \\d+\\.\\d+\\.\\d+\\n$")));
}

void TestCli::wrongOptionsAreRefused_data() {
  QTest::addColumn<QStringList>("args");
  QTest::addColumn<QString>("named");
  QTest::newRow("nothing") << QStringList{} << "Usage";
  QTest::newRow("unknown command") << QStringList{"mingle"} << "mingle";
  QTest::newRow("mistyped command") << QStringList{"marge", "recipe.yml", "out"} << "\"merge\"";
  QTest::newRow("no output") << QStringList{"merge", "recipe.yml"} << "OUT";
  QTest::newRow("unknown option") << QStringList{"merge", "recipe.yml", "out", "--continue"} << "--continue";
  QTest::newRow("seed below zero") << QStringList{"merge", "recipe.yml", "out", "--seed", "-1"} << "--seed";
  QTest::newRow("seed no number") << QStringList{"merge", "recipe.yml", "out", "--seed", "one"} << "--seed";
  QTest::newRow("no threads") << QStringList{"merge", "recipe.yml", "out", "--threads", "0"} << "--threads";
  QTest::newRow("unknown progress") << QStringList{"merge", "recipe.yml", "out", "--progress", "dots"} << "dots";
  QTest::newRow("one argument too many") << QStringList{"check", "recipe.yml", "other.yml"} << "other.yml";
}

void TestCli::wrongOptionsAreRefused() {
  QFETCH(QStringList, args);
  QFETCH(QString, named);
  std::vector<std::string> list;
  for (const QString& arg : args) {
    list.push_back(arg.toStdString());
  }
  const CliRun run = runCliWith(list);

  QCOMPARE(run.status, 2);
  QCOMPARE(run.out, std::string());
  QVERIFY2(holds(run.err, named.toStdString()), run.err.c_str());
  QVERIFY2(holds(run.err, "--help"), run.err.c_str());
}

void TestCli::byteCounts_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<quint64>("bytes");
  QTest::newRow("decimal") << "5GB" << quint64(5'000'000'000);
  QTest::newRow("megabytes") << "500MB" << quint64(500'000'000);
  QTest::newRow("fraction") << "1.5GB" << quint64(1'500'000'000);
  QTest::newRow("binary") << "2GiB" << quint64(2147483648);
  QTest::newRow("plain") << "123456" << quint64(123456);
  QTest::newRow("bytes") << "7B" << quint64(7);
  QTest::newRow("space") << "10 kB" << quint64(10'000);
  QTest::newRow("short unit") << "3m" << quint64(3'000'000);
  QTest::newRow("lower case") << "1tb" << quint64(1'000'000'000'000);
}

void TestCli::byteCounts() {
  QFETCH(QString, text);
  QFETCH(quint64, bytes);
  const auto parsed = layerloom::parseByteCount(text.toStdString());
  QVERIFY(parsed.has_value());
  QCOMPARE(static_cast<quint64>(*parsed), bytes);
}

void TestCli::badByteCounts_data() {
  QTest::addColumn<QString>("text");
  for (const char* text : {"", "GB", "-5GB", "0", "0.4", "5XB", "5GBs", "5iB", "1e3", "nan", "inf", "1.2.3",
                           "99999999999TB", "5 G B", " "}) {
    QTest::newRow(text) << text;
  }
}

void TestCli::badByteCounts() {
  QFETCH(QString, text);
  const auto parsed = layerloom::parseByteCount(text.toStdString());
  QVERIFY(!parsed.has_value());
  QVERIFY(!parsed.error().remedy.empty());
}

void TestCli::progressLineFits_data() {
  QTest::addColumn<int>("width");
  for (const int width : {0, 1, 5, 10, 20, 40, 60, 79, 80, 200}) {
    QTest::newRow(std::to_string(width).c_str()) << width;
  }
}

void TestCli::progressLineFits() {
  QFETCH(int, width);
  for (const double left : {-1.0, 0.0, 59.0, 1e6}) {
    const Progress progress{123'456'789'012, 200'000'000'000, 77.5, left, "a.tensor"};
    QVERIFY(layerloom::formatProgressLine(progress, width).size() <= static_cast<std::size_t>(width));
  }
}

void TestCli::progressLineShowsWhatMatters() {
  const Progress half{1'000'000'000, 2'000'000'000, 2, 2, {}};
  const std::string line = layerloom::formatProgressLine(half, 100);
  for (const char* part : {" 50 %", "1.00 GB of 2.00 GB", "500 MB/s", "2.0 s left", "###############..............."}) {
    QVERIFY2(holds(line, part), line.c_str());
  }
  const std::string nearly = layerloom::formatProgressLine({1'999'999'999, 2'000'000'000, 2, -1, {}}, 100);
  QVERIFY2(holds(nearly, " 99 %") && !holds(nearly, "left"), nearly.c_str());
  QVERIFY(holds(layerloom::formatProgressLine({7, 7, 0, -1, {}}, 100), "100 %"));
}

void TestCli::mergeWritesAModel() {
  const CliRun run = runCliWith({"merge", path("recipe.yml"), path("out")});

  QVERIFY2(run.status == 0, run.err.c_str());
  QVERIFY2(holds(run.out, path("out")) && holds(run.out, "12 tensors"), run.out.c_str());
  QCOMPARE(run.err, std::string());
  const auto merged = layerloom::test::readModelFolder(path("out"));
  const auto one = layerloom::test::readModelFolder(path("one"));
  const auto two = layerloom::test::readModelFolder(path("two"));
  QCOMPARE(merged.size(), one.size());
  for (const auto& [name, tensor] : merged) {
    const std::vector<double> got = valuesOf(tensor);
    const std::vector<double> a = valuesOf(one.at(name));
    const std::vector<double> b = valuesOf(two.at(name));
    for (std::size_t i = 0; i < got.size(); ++i) {
      QVERIFY2(std::abs(got[i] - (0.25 * a[i] + 0.75 * b[i])) <= 2e-7, name.c_str());
    }
  }
}

void TestCli::mergeReadsStandardInput() {
  const CliRun run = runCliWith({"merge", "-", path("out"), "--model-dir", path("")}, kRecipe);

  QVERIFY2(run.status == 0, run.err.c_str());
  QCOMPARE(readBytes(path("out") + "/mergekit_config.yml"), std::string(kRecipe));
}

void TestCli::mergeRefusesAnExistingFolder() {
  writeBytes(path("out/precious.txt"), "mine");
  const CliRun run = runCliWith({"merge", path("recipe.yml"), path("out")});

  QCOMPARE(run.status, 2);
  QVERIFY2(holds(run.err, "out") && holds(run.err, "--overwrite"), run.err.c_str());
  QCOMPARE(readBytes(path("out/precious.txt")), std::string("mine"));
  QVERIFY(!std::filesystem::exists(path("out/model.safetensors")));
}

void TestCli::overwriteReplacesTheFolder() {
  QCOMPARE(runCliWith({"merge", path("recipe.yml"), path("out")}).status, 0);
  writeBytes(path("out/model-00001-of-00009.safetensors"), "stale");
  const CliRun run = runCliWith({"merge", path("recipe.yml"), path("out"), "--overwrite"});

  QVERIFY2(run.status == 0, run.err.c_str());
  QVERIFY(std::filesystem::exists(path("out/model.safetensors")));
  QVERIFY(!std::filesystem::exists(path("out/model-00001-of-00009.safetensors")));
}

void TestCli::shardSizeSplitsTheResult() {
  QCOMPARE(runCliWith({"merge", path("recipe.yml"), path("whole")}).status, 0);
  const CliRun run = runCliWith({"merge", path("recipe.yml"), path("split"), "--shard-size", "1.5kB"});

  QVERIFY2(run.status == 0, run.err.c_str());
  QVERIFY(std::filesystem::exists(path("split/model.safetensors.index.json")));
  QVERIFY(!std::filesystem::exists(path("split/model.safetensors")));
  QVERIFY(layerloom::test::readModelFolder(path("split")) == layerloom::test::readModelFolder(path("whole")));
  const CliRun again = runCliWith({"inspect", path("split"), "--json"});
  QCOMPARE(again.status, 0);
  QVERIFY(Json::parse(again.out)["models"][0]["files"].get<int>() > 1);
}

void TestCli::dryRunWritesNothing() {
  const CliRun text = runCliWith({"merge", path("recipe.yml"), path("out"), "--dry-run"});
  QCOMPARE(text.status, 0);
  for (const char* part : {"12 tensors", "3 layers", "linear", "model.safetensors", "config.json", "1 pass"}) {
    QVERIFY2(holds(text.out, part), text.out.c_str());
  }

  const CliRun json = runCliWith({"merge", path("recipe.yml"), path("out"), "--dry-run", "--progress", "json"});
  QCOMPARE(json.status, 0);
  const std::vector<Json> lines = linesOf(json.out);
  QCOMPARE(lines.size(), std::size_t(1));
  QCOMPARE(lines[0]["event"].get<std::string>(), std::string("plan"));
  QCOMPARE(lines[0]["tensors"].get<int>(), 12);
  QCOMPARE(lines[0]["layers"].get<int>(), 3);
  QVERIFY(!std::filesystem::exists(path("out")));

  // What was announced is what comes out.
  QCOMPARE(runCliWith({"merge", path("recipe.yml"), path("out")}).status, 0);
  std::set<std::string> written;
  for (const auto& entry : std::filesystem::directory_iterator(path("out"))) {
    written.insert(entry.path().filename().string());
  }
  QCOMPARE(lines[0]["files"].get<std::set<std::string>>(), written);
}

void TestCli::jsonLinesTellTheStory() {
  const CliRun run = runCliWith({"merge", path("recipe.yml"), path("out"), "--progress", "json"});

  QCOMPARE(run.status, 0);
  QCOMPARE(run.err, std::string());
  const std::vector<Json> lines = linesOf(run.out);
  QVERIFY(lines.size() >= 3);
  const Json& start = lines.front();
  QCOMPARE(keysOf(start), (std::set<std::string>{"event", "version", "output", "method", "tensors", "bytes_total"}));
  QCOMPARE(start["event"].get<std::string>(), std::string("start"));
  QCOMPARE(start["version"].get<int>(), 1);
  QCOMPARE(start["tensors"].get<int>(), 12);
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    QCOMPARE(keysOf(lines[i]),
             (std::set<std::string>{"event", "bytes_done", "bytes_total", "seconds", "seconds_left", "tensor"}));
    QCOMPARE(lines[i]["event"].get<std::string>(), std::string("progress"));
  }
  QVERIFY(lines[lines.size() - 2]["bytes_done"] == lines[lines.size() - 2]["bytes_total"]);
  const Json& done = lines.back();
  QCOMPARE(keysOf(done), (std::set<std::string>{"event", "folder", "files", "tensors", "parameters", "bytes_read",
                                                "bytes_written", "seconds", "non_finite", "tensors_kept", "warnings", "audit"}));
  QCOMPARE(done["event"].get<std::string>(), std::string("done"));
  QCOMPARE(done["parameters"].get<int>(), 16 * 8 * 2 + 3 * (8 + 12 * 8 + 8 * 8) + 8);
  QCOMPARE(done["non_finite"].get<int>(), 0);
  QVERIFY(std::filesystem::exists(done["folder"].get<std::string>() + "/model.safetensors"));
}

void TestCli::jsonLinesTellOfProblems() {
  writeBytes(path("bad.yml"),
             "merge_method: linear\nmodels:\n  - {model: one}\n  - {model: two, parameters: {weight: heavy}}\n");
  const CliRun run = runCliWith({"merge", path("bad.yml"), path("out"), "--progress", "json"});

  QCOMPARE(run.status, 2);
  const std::vector<Json> lines = linesOf(run.out);
  QCOMPARE(lines.size(), std::size_t(1));
  QCOMPARE(keysOf(lines[0]), (std::set<std::string>{"event", "kind", "message", "remedy", "problems", "reason", "unfinished"}));
  QCOMPARE(lines[0]["event"].get<std::string>(), std::string("error"));
  QCOMPARE(lines[0]["kind"].get<std::string>(), std::string("refused"));
  QVERIFY(!lines[0]["problems"].empty());
  for (const Json& problem : lines[0]["problems"]) {
    QCOMPARE(keysOf(problem), (std::set<std::string>{"severity", "path", "line", "column", "message", "remedy"}));
  }
  QVERIFY2(holds(run.err, "bad.yml:"), run.err.c_str());
  QVERIFY(!std::filesystem::exists(path("out")));
}

void TestCli::jsonLinesTellOfCancelling() {
  std::stop_source stop;
  stop.request_stop();
  const CliRun run = runCliWith({"merge", path("recipe.yml"), path("out"), "--progress", "json"}, {}, stop);

  QCOMPARE(run.status, 130);
  const std::vector<Json> lines = linesOf(run.out);
  QVERIFY(lines.back() == (Json{{"event", "cancelled"}}));
  QVERIFY(!std::filesystem::exists(path("out")));
}

void TestCli::missingRecipeIsAnError() {
  for (const char* command : {"check", "export"}) {
    const CliRun run = runCliWith({command, path("nowhere.yml")});
    QVERIFY2(run.status == 2 || run.status == 3, command);
    QVERIFY2(holds(run.err, "nowhere.yml"), run.err.c_str());
    QCOMPARE(run.out, std::string());
  }
}

void TestCli::hostileNamesAreEscaped() {
  writeBytes(path("bad.yml"),
             "merge_method: \"x\\e[31mred\\u202E\"\nmodels:\n  - {model: \"a\\nb\", parameters: {weight: 1}}\n");
  const CliRun run = runCliWith({"check", path("bad.yml")});

  QCOMPARE(run.status, 2);
  QVERIFY2(!holds(run.out, "\x1b") && !holds(run.out, "\u202E") && !holds(run.out, "a\nb"), run.out.c_str());
  QVERIFY2(holds(run.out, "red"), run.out.c_str());
}

void TestCli::checkAcceptsAGoodRecipe() {
  const CliRun run = runCliWith({"check", path("recipe.yml")});

  QVERIFY2(run.status == 0, run.out.c_str());
  const QRegularExpression line("recipe\\.yml: no problems; 12 tensors, 3 layers, \\d[\\d.]* kB would be written\\n$");
  QVERIFY2(QString::fromStdString(run.out).contains(line), run.out.c_str());
  QCOMPARE(run.out.find('\n'), run.out.size() - 1);
  QCOMPARE(run.err, std::string());
}

void TestCli::checkListsAllProblems() {
  writeBytes(path("bad.yml"),
             "merge_method: linear\n"
             "models:\n"
             "  - {model: one, parameters: {weight: heavy}}\n"
             "  - {model: two, parameters: {weight: 1}}\n"
             "dtype: float12\n"
             "speed: high\n");
  const CliRun run = runCliWith({"check", path("bad.yml")});

  QCOMPARE(run.status, 2);
  for (const char* part : {"bad.yml:3:39: error:", "models[0].parameters.weight", "heavy",
                           "bad.yml:5:8: error:", "float12", "bad.yml:6:1: warning:", "speed", "2 errors, 1 warning"}) {
    QVERIFY2(holds(run.out, part), (run.out + "lacks " + part).c_str());
  }
  QVERIFY(run.out.find("bad.yml:3:") < run.out.find("bad.yml:5:"));
}

void TestCli::checkWritesJson() {
  const Json good = Json::parse(runCliWith({"check", path("recipe.yml"), "--json"}).out);
  QCOMPARE(good["version"].get<int>(), 1);
  QCOMPARE(good["ok"].get<bool>(), true);
  QCOMPARE(good["plan"]["tensors"].get<int>(), 12);

  writeBytes(path("bad.yml"), "merge_method: liner\nmodels: []\n");
  const CliRun run = runCliWith({"check", path("bad.yml"), "--json"});
  QCOMPARE(run.status, 2);
  const Json bad = Json::parse(run.out);
  QCOMPARE(bad["ok"].get<bool>(), false);
  QVERIFY(bad["plan"].is_null());
  QCOMPARE(bad["problems"][0]["severity"].get<std::string>(), std::string("error"));
}

void TestCli::inspectDescribesAModel() {
  const CliRun run = runCliWith({"inspect", path("one"), "--tensors"});

  QCOMPARE(run.status, 0);
  for (const char* part :
       {"LlamaForCausalLM", "768", "float32", "model.layers.0 to 2", "model.embed_tokens.weight (embedding, before",
        "lm_head.weight (head, after", "[12, 8]", "model.layers.2.mlp.up_proj.weight"}) {
    QVERIFY2(holds(run.out, part), (run.out + "lacks " + part).c_str());
  }
}

void TestCli::inspectWritesJson() {
  const CliRun run = runCliWith({"inspect", path("one"), path("two") + "/model.safetensors", "--json", "--tensors"});

  QCOMPARE(run.status, 0);
  const Json json = Json::parse(run.out);
  QCOMPARE(json["version"].get<int>(), 1);
  QCOMPARE(json["models"].size(), std::size_t(2));
  const Json& folder = json["models"][0];
  QCOMPARE(folder["architecture"].get<std::string>(), std::string("LlamaForCausalLM"));
  QCOMPARE(folder["layers"].get<int>(), 3);
  QCOMPARE(folder["vocabulary"].get<int>(), 16);
  QCOMPARE(folder["tied_head"].get<bool>(), false);
  QCOMPARE(folder["stacks"][0]["prefix"].get<std::string>(), std::string("model.layers."));
  QCOMPARE(folder["tensors"].size(), std::size_t(12));
  const Json& file = json["models"][1];
  QVERIFY(file["architecture"].is_null());
  QVERIFY(file["parameters"] == folder["parameters"]);
}

void TestCli::inspectNamesAQuantisation() {
  using layerloom::test::RawTensor;
  RawTensor packed{"I32", {1, 8}, std::string(32, '\0')};
  RawTensor scales{"F16", {1, 8}, std::string(16, '\0')};
  writeBytes(path("packed/model.safetensors"),
             layerloom::test::safetensorsBytes({{"model.layers.0.mlp.up_proj.qweight", packed}, {"model.layers.0.mlp.up_proj.scales", scales}}));
  const CliRun run = runCliWith({"inspect", path("packed")});
  QVERIFY2(holds(run.out, "quantised     GPTQ"), run.out.c_str());
  const Json json = Json::parse(runCliWith({"inspect", path("packed"), "--json"}).out);
  QCOMPARE(json["models"][0]["quantisation"].get<std::string>(), std::string("GPTQ"));
}

void TestCli::inspectGoesOnAfterABadModel() {
  writeBytes(path("broken/model.safetensors"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
  const CliRun run = runCliWith({"inspect", path("broken"), path("one"), "--json"});

  QCOMPARE(run.status, 2);
  QVERIFY2(holds(run.err, "model.safetensors") && holds(run.err, "LFS"), run.err.c_str());
  const Json json = Json::parse(run.out);
  QCOMPARE(json["models"][0]["error"]["kind"].get<std::string>(), std::string("refused"));
  QCOMPARE(json["models"][1]["layers"].get<int>(), 3);
}

void TestCli::exportWritesCanonicalYaml() {
  const CliRun first = runCliWith({"export", path("recipe.yml")});
  QVERIFY2(first.status == 0, first.err.c_str());
  QVERIFY2(holds(first.out, "merge_method: linear") && holds(first.out, "weight: 0.25"), first.out.c_str());

  const CliRun second = runCliWith({"export", "-"}, first.out);
  QCOMPARE(second.out, first.out);
}

void TestCli::exportShortensLists() {
  // The models have three layers, so the second and fourth values of five are never read; of a list that picks, nothing is left out.
  writeBytes(path("lists.yml"),
             "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: [0, 7, 1, 7, 2]}}\n"
             "- {model: two, parameters: {weight: [1, 1, 1]}}\nparameters: {normalize: [1, 1, 1]}\n");
  const CliRun run = runCliWith({"export", path("lists.yml")});
  QCOMPARE(run.status, 0);
  for (const char* part : {"weight: [0.0, 2.0]\n", "weight: 1.0\n", "normalize: [1.0, 1.0, 1.0]\n"}) {
    QVERIFY2(holds(run.out, part), run.out.c_str());
  }
  // Where the models are not there, the list stays as it is.
  const CliRun lost = runCliWith({"export", "-"}, "merge_method: linear\nmodels:\n- {model: lost, parameters: {weight: [0, 7, 1]}}\n");
  QVERIFY2(holds(lost.out, "weight: [0.0, 7.0, 1.0]\n"), lost.out.c_str());
}

void TestCli::exportReplacesAFile() {
  writeBytes(path("canonical.yml"), "old");
  const CliRun run = runCliWith({"export", path("recipe.yml"), "-o", path("canonical.yml")});

  QCOMPARE(run.status, 0);
  QCOMPARE(run.out, std::string());
  QCOMPARE(readBytes(path("canonical.yml")), runCliWith({"export", path("recipe.yml")}).out);
}

void TestCli::exportRefusesABadRecipe() {
  writeBytes(path("bad.yml"), "- merge_method: linear\n");
  const CliRun run = runCliWith({"export", path("bad.yml"), "-o", path("canonical.yml")});

  QCOMPARE(run.status, 2);
  QVERIFY2(holds(run.err, "bad.yml:1:"), run.err.c_str());
  QVERIFY(!std::filesystem::exists(path("canonical.yml")));
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
