// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <bit>
#include <cmath>

#include <QTemporaryDir>
#include <QTest>

#include "core/checkpoint/locator.h"
#include "core/checkpoint/tensor_values.h"
#include "tests/common/safetensors_data.h"

using layerloom::Model;
using layerloom::test::f32Tensor;
using layerloom::test::randomValues;
using layerloom::test::RawTensor;
using layerloom::test::RawTensors;
using layerloom::test::safetensorsBytes;
using layerloom::test::valuesOf;
using layerloom::test::writeBytes;

/// LoRA adapters on the tiny llama (hidden size 8, vocabulary 16), against W + s·B·A computed here in float64.
class TestAdapter : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }

  void addsTheProduct_data();
  void addsTheProduct();
  void sixteenBitBasesAreNotRounded();
  void chunksDoNotMatter_data();
  void chunksDoNotMatter();
  void scalesFollowTheConfig_data();
  void scalesFollowTheConfig();
  void squareWeightsFollowTheConfig_data();
  void squareWeightsFollowTheConfig();
  void transposedWeightsAreSeenByShape();
  void squareWeightsFollowTheirLikes();
  void embeddings();
  void convolutions();
  void wholeTensorsReplaceTheBase();
  void replacedTensorsKeepTheBasesType();
  void factorsAddToASavedEmbedding();
  void namesMayDifferByOnePart_data();
  void namesMayDifferByOnePart();
  void slotsKeepModelsApart();
  void theModelKnowsItsAdapter();
  void refusesConfigs_data();
  void refusesConfigs();
  void refusesTensors_data();
  void refusesTensors();
  void refusesFolders_data();
  void refusesFolders();
  void refusesEveryCut();
  void refusesAQuantisedBase();

 private:
  std::string path(const std::string& name) const { return m_folder->path().toStdString() + "/" + name; }
  void writeAdapter(const RawTensors& tensors, const std::string& config = R"({"peft_type":"LORA","r":3,"lora_alpha":6})");
  void writeBase(const RawTensors& tensors) { writeBytes(path("base/model.safetensors"), safetensorsBytes(tensors)); }
  layerloom::Result<std::shared_ptr<const Model>> open() const {
    return layerloom::openModel("base+lora", {m_folder->path().toStdString(), {}});
  }
  /// The values of a tensor of base+lora.
  std::vector<float> read(const std::string& tensor, std::size_t chunk = 1000) const;
  void refuses(const std::vector<QString>& named) const;

  std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

const std::string kQ = "model.layers.0.self_attn.q_proj";
const std::string kUp = "model.layers.1.mlp.up_proj";

RawTensor matrix(std::uint64_t rows, std::uint64_t columns, std::uint32_t seed) {
  return f32Tensor({rows, columns}, randomValues(rows * columns, seed));
}

RawTensors pairOf(const std::string& module, std::uint64_t out, std::uint64_t in, std::uint64_t rank = 3) {
  return {{"base_model.model." + module + ".lora_A.weight", matrix(rank, in, 71)},
          {"base_model.model." + module + ".lora_B.weight", matrix(out, rank, 72)}};
}

/// W + scale · B·A, or W + scale · (B·A)ᵀ, element by element in float64.
std::vector<double> adapted(const RawTensor& base, const RawTensor& a, const RawTensor& b, double scale, bool transposed = false) {
  std::vector<double> result = valuesOf(base);
  const std::vector<double> inner = valuesOf(a);
  const std::vector<double> outer = valuesOf(b);
  const std::size_t rank = a.shape[0];
  const std::size_t in = inner.size() / rank;
  const std::size_t out = b.shape[0];
  for (std::size_t o = 0; o < out; ++o) {
    for (std::size_t i = 0; i < in; ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < rank; ++k) {
        sum += outer[o * rank + k] * inner[k * in + i];
      }
      result[transposed ? i * out + o : o * in + i] += scale * sum;
    }
  }
  return result;
}

