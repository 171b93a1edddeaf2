// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include "core/vocabulary/vocabulary.h"
#include "tests/common/safetensors_data.h"

using layerloom::alignVocabularies;
using layerloom::RowPlan;
using layerloom::TokenOverride;
using layerloom::TokenSource;
using layerloom::Vocabulary;
using layerloom::VocabularyRequest;
using layerloom::VocabularyTensor;
using Source = VocabularyRequest::Source;
using Kind = TokenSource::Kind;
using Json = nlohmann::ordered_json;

/// Tokenizers aligned and rows planned, by the rules of mergekit 0.1.5.
class TestVocabulary : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }

  void baseKeepsItsTokens();
  void stripsTokensPastTheRows();
  void stripsOnlyBpe();
  void unionAddsTokensInOrder();
  void unionTakesTheFirstDefinition();
  void anotherModelsTokenizer();
  void tokensPastVocabSizeDoNotCount();
  void modelWithoutTokenizer();
  void specialTokensOfTheConfig();
  void keepsAddedTokensDecoderInStep();
  void largeNumbersStayWhole();
  void gpt2Files();
  void idsWithGaps();
  void usualRows();
  void overrides();
  void overridesOfSpareRows();
  void refusesOverrides_data();
  void refusesOverrides();
  void padding();
  void chatTemplates();
  void refusesChatTemplates();
  void templateAlone();
  void refusesBadTokenizers_data();
  void refusesBadTokenizers();
  void refusesOtherForms();

 private:
  /// A folder with these files; its place among the models of `request`.
  void addModel(VocabularyRequest& request, const std::string& tokenizer, std::int64_t vocabSize = -1,
                const std::map<std::string, std::string>& others = {}) {
    const std::string name = "m" + std::to_string(request.models.size());
    const std::filesystem::path folder = std::filesystem::path(m_folder->path().toStdString()) / name;
    std::filesystem::create_directories(folder);
    if (!tokenizer.empty()) {
      layerloom::test::writeBytes(folder / "tokenizer.json", tokenizer);
    }
    for (const auto& [file, text] : others) {
      layerloom::test::writeBytes(folder / file, text);
    }
    request.models.push_back({folder, name, vocabSize});
  }

  std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

