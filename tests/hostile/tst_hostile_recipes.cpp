// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <locale>
#include <regex>

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include "core/recipe/recipe.h"
#include "tests/common/cli_run.h"
#include "tests/common/safetensors_data.h"

using layerloom::test::CliRun;
using layerloom::test::runCliWith;

namespace {

enum class Outcome { Accepted, Warned, Refused };

struct RecipeCase {
  std::string name;
  Outcome outcome = Outcome::Refused;
  std::string text;
  std::string words = {};  ///< in the warning or the error
};

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += text;
  }
  return out;
}

/// A good recipe of two models with one more line.
std::string with(const std::string& line, const std::string& method = "linear") {
  return "merge_method: " + method + "\nmodels:\n- {model: one, parameters: {weight: 1}}\n- {model: two, parameters: {weight: 1}}\n" + line + "\n";
}

std::string weighted(const std::string& weight) {
  return "merge_method: linear\nmodels:\n- {model: one, parameters: {weight: " + weight + "}}\n- {model: two, parameters: {weight: 1}}\n";
}

std::string sparse(const std::string& parameters, const std::string& method = "dare_ties") {
  return "merge_method: " + method + "\nbase_model: one\nmodels:\n- {model: two, parameters: {weight: 1, " + parameters + "}}\n";
}

std::string sliced(const std::string& range) {
  return "merge_method: passthrough\nslices:\n- sources:\n  - {model: one, layer_range: " + range + "}\n";
}