RawTensor tensorOf(const RawTensors& tensors, const std::string& name) {
  for (const auto& [known, tensor] : tensors) {
    if (known == name) {
      return tensor;
    }
  }
  throw std::runtime_error(name + " is not there");
}

bool isNear(const std::vector<float>& got, const std::vector<double>& want, double relative = 1e-7, double absolute = 1e-9) {
  for (std::size_t i = 0; i < want.size() && i < got.size(); ++i) {
    if (!(std::fabs(got[i] - want[i]) <= absolute + relative * std::fabs(want[i]))) {
      qWarning("element %zu is %.9g instead of %.9g", i, double{got[i]}, want[i]);
      return false;
    }
  }
  return got.size() == want.size();
}

std::vector<std::uint32_t> bitsOf(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) {
    bits.push_back(std::bit_cast<std::uint32_t>(value));
  }
  return bits;
}

}  // namespace

void TestAdapter::writeAdapter(const RawTensors& tensors, const std::string& config) {
  if (!std::filesystem::exists(path("base"))) {
    layerloom::test::writeTinyLlama(path("base"), 2, 1);
  }
  writeBytes(path("lora/adapter_config.json"), config);
  writeBytes(path("lora/adapter_model.safetensors"), safetensorsBytes(tensors));
}

std::vector<float> TestAdapter::read(const std::string& tensor, std::size_t chunk) const {
  const auto model = open();
  if (!model) {
    throw std::runtime_error(model.error().message);
  }
  const layerloom::ModelTensor* found = (*model)->find(tensor);
  std::vector<float> values(found->entry.elements());
  layerloom::ReadScratch scratch;
  for (std::size_t first = 0; first < values.size(); first += chunk) {
    const auto part = std::span(values).subspan(first, std::min(chunk, values.size() - first));
    const auto bytes = layerloom::readValues(**model, *found, first, part, scratch);
    if (!bytes || *bytes != part.size() * bitsOf(found->dtypeInFile()) / 8) {
      throw std::runtime_error(bytes ? "read a wrong number of bytes" : bytes.error().message);
    }
  }
  return values;
}

void TestAdapter::refuses(const std::vector<QString>& named) const {
  const auto model = open();
  QVERIFY(!model.has_value());
  for (const QString& part : named) {
    QVERIFY2(QString::fromStdString(model.error().message).contains(part), model.error().message.c_str());
  }
  QVERIFY(!model.error().remedy.empty());
}

void TestAdapter::addsTheProduct_data() {
  QTest::addColumn<QString>("dtype");
  QTest::addColumn<int>("rank");
  for (const char* dtype : {"F32", "BF16", "F16"}) {
    for (const int rank : {1, 3, 17}) {
      QTest::addRow("%s rank %d", dtype, rank) << dtype << rank;
    }
  }
}

void TestAdapter::addsTheProduct() {
  QFETCH(QString, dtype);
  QFETCH(int, rank);
  layerloom::test::writeTinyLlama(path("base"), 2, 1, dtype.toStdString());
  const RawTensors base = layerloom::test::tinyLlamaTensors(2, 1, dtype.toStdString());
  RawTensors pair = pairOf(kUp, 12, 8, static_cast<std::uint64_t>(rank));
  writeAdapter(pair, QStringLiteral(R"({"peft_type":"LORA","r":%1,"lora_alpha":6})").arg(rank).toStdString());
  // 16-bit weights are summed in float32, others in float64 and rounded once.
  const bool exact = dtype == "F32";
  QVERIFY(isNear(read(kUp + ".weight"), adapted(tensorOf(base, kUp + ".weight"), pair[0].second, pair[1].second, 6.0 / rank),
                 exact ? 1e-7 : 2e-6, exact ? 1e-9 : 2e-7));
  // What the adapter does not name stays as it is.
  QVERIFY(isNear(read(kQ + ".weight"), valuesOf(tensorOf(base, kQ + ".weight")), 0));
}