Json added(int id, const std::string& text, bool special = true, bool normalized = false) {
  return {{"id", id},        {"content", text},          {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", normalized}, {"special", special}};
}

/// A tokenizer of single tokens with ids from 0, and added tokens after them.
std::string tokenizer(const std::vector<std::string>& tokens, const std::vector<std::string>& special = {},
                      const std::string& type = "BPE", const Json& merges = Json::array()) {
  Json vocabulary = Json::object();
  for (const std::string& token : tokens) {
    vocabulary[token] = vocabulary.size();
  }
  Json list = Json::array();
  int next = static_cast<int>(tokens.size());
  for (const std::string& text : special) {
    list.push_back(added(next++, text));
  }
  Json model = {{"type", type}, {"vocab", vocabulary}};
  if (type == "BPE") {
    model["merges"] = merges;
  }
  return Json{{"version", "1.0"}, {"added_tokens", list}, {"normalizer", nullptr}, {"model", model}}.dump();
}

Vocabulary aligned(const VocabularyRequest& request) {
  auto result = alignVocabularies(request);
  if (!result) {
    throw std::runtime_error(result.error().message);
  }
  return std::move(*result);
}

RowPlan planned(const Vocabulary& vocabulary, const std::vector<VocabularyTensor>& present,
                std::optional<std::size_t> base) {
  auto result = planRows(vocabulary, present, base);
  if (!result) {
    throw std::runtime_error(result.error().message);
  }
  return std::move(*result);
}

std::string fileOf(const std::vector<layerloom::TokenizerFile>& files, const std::string& name) {
  for (const auto& file : files) {
    if (file.name == name) {
      return file.text;
    }
  }
  return {};
}

using Texts = std::vector<std::string>;
using Rows = std::vector<std::int64_t>;

/// Where a row comes from, to compare: "own 3", "0:1 1:2" or "zero".
std::string made(const RowPlan& plan, std::size_t present, std::size_t token) {
  const std::int64_t code = plan.rows[present][token];
  if (code >= 0) {
    return "own " + std::to_string(code);
  }
  std::string text;
  for (const RowPlan::SourceRow& row : plan.mixtures[static_cast<std::size_t>(-1 - code)]) {
    text += (text.empty() ? "" : " ") + std::to_string(row.present) + ":" + std::to_string(row.row);
  }
  return text.empty() ? "zero" : text;
}

TokenSource ofToken(std::size_t model, const std::string& token) {
  return {Kind::ModelToken, model, token, std::nullopt};
}
TokenSource ofId(std::size_t model, std::int64_t id) {
  return {Kind::ModelToken, model, std::nullopt, id};
}
TokenSource ofModel(std::size_t model) {
  return {Kind::Model, model, std::nullopt, std::nullopt};
}
TokenSource zero() {
  return {Kind::Zero, 0, std::nullopt, std::nullopt};
}

std::string warningsOf(const Vocabulary& vocabulary) {
  std::string all;
  for (const std::string& warning : vocabulary.warnings) {
    all += warning + "\n";
  }
  return all;
}

}  // namespace

void TestVocabulary::baseKeepsItsTokens() {
  VocabularyRequest request;
  addModel(request, tokenizer({"a", "b", "c"}, {"<s>"}));
  addModel(request, tokenizer({"c", "x", "a"}, {"<t>"}));
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"a", "b", "c", "<s>"}));
  QCOMPARE(vocabulary.tokens, std::uint64_t{4});
  QCOMPARE(vocabulary.rows, std::uint64_t{4});
  QCOMPARE(vocabulary.ownRows[0], (Rows{0, 1, 2, 3}));
  QCOMPARE(vocabulary.ownRows[1], (Rows{2, -1, 0, -1}));
  QVERIFY(vocabulary.warnings.empty());
  const Json written = Json::parse(fileOf(vocabulary.files, "tokenizer.json"));
  QCOMPARE((written).dump(), (Json::parse(tokenizer({"a", "b", "c"}, {"<s>"}))).dump());
}

void TestVocabulary::stripsTokensPastTheRows() {
  Json file = Json::parse(tokenizer({"a", "b", "ab", "c", "abc"}, {"<s>"}, "BPE", {"a b", "ab c"}));
  const auto special = [](const char* id) { return Json{{"SpecialToken", {{"id", id}, {"type_id", 0}}}}; };
  file["post_processor"] = {{"type", "TemplateProcessing"},
                            {"single", {special("<s>"), {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}}},
                            {"pair", Json::array()},
                            {"special_tokens", {{"<s>", {{"id", "<s>"}, {"ids", {5}}, {"tokens", {"<s>"}}}}}}};
  VocabularyRequest request;
  addModel(request, file.dump(), 4);
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"a", "b", "ab", "c"}));
  const Json written = Json::parse(fileOf(vocabulary.files, "tokenizer.json"));
  QCOMPARE(written["model"]["vocab"].size(), std::size_t{4});
  // The second merge makes a token that is gone.
  QCOMPARE((written["model"]["merges"]).dump(), (Json::array({"a b"})).dump());
  QVERIFY(written["added_tokens"].empty());
  QVERIFY(written["post_processor"]["special_tokens"].empty());
  QCOMPARE(written["post_processor"]["single"].size(), std::size_t{1});
  QVERIFY(warningsOf(vocabulary).find("\"abc\", \"<s>\"") != std::string::npos);
}

void TestVocabulary::stripsOnlyBpe() {
  VocabularyRequest request;
  addModel(request, tokenizer({"a", "b"}, {"<s>"}, "WordPiece"), 2);
  const auto result = alignVocabularies(request);
  QVERIFY(!result);
  QVERIFY(result.error().message.find("WordPiece") != std::string::npos);
  QVERIFY(!result.error().remedy.empty());
  request.models[0].vocabSize = 3;
  QVERIFY(alignVocabularies(request).has_value());
}