std::vector<RecipeCase> syntaxCases() {
  const auto no = Outcome::Refused;
  const auto yes = Outcome::Accepted;
  return {
      {"nothing", no, ""},
      {"comments alone", no, "# a\n# b\n"},
      {"a word", no, "linear\n"},
      {"a list", no, "- a\n"},
      {"two documents without names", no, with("") + "---\n" + with(""), "name"},
      {"text after a list", no, "- a\nb\n"},
      {"word without a colon", no, with("b"), "colon"},
      {"word after a text", no, "\"a\" b\n"},
      {"commas", no, ", , ,\n"},
      {"key twice", no, with("dtype: float32\ndtype: float16"), "twice"},
      {"key twice in parameters", no, weighted("1, weight: 2"), "twice"},
      {"merge key", yes, with("x: &x {normalize: true}\nparameters: {<<: *x}")},
      {"merge key twice", no, with("x: &x {normalize: true}\nparameters: {<<: *x, <<: *x}"), "twice"},
      {"600 deep", no, with("x: " + repeated("[", 600) + repeated("]", 600)), "deep"},
      {"a million open brackets", no, with("x: " + repeated("[", 1'000'000))},
      {"100,000 dashes", no, repeated("- ", 100'000), "deep"},
      {"100,000 question marks", no, repeated("? ", 100'000)},
      {"alias bomb", no,
       [] {
         std::string text = "a: &a [x, x, x, x, x, x, x, x, x]\n";
         for (char name = 'b'; name <= 'i'; ++name) {
           text += std::string(1, name) + ": &" + name + " [" + repeated(std::string("*") + static_cast<char>(name - 1) + ", ", 9) + "]\n";
         }
         return with(text);
       }()},
      {"alias of itself", no, with("x: &a [*a]"), "alias"},
      {"alias of nothing", no, with("x: *a")},
      {"100,000 anchors", no,
       [] {
         std::string text = "x:\n";
         for (int i = 0; i < 100'000; ++i) {
           text += "- &" + std::to_string(i) + "\n";
         }
         return with(text);
       }()},
      {"2 MiB", no, with("x: " + std::string(2 << 20, 'x')), "longer"},
      {"unterminated quote of a megabyte", no, with("x: \"" + std::string(1'000'000, 'x'))},
      {"NUL", no, with(std::string("x: \0", 4))},
      {"control character", no, with("x: \x04")},
      {"not UTF-8", no, with("x: \xFF"), "UTF-8"},
      {"UTF-16", no, std::string("\xFF\xFE" "a\0:\0", 6)},
      {"tab for indentation", no, with("x:\n\ty: 1")},
      {"carriage returns alone", yes, std::regex_replace(with("dtype: float32"), std::regex("\n"), "\r")},
      {"line separator and direction override in a text", yes, with("x: \"a\u2028\u202Eb\"")},
      {"Python object", no, with("x: !!python/object/apply:os.system [\"touch marker\"]"), "tag"},
      {"unknown tag", no, with("x: !mine 1"), "tag"},
      {"tag without a value", no, with("x: !2")},
      {"open brackets", no, "[[:"},
      {"byte soup", no, "{!\xDB:"},
  };
}

std::vector<RecipeCase> valueCases() {
  const auto no = Outcome::Refused;
  const auto yes = Outcome::Accepted;
  const auto warned = Outcome::Warned;  // mergekit takes such a value, and it has a meaning
  return {
      {"weight nan", no, weighted(".nan"), "weight"},
      {"weight .inf", no, weighted(".inf"), "weight"},
      {"weight 1e400", no, weighted("1e400"), "weight"},
      {"weight 1e-3", yes, weighted("1e-3")},
      {"weight as a text", yes, weighted("\"0.5\"")},
      {"weight null", no, weighted("null"), "weight"},
      {"weight an empty list", no, weighted("[]"), "weight"},
      {"weight a list with a comma at its end", yes, weighted("[0.1,]")},
      {"weight an empty mapping", no, weighted("{}"), "weight"},
      {"weight a word", no, weighted("heavy"), "weight"},
      {"density 0", yes, sparse("density: 0")},
      {"density -1", warned, sparse("density: -1"), ":4:49: warning: models[0].parameters.density"},
      {"density 1.5", warned, sparse("density: 1.5"), ":4:49: warning: models[0].parameters.density"},
      {"gamma 2", warned, sparse("density: 0.5, gamma: 2", "breadcrumbs"), ":4:61: warning: models[0].parameters.gamma"},
      {"epsilon 2", no, sparse("density: 0.5, epsilon: 2", "della"), "epsilon"},
      {"t 2", warned, "merge_method: slerp\nbase_model: one\nmodels: [{model: two}]\nparameters: {t: 2}\n", ":4:17: warning: parameters.t"},
      {"layer range", yes, sliced("[0, 2]")},
      {"layer range reversed", no, sliced("[2, 0]"), "layer_range"},
      {"layer range negative", no, sliced("[-1, 2]"), "layer_range"},
      {"layer range past the model", no, sliced("[0, 1000000000]"), "layer"},
      {"layer range past 2^63", no, sliced("[0, 9223372036854775808]"), "layer_range"},
      {"neither models nor slices", no, "merge_method: linear\n"},
      {"models and slices", no, with("slices: [{sources: [{model: one, layer_range: [0, 1]}]}]"), "slices"},
      {"unknown method", no, with("", "liniar"), "linear"},
      {"no method", no, "models: [{model: one}]\n", "merge_method"},
      {"two revisions", no, "merge_method: linear\nmodels: [{model: one@a@b, parameters: {weight: 1}}]\n", "@"},
      {"two adapters", no, "merge_method: linear\nmodels: [{model: one+a+b, parameters: {weight: 1}}]\n", "+"},
  };
}

/// Numbers as a German program shows them, for whatever asks the global locale.
class GermanNumbers : public std::numpunct<char> {
 protected:
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

}  // namespace

/// Recipes from strangers, through the program: accepted or refused, in any locale, and quickly.
class TestHostileRecipes : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void verdicts_data();
  void verdicts();
  void hugeFileIsRefused();
  void manyKeysAreQuick();
  void namesThatLookLikeOtherThings_data();
  void namesThatLookLikeOtherThings();
  void writtenRecipesKnowNoLocale();

 private:
  CliRun check(const std::string& text) const;

  QTemporaryDir m_folder;
};

void TestHostileRecipes::initTestCase() {
  for (const char* name : {"one", "two"}) {
    layerloom::test::writeTinyLlama((m_folder.path() + "/" + name).toStdString(), 2, 1);
  }
}

CliRun TestHostileRecipes::check(const std::string& text) const {
  return runCliWith({"check", "-", "--model-dir", m_folder.path().toStdString()}, text);
}

void TestHostileRecipes::verdicts_data() {
  QTest::addColumn<int>("outcome");
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QByteArray>("words");
  for (const auto& cases : {syntaxCases(), valueCases()}) {
    for (const RecipeCase& row : cases) {
      QTest::newRow(row.name.c_str()) << static_cast<int>(row.outcome) << QByteArray::fromStdString(row.text)
                                      << QByteArray::fromStdString(row.words);
    }
  }
}

void TestHostileRecipes::verdicts() {
  QFETCH(int, outcome);
  const bool accepted = outcome != static_cast<int>(Outcome::Refused);
  QFETCH(QByteArray, text);
  QFETCH(QByteArray, words);
  QElapsedTimer timer;
  timer.start();
  const CliRun run = check(text.toStdString());
  // A bound on hanging, not on speed: the machine may be busy or slowed by a sanitizer.
  QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
  QVERIFY2(run.status == (accepted ? 0 : 2), (run.out + run.err).c_str());
  const std::string said = run.out + run.err;
  QVERIFY2(said.find(words.toStdString()) != std::string::npos, said.c_str());
  QCOMPARE(said.find("warning") != std::string::npos && accepted, outcome == static_cast<int>(Outcome::Warned));
  const bool clean = std::none_of(said.begin(), said.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
  QVERIFY2(clean && said.find("\u202E") == std::string::npos, said.c_str());

  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new GermanNumbers));
  const CliRun german = check(text.toStdString());
  std::locale::global(before);
  QCOMPARE(german.status, run.status);
  QCOMPARE(german.out + german.err, said);
}

void TestHostileRecipes::hugeFileIsRefused() {
  const std::string file = m_folder.path().toStdString() + "/huge.yml";
  layerloom::test::writeBytes(file, with(""));
  std::filesystem::resize_file(file, std::uintmax_t{1} << 40);
  const CliRun run = runCliWith({"check", file});
  std::filesystem::remove(file);
  QCOMPARE(run.status, 2);
  QVERIFY2(run.err.find("huge.yml") != std::string::npos, run.err.c_str());
}

void TestHostileRecipes::manyKeysAreQuick() {
  std::string keys;
  for (int i = 0; i < 40'000; ++i) {
    keys += "k" + std::to_string(i) + ": 1\n";
  }
  QElapsedTimer timer;
  timer.start();
  const auto parsed = layerloom::parseRecipe(with(keys));
  QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
  QVERIFY(parsed.recipe.has_value());
}

void TestHostileRecipes::namesThatLookLikeOtherThings_data() {
  QTest::addColumn<QByteArray>("name");
  for (const char* name : {"no", "on", "1.0", "2024-01-01", "0x10", "1e3", ".nan", "~", "null", "<<", "a: b", "a #b", "*a", "!x", "1_000", "010"}) {
    QTest::newRow(name) << QByteArray(name);
  }
}

// Such a name is a text to whoever reads the recipe that is written.
void TestHostileRecipes::namesThatLookLikeOtherThings() {
  QFETCH(QByteArray, name);
  const std::string quoted = "\"" + name.toStdString() + "\"";
  const auto parsed = layerloom::parseRecipe("merge_method: linear\nmodels: [{model: " + quoted + ", parameters: {weight: 1}}]\n");
  QVERIFY(parsed.recipe.has_value());
  const std::string text = layerloom::writeRecipe(*parsed.recipe);
  QVERIFY2(text.find(quoted) != std::string::npos, text.c_str());
  const auto again = layerloom::parseRecipe(text);
  QVERIFY(again.recipe.has_value() && layerloom::sameRecipe(*parsed.recipe, *again.recipe));
}

void TestHostileRecipes::writtenRecipesKnowNoLocale() {
  const auto parsed = layerloom::parseRecipe(
      "merge_method: passthrough\nslices: [{sources: [{model: one, layer_range: [1000, 2048], parameters: {scale: 1234.5}}]}]\n"
      "tokenizer: {source: union, pad_to_multiple_of: 1024, tokens: {x: {source: {kind: model_token, model: one, token_id: 128256}}}}\n"
      "layerloom: {curves: [{model: 0, parameter: scale, shape: linear, points: [[1000, 1000.5]]}]}\n");
  QVERIFY(parsed.recipe.has_value());
  const std::string classic = layerloom::writeRecipe(*parsed.recipe, layerloom::YamlDetail::Project);
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new GermanNumbers));
  const std::string german = layerloom::writeRecipe(*parsed.recipe, layerloom::YamlDetail::Project);
  std::locale::global(before);
  QCOMPARE(german, classic);
  QVERIFY2(classic.find("[1000, 2048]") != std::string::npos && classic.find("1234.5") != std::string::npos, classic.c_str());
}

QTEST_APPLESS_MAIN(TestHostileRecipes)
#include "tst_hostile_recipes.moc"