void TestAdapter::sixteenBitBasesAreNotRounded() {
  layerloom::test::writeTinyLlama(path("base"), 2, 1, "BF16");
  writeAdapter(pairOf(kUp, 12, 8));
  int finer = 0;
  for (const std::uint32_t bits : bitsOf(read(kUp + ".weight"))) {
    finer += (bits & 0xFFFF) != 0 ? 1 : 0;
  }
  QVERIFY2(finer > 80, qPrintable(QString::number(finer)));
  QCOMPARE((*open())->find(kUp + ".weight")->entry.dtype, layerloom::DType::BF16);
}

void TestAdapter::chunksDoNotMatter_data() {
  QTest::addColumn<QString>("dtype");
  QTest::newRow("F32") << "F32";
  QTest::newRow("BF16") << "BF16";
}

void TestAdapter::chunksDoNotMatter() {
  QFETCH(QString, dtype);
  layerloom::test::writeTinyLlama(path("base"), 2, 1, dtype.toStdString());
  writeAdapter(pairOf(kUp, 12, 8, 7), R"({"peft_type":"LORA","r":7})");
  const std::vector<std::uint32_t> whole = bitsOf(read(kUp + ".weight"));
  for (const std::size_t chunk : {1, 2, 5, 8, 9, 23, 95}) {
    QVERIFY(bitsOf(read(kUp + ".weight", chunk)) == whole);
  }
}

void TestAdapter::scalesFollowTheConfig_data() {
  QTest::addColumn<QByteArray>("config");
  QTest::addColumn<double>("scale");
  const auto row = [](const char* name, const char* more, double scale) {
    QTest::newRow(name) << QByteArray(R"({"peft_type":"LORA",)") + more + "}" << scale;
  };
  row("alpha by rank", R"("r":3,"lora_alpha":6)", 2);
  row("a fraction", R"("r":3,"lora_alpha":0.75)", 0.25);
  row("alpha by default", R"("r":3)", 8.0 / 3);
  row("rsLoRA", R"("r":3,"lora_alpha":6,"use_rslora":true)", 6 / std::sqrt(3.0));
  row("rank of the module", R"("r":8,"lora_alpha":6,"rank_pattern":{"q_proj":5,"up_proj":3})", 2);
  row("alpha of the module", R"("r":3,"lora_alpha":6,"alpha_pattern":{"model.layers.1.mlp.up_proj":12,"up_proj":1})", 4);
  row("the first that matches", R"("r":3,"lora_alpha":6,"alpha_pattern":{"up_proj":3,"model.layers.1.mlp.up_proj":12})", 1);
  row("a pattern of another module", R"("r":3,"lora_alpha":6,"alpha_pattern":{"layers.0.mlp.up_proj":12})", 2);
  row("a regular expression", R"("r":3,"lora_alpha":6,"alpha_pattern":{".*\\.[01]\\..*up_proj":9})", 3);
  row("rsLoRA with patterns",
      R"("r":9,"lora_alpha":6,"use_rslora":true,"rank_pattern":{"up_proj":3},"alpha_pattern":{"up_proj":9})", 9 / std::sqrt(3.0));
  row("options that change nothing",
      R"("r":3,"lora_alpha":6,"use_dora":false,"trainable_token_indices":null,"layer_replication":[],"init_lora_weights":"gaussian")", 2);
}

void TestAdapter::scalesFollowTheConfig() {
  QFETCH(QByteArray, config);
  QFETCH(double, scale);
  const RawTensors pair = pairOf(kUp, 12, 8);
  writeAdapter(pair, config.toStdString());
  const RawTensors base = layerloom::test::tinyLlamaTensors(2, 1);
  QVERIFY(isNear(read(kUp + ".weight"), adapted(tensorOf(base, kUp + ".weight"), pair[0].second, pair[1].second, scale)));
}