void TestVocabulary::unionAddsTokensInOrder() {
  VocabularyRequest request;
  request.source = Source::Union;
  addModel(request, tokenizer({"a", "b"}, {"<s>"}));
  addModel(request, tokenizer({"z", "b", "y"}, {"<t>"}));
  addModel(request, tokenizer({"w", "y"}, {"<u>", "<s>"}));
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"a", "b", "<s>", "z", "y", "w", "<t>", "<u>"}));
  QCOMPARE(vocabulary.ownRows[2], (Rows{-1, -1, 3, -1, 1, 0, -1, 2}));
  const Json list = Json::parse(fileOf(vocabulary.files, "tokenizer.json"))["added_tokens"];
  QCOMPARE((list[1]).dump(), (added(3, "z", false, true)).dump());
  QCOMPARE((list[4]).dump(), (added(6, "<t>")).dump());
  // Another base, the same models.
  request.base = 1;
  QCOMPARE(aligned(request).texts, (Texts{"z", "b", "y", "<t>", "a", "w", "<s>", "<u>"}));
}

void TestVocabulary::unionTakesTheFirstDefinition() {
  Json second = Json::parse(tokenizer({"a", "q"}));
  second["added_tokens"] = {added(2, "<x>", false, true), added(0, "a", true, false)};
  Json third = Json::parse(tokenizer({"a"}, {"<x>"}));
  VocabularyRequest request;
  request.source = Source::Union;
  addModel(request, tokenizer({"a", "b"}));
  addModel(request, second.dump());
  addModel(request, third.dump());
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"a", "b", "q", "<x>"}));
  // "a" becomes an added token where it stands, because another model has it as one.
  QCOMPARE((Json::parse(fileOf(vocabulary.files, "tokenizer.json"))["added_tokens"]).dump(),
           (Json::array({added(0, "a"), added(2, "q", false, true), added(3, "<x>", false, true)})).dump());
}

void TestVocabulary::anotherModelsTokenizer() {
  VocabularyRequest request;
  request.source = Source::Model;
  request.sourceModel = 1;
  addModel(request, tokenizer({"a", "b"}));
  addModel(request, tokenizer({"c", "a"}, {"<p>"}), 2, {{"tokenizer_config.json", R"({"eos_token": "c"})"}});
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"c", "a", "<p>"}));
  QCOMPARE(vocabulary.ownRows[0], (Rows{-1, 0, -1}));
  QCOMPARE(vocabulary.ownRows[1], (Rows{0, 1, -1}));
  QVERIFY(fileOf(vocabulary.files, "tokenizer_config.json").find("eos_token") != std::string::npos);
  QVERIFY(warningsOf(vocabulary).find("\"<p>\"") != std::string::npos);
}

void TestVocabulary::tokensPastVocabSizeDoNotCount() {
  VocabularyRequest request;
  request.source = Source::Union;
  addModel(request, tokenizer({"a", "b", "c"}));
  addModel(request, tokenizer({"a", "c", "y", "b"}, {"<t>"}), 2);
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"a", "b", "c"}));
  QCOMPARE(vocabulary.ownRows[1], (Rows{0, -1, 1}));
}

void TestVocabulary::modelWithoutTokenizer() {
  VocabularyRequest request;
  addModel(request, tokenizer({"a", "b", "c"}));
  addModel(request, "", 2);
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.ownRows[1], (Rows{0, 1, -1}));
  QCOMPARE(vocabulary.warnings.size(), std::size_t{1});
  request.base = 1;
  const auto refused = alignVocabularies(request);
  QVERIFY(!refused);
  QVERIFY(refused.error().message.find("m1") != std::string::npos);
}

