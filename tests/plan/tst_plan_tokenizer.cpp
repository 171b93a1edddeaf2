// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include <QTest>

#include "tests/common/model_data.h"
#include "tests/plan/plan_folder.h"

namespace layerloom {
namespace {

using test::PlanFolder;
using test::writeBytes;
using Json = nlohmann::ordered_json;

/// Plans of a union of tokenizers whose files are damaged.
class TestPlanTokenizer : public QObject {
  Q_OBJECT

 private slots:
  void init();

  void theFilesAreGood();
  void everyCutIsAnError_data();
  void everyCutIsAnError();
  void everyOddByteIsSurvived_data();
  void everyOddByteIsSurvived();

 private:
  PlanResult plan() const {
    return m_folder->plan(
        "merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: one}, {model: two}]\ntokenizer_source: "
        "union\n");
  }
  std::string fileOf(const QString& model, const QString& file) const {
    return m_folder->path((model + "/" + file).toStdString());
  }

  std::unique_ptr<PlanFolder> m_folder;
};

Json addedToken(int id, const char* text) {
  return {{"id", id},        {"content", text},     {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", true}};
}

/// A small tokenizer with something of everything: tokens beyond ASCII, escapes, merges, added tokens, a template.
std::string tokenizerText(const char* own) {
  Json vocabulary = Json::object();
  for (const char* token : {"a", "b", "ab", "\xC3\xA9", "\xE2\x96\x81", "\xF0\x9F\x99\x82", "\"", "\\"}) {
    vocabulary[token] = vocabulary.size();
  }
  vocabulary[own] = vocabulary.size();
  const Json piece = {{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}};
  const Json sequence = {{"Sequence", {{"id", "A"}, {"type_id", 0}}}};
  return Json{{"version", "1.0"},
              {"added_tokens", Json::array({addedToken(9, "<s>")})},
              {"normalizer", nullptr},
              {"post_processor",
               {{"type", "TemplateProcessing"},
                {"single", Json::array({piece, sequence})},
                {"pair", Json::array({piece, sequence})},
                {"special_tokens", {{"<s>", {{"id", "<s>"}, {"ids", {9}}, {"tokens", {"<s>"}}}}}}}},
              {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", Json::array({Json::array({"a", "b"})})}}}}
      .dump();
}

void TestPlanTokenizer::init() {
  m_folder = std::make_unique<PlanFolder>();
  const Json config = {{"tokenizer_class", "PreTrainedTokenizerFast"},
                       {"bos_token", "<s>"},
                       {"chat_template", "{{ messages }}"},
                       {"added_tokens_decoder", {{"9", addedToken(9, "<s>")}}}};
  for (const auto& [name, own] : {std::pair{"one", "c"}, std::pair{"two", "d"}}) {
    test::writeTinyLlama(m_folder->path(name), 1, 1);
    writeBytes(fileOf(name, "tokenizer.json"), tokenizerText(own));
    writeBytes(fileOf(name, "tokenizer_config.json"), config.dump());
    writeBytes(fileOf(name, "special_tokens_map.json"), R"({"bos_token":{"content":"<s>","lstrip":false}})");
  }
}

void TestPlanTokenizer::theFilesAreGood() {
  const PlanResult result = plan();
  VERIFY_PLANNED(result);
  QCOMPARE(test::jobOf(*result.plan, "lm_head.weight").rows->tokens, std::uint64_t{11});
}

void TestPlanTokenizer::everyCutIsAnError_data() {
  QTest::addColumn<QString>("model");
  QTest::addColumn<QString>("file");
  for (const char* model : {"one", "two"}) {
    for (const char* file : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"}) {
      QTest::addRow("%s of %s", file, model) << model << file;
    }
  }
}

void TestPlanTokenizer::everyCutIsAnError() {
  QFETCH(QString, model);
  QFETCH(QString, file);
  const std::string path = fileOf(model, file);
  const std::string whole = test::readBytes(path);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    writeBytes(path, whole.substr(0, length));
    const PlanResult result = plan();
    QVERIFY2(!result.plan.has_value(), qPrintable(QString::number(length)));
    FIND_PROBLEM(error, result, Severity::Error, (model + "/" + file).toStdString());
    QVERIFY(!error->remedy.empty());
  }
}

void TestPlanTokenizer::everyOddByteIsSurvived_data() {
  everyCutIsAnError_data();
}

// Such a file may be good all the same.
void TestPlanTokenizer::everyOddByteIsSurvived() {
  QFETCH(QString, model);
  QFETCH(QString, file);
  const std::string path = fileOf(model, file);
  const std::string whole = test::readBytes(path);
  constexpr std::array kBytes = {'\0', '\xFF', '"', '9', '-', '[', '}'};
  bool refused = false;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = kBytes[at % kBytes.size()];
    writeBytes(path, damaged);
    const PlanResult result = plan();
    QCOMPARE(result.plan.has_value(), !hasErrors(result.problems));
    refused = refused || !result.plan.has_value();
  }
  QVERIFY(refused);
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestPlanTokenizer)
#include "tst_plan_tokenizer.moc"