void TestAdapter::squareWeightsFollowTheConfig_data() {
  QTest::addColumn<bool>("fanInFanOut");
  QTest::newRow("out × in") << false;
  QTest::newRow("in × out") << true;
}

void TestAdapter::squareWeightsFollowTheConfig() {
  QFETCH(bool, fanInFanOut);
  const RawTensors pair = pairOf(kQ, 8, 8);
  writeAdapter(pair, std::string(R"({"peft_type":"LORA","r":3,"lora_alpha":3,"fan_in_fan_out":)") + (fanInFanOut ? "true}" : "false}"));
  const RawTensor base = tensorOf(layerloom::test::tinyLlamaTensors(2, 1), kQ + ".weight");
  QVERIFY(isNear(read(kQ + ".weight"), adapted(base, pair[0].second, pair[1].second, 1, fanInFanOut)));
}

void TestAdapter::transposedWeightsAreSeenByShape() {
  const RawTensor weight = matrix(6, 10, 5);
  writeBase({{"h.0.c_attn.weight", weight}});
  const RawTensors pair = pairOf("h.0.c_attn", 10, 6);
  writeAdapter(pair);
  QVERIFY(isNear(read("h.0.c_attn.weight"), adapted(weight, pair[0].second, pair[1].second, 2, true)));
  QVERIFY(bitsOf(read("h.0.c_attn.weight", 7)) == bitsOf(read("h.0.c_attn.weight")));
}

void TestAdapter::squareWeightsFollowTheirLikes() {
  const RawTensor square = matrix(6, 6, 5);
  writeBase({{"h.0.attn.c_proj.weight", square}, {"h.0.mlp.c_proj.weight", matrix(10, 6, 6)}});
  RawTensors tensors = pairOf("h.0.attn.c_proj", 6, 6);
  const RawTensors other = pairOf("h.0.mlp.c_proj", 6, 10);
  tensors.insert(tensors.end(), other.begin(), other.end());
  writeAdapter(tensors);
  QVERIFY(isNear(read("h.0.attn.c_proj.weight"), adapted(square, tensors[0].second, tensors[1].second, 2, true)));
}

void TestAdapter::embeddings() {
  const RawTensors pair = {{"base_model.model.model.embed_tokens.lora_embedding_A", matrix(3, 16, 71)},
                           {"base_model.model.model.embed_tokens.lora_embedding_B", matrix(8, 3, 72)}};
  writeAdapter(pair);
  const RawTensor base = tensorOf(layerloom::test::tinyLlamaTensors(2, 1), "model.embed_tokens.weight");
  QVERIFY(isNear(read("model.embed_tokens.weight"), adapted(base, pair[0].second, pair[1].second, 2, true)));
}

void TestAdapter::convolutions() {
  const RawTensor weight = f32Tensor({4, 2, 3, 3}, randomValues(72, 5));
  writeBase({{"conv.weight", weight}});
  const RawTensor a = f32Tensor({3, 2, 3, 3}, randomValues(54, 6));
  const RawTensor b = f32Tensor({4, 3, 1, 1}, randomValues(12, 7));
  writeAdapter({{"base_model.model.conv.lora_A.weight", a}, {"base_model.model.conv.lora_B.weight", b}});
  QVERIFY(isNear(read("conv.weight"), adapted(weight, a, b, 2)));
}

void TestAdapter::wholeTensorsReplaceTheBase() {
  RawTensors tensors = pairOf(kUp, 12, 8);
  tensors.emplace_back("base_model.model.lm_head.weight", matrix(16, 8, 90));
  tensors.emplace_back("base_model.model.model.norm.base_layer.weight", f32Tensor({8}, randomValues(8, 91)));
  writeAdapter(tensors, R"({"peft_type":"LORA","r":3,"modules_to_save":["lm_head","score"]})");
  QVERIFY(isNear(read("lm_head.weight"), valuesOf(tensors[2].second), 0));
  QVERIFY(isNear(read("model.norm.weight"), valuesOf(tensors[3].second), 0));
  QCOMPARE((*open())->find("lm_head.weight")->entry.name, std::string("lm_head.weight"));
  QCOMPARE((*open())->warnings().size(), std::size_t{1});
  QVERIFY((*open())->warnings().front().find("\"score\"") != std::string::npos);
}