void TestVocabulary::specialTokensOfTheConfig() {
  const std::string config = R"({"bos_token": "a", "pad_token": {"content": "<pad>", "lstrip": true, "special": true},
                                 "image_token": "<img>", "additional_special_tokens": ["<e>"], "add_bos_token": true})";
  VocabularyRequest request;
  addModel(request, tokenizer({"a", "b"}), -1, {{"tokenizer_config.json", config}});
  Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"a", "b", "<pad>", "<img>", "<e>"}));
  Json pad = added(2, "<pad>");
  pad["lstrip"] = true;
  QCOMPARE((Json::parse(fileOf(vocabulary.files, "tokenizer.json"))["added_tokens"]).dump(),
           (Json::array({added(0, "a"), pad, added(3, "<img>"), added(4, "<e>")})).dump());
  // Taken out of a base that has no rows for them; a union loads the base's files again and so has them back.
  request.models[0].vocabSize = 2;
  QCOMPARE(aligned(request).texts, (Texts{"a", "b"}));
  request.source = Source::Union;
  QCOMPARE(aligned(request).texts, (Texts{"a", "b", "<pad>", "<img>", "<e>"}));
}

void TestVocabulary::keepsAddedTokensDecoderInStep() {
  const std::string config =
      R"({"added_tokens_decoder": {"2": {"content": "<s>", "special": true}}, "auto_map": {"AutoTokenizer": "x.y"}})";
  VocabularyRequest request;
  addModel(request, tokenizer({"a", "b"}, {"<s>"}), -1,
           {{"tokenizer_config.json", config}, {"special_tokens_map.json", "{}"}});
  request.tokens = {{"<new>", zero(), false}};
  const Vocabulary vocabulary = aligned(request);
  const Json written = Json::parse(fileOf(vocabulary.files, "tokenizer_config.json"));
  QCOMPARE(written["added_tokens_decoder"].size(), std::size_t{2});
  QCOMPARE((written["added_tokens_decoder"]["3"]["content"]).dump(), (Json("<new>")).dump());
  QVERIFY(!written.contains("auto_map"));
  QCOMPARE(fileOf(vocabulary.files, "special_tokens_map.json"), std::string("{}"));
}

void TestVocabulary::largeNumbersStayWhole() {
  VocabularyRequest request;
  addModel(request, tokenizer({"a"}), -1,
           {{"tokenizer_config.json", R"({"model_max_length": 1000000000000000019884624838656, "x": [], "y": 0.5})"}});
  const std::string written = fileOf(aligned(request).files, "tokenizer_config.json");
  QCOMPARE(written,
           std::string("{\n  \"model_max_length\": 1000000000000000019884624838656,\n  \"x\": [],\n  \"y\": 0.5\n}\n"));
}

void TestVocabulary::gpt2Files() {
  VocabularyRequest request;
  addModel(request, "", -1,
           {{"vocab.json", R"({"a": 0, "b": 1, "ab": 2})"},
            {"merges.txt", "#version: 0.2\na b\n"},
            {"tokenizer_config.json", R"({"tokenizer_class": "GPT2Tokenizer"})"}});
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"a", "b", "ab", "<|endoftext|>"}));
  QCOMPARE((Json::parse(fileOf(vocabulary.files, "tokenizer.json"))["model"]["merges"]).dump(),
           (Json::array({"a b"})).dump());
}

void TestVocabulary::idsWithGaps() {
  VocabularyRequest request;
  addModel(request, R"({"model": {"type": "BPE", "vocab": {"a": 0, "b": 3}, "merges": []}})");
  Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"a", "", "", "b"}));
  QCOMPARE(made(planned(vocabulary, {{0, 4}}, 0), 0, 1), std::string("zero"));
  QCOMPARE(vocabulary.warnings.size(), std::size_t{1});
  // The library numbers added tokens by the count of the others, so the second one would fall on "b".
  request.tokens = {{"x", zero(), false}, {"y", zero(), false}};
  const auto result = alignVocabularies(request);
  QVERIFY(!result);
  QVERIFY(result.error().message.find("\"y\"") != std::string::npos);
}