void TestAdapter::replacedTensorsKeepTheBasesType() {
  layerloom::test::writeTinyLlama(path("base"), 2, 1, "BF16");
  const RawTensors tensors = {{"base_model.model.lm_head.weight", matrix(16, 8, 90)}};
  writeAdapter(tensors);
  QCOMPARE((*open())->find("lm_head.weight")->entry.dtype, layerloom::DType::BF16);
  QVERIFY(isNear(read("lm_head.weight", 5), valuesOf(tensors[0].second), 0));
}

void TestAdapter::factorsAddToASavedEmbedding() {
  const RawTensors tensors = {{"base_model.model.model.embed_tokens.base_layer.weight", matrix(16, 8, 90)},
                              {"base_model.model.model.embed_tokens.lora_embedding_A", matrix(3, 16, 71)},
                              {"base_model.model.model.embed_tokens.lora_embedding_B", matrix(8, 3, 72)}};
  writeAdapter(tensors);
  QVERIFY(isNear(read("model.embed_tokens.weight"), adapted(tensors[0].second, tensors[1].second, tensors[2].second, 2, true)));
}

void TestAdapter::namesMayDifferByOnePart_data() {
  QTest::addColumn<QByteArray>("inBase");
  QTest::addColumn<QByteArray>("inAdapter");
  QTest::newRow("no prefix in the file") << QByteArray("model.a") << QByteArray("model.a");
  QTest::newRow("the base has no \"model.\"") << QByteArray("layers.0.a") << QByteArray("base_model.model.model.layers.0.a");
  QTest::newRow("the adapter has no \"transformer.\"") << QByteArray("transformer.h.0.a") << QByteArray("base_model.model.h.0.a");
}

void TestAdapter::namesMayDifferByOnePart() {
  QFETCH(QByteArray, inBase);
  QFETCH(QByteArray, inAdapter);
  const RawTensor weight = matrix(12, 8, 5);
  const std::string name = inBase.toStdString() + ".weight";
  writeBase({{name, weight}, {"lm_head.weight", matrix(4, 4, 1)}});
  RawTensors tensors = {{inAdapter.toStdString() + ".lora_A.weight", matrix(3, 8, 71)},
                        {inAdapter.toStdString() + ".lora_B.weight", matrix(12, 3, 72)},
                        {"base_model.model.lm_head.weight", matrix(4, 4, 2)}};
  writeAdapter(tensors);
  QVERIFY(isNear(read(name), adapted(weight, tensors[0].second, tensors[1].second, 2)));
  QVERIFY(isNear(read("lm_head.weight"), valuesOf(tensors[2].second), 0));
}

void TestAdapter::slotsKeepModelsApart() {
  RawTensors tensors = pairOf(kUp, 12, 8);
  const RawTensors other = {{"base_model.model.model.layers.0.mlp.up_proj.lora_A.weight", matrix(3, 8, 75)},
                            {"base_model.model.model.layers.0.mlp.up_proj.lora_B.weight", matrix(12, 3, 76)}};
  tensors.insert(tensors.end(), other.begin(), other.end());
  writeAdapter(tensors);
  const auto model = open();
  QVERIFY(model.has_value());
  const std::vector<float> first = read("model.layers.0.mlp.up_proj.weight");
  const std::vector<float> second = read(kUp + ".weight");
  // Tensors in turn, first in slots of their own, then in one.
  for (const std::size_t count : {2, 1}) {
    layerloom::ReadScratch scratch;
    std::vector<float> part(10);
    for (std::size_t at = 0; at + 10 <= 96; at += 10) {
      QVERIFY(layerloom::readValues(**model, *(*model)->find("model.layers.0.mlp.up_proj.weight"), at, part, scratch, 0).has_value());
      QVERIFY(std::equal(part.begin(), part.end(), first.begin() + static_cast<std::ptrdiff_t>(at)));
      QVERIFY(layerloom::readValues(**model, *(*model)->find(kUp + ".weight"), at, part, scratch, count - 1).has_value());
      QVERIFY(std::equal(part.begin(), part.end(), second.begin() + static_cast<std::ptrdiff_t>(at)));
    }
    QCOMPARE(scratch.factors.size(), count);
  }
}

void TestAdapter::theModelKnowsItsAdapter() {
  writeAdapter(pairOf(kUp, 12, 8));
  const auto model = open();
  QVERIFY(model.has_value());
  const auto base = Model::open(path("base"));
  QCOMPARE((*model)->name(), std::string("base+lora"));
  QCOMPARE((*model)->parameters(), (*base)->parameters());
  QCOMPARE((*model)->tensors().size(), (*base)->tensors().size());
  QVERIFY((*model)->owns(path("base/out")));
  QVERIFY((*model)->owns(path("lora/out")));
  QVERIFY(!(*base)->owns(path("lora/out")));
  QVERIFY(!(*model)->owns(path("elsewhere")));
  QVERIFY((*model)->verifyUnchanged().has_value());
  std::filesystem::resize_file(path("lora/adapter_model.safetensors"), 100);
  QVERIFY(!(*model)->verifyUnchanged().has_value());
  QVERIFY((*base)->verifyUnchanged().has_value());
  std::vector<float> values(8);
  layerloom::ReadScratch scratch;
  QVERIFY(!layerloom::readValues(**model, *(*model)->find(kUp + ".weight"), 0, values, scratch).has_value());
  // Nothing half loaded is taken for the factors afterwards.
  QVERIFY(!layerloom::readValues(**model, *(*model)->find(kUp + ".weight"), 0, values, scratch).has_value());
}

void TestAdapter::refusesConfigs_data() {
  QTest::addColumn<QByteArray>("config");
  QTest::addColumn<QString>("named");
  QTest::newRow("empty") << QByteArray() << "adapter_config.json";
  QTest::newRow("a list") << QByteArray("[]") << "adapter_config.json";
  QTest::newRow("no kind") << QByteArray("{}") << "peft_type";
  QTest::newRow("a key twice") << QByteArray(R"({"peft_type":"LORA","r":3,"r":4})") << "\"r\"";
  QTest::newRow("a million deep") << QByteArray(1'000'000, '[') + QByteArray(1'000'000, ']') << "nested";
  QTest::newRow("deep inside") << QByteArray(R"({"peft_type":"LORA","x":)") + QByteArray(200, '[') + QByteArray(200, ']') + "}"
                               << "nested";
  for (const char* kind : {"ADALORA", "IA3", "LOHA", "PREFIX_TUNING", "VERA"}) {
    QTest::newRow(kind) << QByteArray(R"({"peft_type":")") + kind + "\"}" << kind;
  }
  const auto row = [](const char* name, const char* more, const char* named) {
    QTest::newRow(name) << QByteArray(R"({"peft_type":"LORA",)") + more + "}" << named;
  };
  row("DoRA", R"("r":3,"use_dora":true)", "DoRA");
  row("QALoRA", R"("r":3,"use_qalora":true)", "QALoRA");
  row("bias in the factors", R"("r":3,"lora_bias":true)", "lora_bias");
  row("bare parameters", R"("r":3,"target_parameters":["experts.down_proj"])", "target_parameters");
  row("trainable tokens", R"("r":3,"trainable_token_indices":{"embed_tokens":[1]})", "tokens");
  row("replicated layers", R"("r":3,"layer_replication":[[0,2],[1,2]])", "replicated");
  row("PiSSA", R"("r":3,"init_lora_weights":"pissa_niter_4")", "PiSSA");
  row("OLoRA", R"("r":3,"init_lora_weights":"olora")", "OLoRA");
  row("rank zero", R"("r":0)", "rank");
  row("rank negative", R"("r":-3)", "rank");
  row("rank huge", R"("r":65537)", "65536");
  row("rank past 64 bits", R"("r":18446744073709551619)", "rank");
  row("rank a fraction", R"("r":3.0)", "rank");
  row("rank a text", R"("r":"3")", "rank");
  row("alpha a text", R"("r":3,"lora_alpha":"6")", "lora_alpha");
  row("alpha too large", R"("r":3,"lora_alpha":1e999)", "adapter_config.json");
  row("flag a number", R"("r":3,"use_rslora":1)", "use_rslora");
  row("patterns a list", R"("r":3,"rank_pattern":[1])", "rank_pattern");
  row("pattern of rank zero", R"("r":3,"rank_pattern":{"up_proj":0})", "up_proj");
  row("pattern with a group", R"("r":3,"alpha_pattern":{"(up|down)_proj":4})", "alpha_pattern");
  row("modules no names", R"("r":3,"modules_to_save":[1])", "modules_to_save");
  row("rank unlike the tensors", R"("r":4)", "rank 4");
}