void TestVocabulary::usualRows() {
  VocabularyRequest request;
  request.source = Source::Union;
  addModel(request, tokenizer({"all", "base", "one"}));
  addModel(request, tokenizer({"x", "all", "base", "two"}));
  addModel(request, tokenizer({"two", "all"}));
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"all", "base", "one", "x", "two"}));
  const std::vector<VocabularyTensor> all = {{0, 3}, {1, 4}, {2, 2}};
  RowPlan plan = planned(vocabulary, all, 0);
  QCOMPARE(made(plan, 1, 0), std::string("own 1"));
  QCOMPARE(made(plan, 2, 1), std::string("0:1"));
  QCOMPARE(made(plan, 1, 2), std::string("0:2"));
  QCOMPARE(made(plan, 0, 3), std::string("1:0"));
  QCOMPARE(made(plan, 0, 4), std::string("1:3 2:0"));
  QCOMPARE(made(plan, 2, 4), std::string("own 0"));
  // Without a base model the base's row is one of several.
  plan = planned(vocabulary, all, std::nullopt);
  QCOMPARE(made(plan, 2, 1), std::string("0:1 1:2"));
  // A model that is not present has nothing to give.
  plan = planned(vocabulary, {{1, 4}, {2, 2}}, 0);
  QCOMPARE(made(plan, 1, 1), std::string("0:2"));
  QCOMPARE(made(plan, 0, 2), std::string("zero"));
  QVERIFY(!planRows(vocabulary, std::vector<VocabularyTensor>{{0, 2}, {1, 4}}, 0));
}

void TestVocabulary::overrides() {
  VocabularyRequest request;
  request.source = Source::Union;
  addModel(request, tokenizer({"a", "b"}));
  addModel(request, tokenizer({"b", "c"}), 3);
  request.tokens = {{"b", zero(), false},
                    {"c", ofToken(0, "a"), false},
                    {"a", ofToken(1, "c"), true},
                    {"new", ofId(1, 2), false},
                    {"bare", std::nullopt, false}};
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.texts, (Texts{"a", "b", "c", "new", "bare"}));
  const RowPlan plan = planned(vocabulary, {{0, 2}, {1, 3}}, 0);
  QCOMPARE(made(plan, 0, 0), std::string("1:1"));
  QCOMPARE(made(plan, 1, 0), std::string("1:1"));
  QCOMPARE(made(plan, 0, 1), std::string("own 1"));
  QCOMPARE(made(plan, 0, 2), std::string("0:0"));
  QCOMPARE(made(plan, 1, 2), std::string("own 1"));
  QCOMPARE(made(plan, 0, 3), std::string("1:2"));
  QCOMPARE(made(plan, 1, 4), std::string("zero"));
}

void TestVocabulary::overridesOfSpareRows() {
  VocabularyRequest request;
  addModel(request, tokenizer({"a", "b"}), 3);
  addModel(request, tokenizer({"a", "b"}), 2);
  request.tokens = {{"new", ofModel(0), false}, {"newer", zero(), false}};
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.ownRows[0], (Rows{0, 1, 2, -1}));
  QCOMPARE(vocabulary.ownRows[1], (Rows{0, 1, -1, -1}));
  QVERIFY(warningsOf(vocabulary).find("\"new\"") != std::string::npos);
  QVERIFY(warningsOf(vocabulary).find("newer") == std::string::npos);
}

void TestVocabulary::refusesOverrides_data() {
  QTest::addColumn<QString>("token");
  QTest::addColumn<int>("kind");
  QTest::addColumn<int>("model");
  QTest::addColumn<QString>("other");
  QTest::addColumn<int>("id");
  QTest::addColumn<QString>("message");
  const int modelToken = static_cast<int>(Kind::ModelToken);
  QTest::newRow("id at the end") << "n" << modelToken << 1 << "" << 2 << "id 2 of m1";
  QTest::newRow("negative id") << "n" << modelToken << 1 << "" << -1 << "id -1 of m1";
  QTest::newRow("token of another model") << "n" << modelToken << 1 << "b" << 0 << "\"b\", which is no token of m1";
  QTest::newRow("model lacks it") << "b" << static_cast<int>(Kind::Model) << 1 << "" << 0 << "m1, which does not have";
  QTest::newRow("model not present") << "n" << modelToken << 2 << "" << 0 << "m2, which has no such tensor";
}