void TestAdapter::refusesConfigs() {
  QFETCH(QByteArray, config);
  QFETCH(QString, named);
  writeAdapter(pairOf(kUp, 12, 8), config.toStdString());
  refuses({named});
}

void TestAdapter::refusesTensors_data() {
  QTest::addColumn<QString>("fault");
  QTest::addColumn<QStringList>("named");
  QTest::newRow("half missing") << "half" << QStringList{"up_proj.lora_A.weight", "other half"};
  QTest::newRow("no such module") << "module" << QStringList{"layers.7.mlp.up_proj.weight", "base"};
  QTest::newRow("rows unlike") << "rows" << QStringList{"[13, 3]", "[3, 8]", "[12, 8]", "lora_B", "up_proj.weight"};
  QTest::newRow("columns unlike") << "columns" << QStringList{"[12, 3]", "[3, 9]", "[12, 8]"};
  QTest::newRow("ranks unlike") << "ranks" << QStringList{"[12, 3]", "[4, 8]"};
  QTest::newRow("a vector") << "vector" << QStringList{"[24]", "[12, 3]"};
  QTest::newRow("saved tensor of another shape") << "saved" << QStringList{"lm_head.weight", "[17, 8]", "[16, 8]"};
  QTest::newRow("saved tensor without base") << "unknown" << QStringList{"score.weight"};
  QTest::newRow("integers") << "integers" << QStringList{"lora_A", "I32"};
  QTest::newRow("DoRA") << "dora" << QStringList{"lora_magnitude_vector", "DoRA"};
  QTest::newRow("bias in the factors") << "bias" << QStringList{"lora_B.bias"};
  QTest::newRow("an unknown factor") << "factor" << QStringList{"lora_C"};
  QTest::newRow("both kinds of factors") << "kinds" << QStringList{"more than one pair"};
  QTest::newRow("one module twice") << "twice" << QStringList{"up_proj"};
  QTest::newRow("nothing") << "nothing" << QStringList{"no tensors"};
}