void TestVocabulary::refusesOverrides() {
  QFETCH(QString, token);
  QFETCH(int, kind);
  QFETCH(int, model);
  QFETCH(QString, other);
  QFETCH(int, id);
  QFETCH(QString, message);
  VocabularyRequest request;
  addModel(request, tokenizer({"a", "b"}), 2);
  addModel(request, tokenizer({"c", "a"}), 2);
  addModel(request, tokenizer({"c", "a"}), 2);
  TokenSource source{static_cast<Kind>(kind), static_cast<std::size_t>(model), std::nullopt, std::nullopt};
  if (!other.isEmpty()) {
    source.token = other.toStdString();
  } else if (source.kind == Kind::ModelToken) {
    source.tokenId = id;
  }
  request.tokens = {{token.toStdString(), source, false}};
  const auto plan = planRows(aligned(request), std::vector<VocabularyTensor>{{0, 2}, {1, 2}}, 0);
  QVERIFY(!plan);
  QVERIFY2(plan.error().message.find(message.toStdString()) != std::string::npos, plan.error().message.c_str());
  QVERIFY(plan.error().message.find("\"" + token.toStdString() + "\"") != std::string::npos);
  QVERIFY(!plan.error().remedy.empty());
}

void TestVocabulary::padding() {
  VocabularyRequest request;
  addModel(request, tokenizer({"a", "b", "c"}));
  request.padToMultipleOf = 4;
  QCOMPARE(aligned(request).rows, std::uint64_t{4});
  const RowPlan plan = planned(aligned(request), {{0, 3}}, 0);
  QCOMPARE(plan.tokens, std::uint64_t{3});
  QCOMPARE(plan.total, std::uint64_t{4});
  QCOMPARE(plan.rows[0].size(), std::size_t{3});
  request.padToMultipleOf = 3;
  QCOMPARE(aligned(request).rows, std::uint64_t{3});
}

void TestVocabulary::chatTemplates() {
  VocabularyRequest request;
  addModel(request, tokenizer({"a"}), -1, {{"tokenizer_config.json", R"({"chat_template": "{{ one }}"})"}});
  addModel(request, tokenizer({"a"}), -1,
           {{"tokenizer_config.json", R"({"chat_template": "ignored"})"}, {"chat_template.jinja", " {{ two }}\n"}});
  addModel(request, tokenizer({"a"}), -1,
           {{"tokenizer_config.json", R"({"chat_template": [{"name": "default", "template": "{{ two }}"}]})"}});
  // The base's own, as a file.
  Vocabulary vocabulary = aligned(request);
  QCOMPARE(fileOf(vocabulary.files, "chat_template.jinja"), std::string("{{ one }}"));
  QVERIFY(fileOf(vocabulary.files, "tokenizer_config.json").find("chat_template") == std::string::npos);
  request.chatTemplate = "auto";
  QCOMPARE(fileOf(aligned(request).files, "chat_template.jinja"), std::string("{{ two }}"));
  request.models.pop_back();
  QCOMPARE(fileOf(aligned(request).files, "chat_template.jinja"), std::string("{{ one }}"));
  request.chatTemplate = "{{ a template of mine }}";
  QCOMPARE(fileOf(aligned(request).files, "chat_template.jinja"), request.chatTemplate);
  request.chatTemplate = "chatml";
  QVERIFY(fileOf(aligned(request).files, "chat_template.jinja").find("<|im_start|>") != std::string::npos);
}

void TestVocabulary::refusesChatTemplates() {
  VocabularyRequest request;
  addModel(request, tokenizer({"a"}));
  for (const char* text : {"chatlm", "{{ too short }}", "a long text without any brace at all"}) {
    request.chatTemplate = text;
    const auto result = alignVocabularies(request);
    QVERIFY(!result);
    QVERIFY(result.error().message.find(text) != std::string::npos);
    QVERIFY(!filesWithChatTemplate(request));
  }
  request.chatTemplate = "auto";
  const Vocabulary vocabulary = aligned(request);
  QCOMPARE(vocabulary.warnings.size(), std::size_t{1});
  QCOMPARE(vocabulary.files.size(), std::size_t{1});
}

void TestVocabulary::templateAlone() {
  VocabularyRequest request;
  addModel(request, "not looked at", -1, {{"tokenizer_config.json", R"({"chat_template": "{{ one }}", "x": 1})"}});
  request.chatTemplate = "alpaca";
  const auto files = filesWithChatTemplate(request);
  QVERIFY(files.has_value());
  QCOMPARE(files->size(), std::size_t{2});
  QCOMPARE(fileOf(*files, "tokenizer_config.json"), std::string("{\n  \"x\": 1\n}\n"));
  QVERIFY(fileOf(*files, "chat_template.jinja").find("### ") != std::string::npos);
}

void TestVocabulary::refusesBadTokenizers_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QString>("message");
  const auto row = [](const char* name, const char* text, const char* message) {
    QTest::newRow(name) << QByteArray(text) << message;
  };
  row("empty", " ", "not valid JSON");
  row("no JSON", "{", "not valid JSON");
  row("no object", "[]", "no \"model\"");
  row("no model", "{}", "no \"model\"");
  row("model is a list", R"({"model": []})", "no \"model\"");
  row("no vocabulary", R"({"model": {"type": "BPE"}})", "no \"vocab\"");
  row("vocabulary is text", R"({"model": {"vocab": "x"}})", "no \"vocab\"");
  row("merges are text", R"({"model": {"vocab": {}, "merges": "x"}})", "\"merges\" is no list");
  row("negative id", R"({"model": {"vocab": {"a": -1}}})", "\"a\" is no whole number");
  row("huge id", R"({"model": {"vocab": {"a": 4000000000}}})", "\"a\" is no whole number");
  row("fraction", R"({"model": {"vocab": {"a": 1.5}}})", "\"a\" is no whole number");
  row("id is text", R"({"model": {"vocab": {"a": "0"}}})", "\"a\" is no whole number");
  row("id twice", R"({"model": {"vocab": {"a": 0, "b": 0}}})", "\"b\" has id 0");
  row("token twice", R"({"model": {"vocab": {"a": 0, "a": 1}}})", "key \"a\" twice");
  row("unigram entry", R"({"model": {"vocab": [["a", 0.5], ["b"]]}})", "entry 1");
  row("unigram twice", R"({"model": {"vocab": [["a", 0.5], ["a", 1]]}})", "\"a\" twice");
  row("added is text", R"({"model": {"vocab": {}}, "added_tokens": "x"})", "\"added_tokens\" is no list");
  row("added without text", R"({"model": {"vocab": {}}, "added_tokens": [{"id": 0}]})", "no text");
  row("added is a number", R"({"model": {"vocab": {}}, "added_tokens": [3]})", "no text");
  row("added with negative id", R"({"model": {"vocab": {}}, "added_tokens": [{"id": -4, "content": "x"}]})", "no id");
  row("added twice",
      R"({"model": {"vocab": {}}, "added_tokens": [{"id": 0, "content": "x"}, {"id": 1, "content": "x"}]})", "twice");
  row("no UTF-8", "{\"model\": {\"vocab\": {\"\xff\": 0}}}", "not valid JSON");
  const QByteArray deep = "{\"model\": " + QByteArray(65, '[') + QByteArray(65, ']') + "}";
  QTest::newRow("deep") << deep << "nested deeper than 64";
}

void TestVocabulary::refusesBadTokenizers() {
  QFETCH(QByteArray, text);
  QFETCH(QString, message);
  VocabularyRequest request;
  addModel(request, tokenizer({"a"}));
  addModel(request, text.toStdString());
  for (const std::size_t base : {0, 1}) {
    request.base = base;
    const auto result = alignVocabularies(request);
    QVERIFY(!result);
    QVERIFY2(result.error().message.find(message.toStdString()) != std::string::npos, result.error().message.c_str());
    QVERIFY(result.error().message.find("m1/tokenizer.json") != std::string::npos);
    QVERIFY(!result.error().remedy.empty());
  }
}

void TestVocabulary::refusesOtherForms() {
  VocabularyRequest request;
  addModel(request, tokenizer({"a"}));
  addModel(request, "", -1, {{"tokenizer.model", "x"}});
  const auto result = alignVocabularies(request);
  QVERIFY(!result);
  QVERIFY(result.error().message.find("m1") != std::string::npos);
  QVERIFY(result.error().remedy.find("save_pretrained") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestVocabulary)
#include "tst_vocabulary.moc"