void TestAdapter::refusesTensors() {
  QFETCH(QString, fault);
  QFETCH(QStringList, named);
  const std::string prefix = "base_model.model." + kUp;
  RawTensors tensors = pairOf(kUp, fault == "rows" ? 13 : 12, fault == "columns" ? 9 : 8);
  if (fault == "half") {
    tensors.pop_back();
  } else if (fault == "module") {
    tensors = pairOf("model.layers.7.mlp.up_proj", 12, 8);
  } else if (fault == "ranks") {
    tensors[0].second = matrix(4, 8, 1);
  } else if (fault == "vector") {
    tensors[0].second = f32Tensor({24}, randomValues(24, 1));
  } else if (fault == "saved") {
    tensors.emplace_back("base_model.model.lm_head.weight", matrix(17, 8, 1));
  } else if (fault == "unknown") {
    tensors.emplace_back("base_model.model.score.weight", matrix(2, 8, 1));
  } else if (fault == "integers") {
    tensors[0].second.dtype = "I32";
  } else if (fault == "dora") {
    tensors.emplace_back(prefix + ".lora_magnitude_vector", f32Tensor({12}, randomValues(12, 1)));
  } else if (fault == "bias") {
    tensors.emplace_back(prefix + ".lora_B.bias", f32Tensor({12}, randomValues(12, 1)));
  } else if (fault == "factor") {
    tensors.emplace_back(prefix + ".lora_C.weight", matrix(3, 3, 1));
  } else if (fault == "kinds") {
    tensors.emplace_back(prefix + ".lora_embedding_A", matrix(3, 8, 1));
  } else if (fault == "twice") {
    tensors.emplace_back(kUp + ".lora_A.weight", matrix(3, 8, 1));
  } else if (fault == "nothing") {
    tensors.clear();
  }
  writeAdapter(tensors);
  refuses({named.begin(), named.end()});
}

void TestAdapter::refusesFolders_data() {
  QTest::addColumn<QString>("fault");
  QTest::addColumn<QString>("named");
  QTest::newRow("absent") << "absent"
                          << "lora";
  QTest::newRow("a file") << "file"
                          << "no folder";
  QTest::newRow("a model") << "model"
                           << "adapter_config.json";
  QTest::newRow("no weights") << "empty"
                              << "adapter_model.safetensors";
  QTest::newRow("a pickle") << "pickle"
                            << "adapter_model.bin";
  QTest::newRow("shards") << "shards"
                          << "shards";
}

void TestAdapter::refusesFolders() {
  QFETCH(QString, fault);
  QFETCH(QString, named);
  writeAdapter(pairOf(kUp, 12, 8));
  std::filesystem::remove(path("lora/adapter_model.safetensors"));
  if (fault == "absent" || fault == "file") {
    std::filesystem::remove_all(path("lora"));
  }
  if (fault == "file") {
    writeBytes(path("lora"), "x");
  } else if (fault == "model") {
    std::filesystem::remove_all(path("lora"));
    layerloom::test::writeTinyLlama(path("lora"), 2, 2);
  } else if (fault == "pickle") {
    writeBytes(path("lora/adapter_model.bin"), "\x80\x02.");
  } else if (fault == "shards") {
    writeBytes(path("lora/adapter_model.safetensors.index.json"), "{}");
  }
  refuses({named});
}

void TestAdapter::refusesEveryCut() {
  writeAdapter(pairOf(kUp, 12, 8));
  const std::string whole = layerloom::test::readBytes(path("lora/adapter_model.safetensors"));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    writeBytes(path("lora/adapter_model.safetensors"), whole.substr(0, length));
    QVERIFY(!open().has_value());
  }
  writeBytes(path("lora/adapter_model.safetensors"), whole);
  QVERIFY(open().has_value());
  const std::string config = layerloom::test::readBytes(path("lora/adapter_config.json"));
  for (std::size_t length = 0; length < config.size(); ++length) {
    writeBytes(path("lora/adapter_config.json"), config.substr(0, length));
    QVERIFY(!open().has_value());
  }
}

void TestAdapter::refusesAQuantisedBase() {
  writeBase({{kUp + ".qweight", {"I32", {2, 16}, std::string(128, '\0')}}, {kUp + ".scales", matrix(1, 16, 1)}});
  writeAdapter(pairOf(kUp, 12, 8));
  refuses({"GPTQ", "base"});
}

QTEST_APPLESS_MAIN(TestAdapter)
#include "tst_adapter.moc"
