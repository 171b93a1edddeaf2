// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <memory>

#include <QTest>

#include "tests/checkpoint/adapter_folder.h"

namespace layerloom {
namespace {

using test::adapted;
using test::AdapterFolder;
using test::bitsOf;
using test::isNear;
using test::kQ;
using test::kUp;
using test::matrix;
using test::pairOf;
using test::RawTensor;
using test::RawTensors;
using test::tensorOf;
using test::tinyLlamaTensors;
using test::valuesOf;

/// What the config, the shapes and the names of an adapter say about its factors.
class TestAdapterConfig : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<AdapterFolder>(); }

  void scalesFollowTheConfig_data();
  void scalesFollowTheConfig();
  void squareWeightsFollowTheConfig_data();
  void squareWeightsFollowTheConfig();
  void transposedWeightsAreSeenByShape();
  void squareWeightsFollowTheirLikes();
  void namesMayDifferByOnePart_data();
  void namesMayDifferByOnePart();

 private:
  std::unique_ptr<AdapterFolder> m_folder;
};

void TestAdapterConfig::scalesFollowTheConfig_data() {
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
  row("alpha of the module", R"("r":3,"lora_alpha":6,"alpha_pattern":{"model.layers.1.mlp.up_proj":12,"up_proj":1})",
      4);
  row("the first that matches", R"("r":3,"lora_alpha":6,"alpha_pattern":{"up_proj":3,"model.layers.1.mlp.up_proj":12})",
      1);
  row("a pattern of another module", R"("r":3,"lora_alpha":6,"alpha_pattern":{"layers.0.mlp.up_proj":12})", 2);
  row("a regular expression", R"("r":3,"lora_alpha":6,"alpha_pattern":{".*\\.[01]\\..*up_proj":9})", 3);
  row("rsLoRA with patterns",
      R"("r":9,"lora_alpha":6,"use_rslora":true,"rank_pattern":{"up_proj":3},"alpha_pattern":{"up_proj":9})",
      9 / std::sqrt(3.0));
  row("options that change nothing",
      R"("r":3,"lora_alpha":6,"use_dora":false,"trainable_token_indices":null,"layer_replication":[],"init_lora_weights":"gaussian")",
      2);
}

void TestAdapterConfig::scalesFollowTheConfig() {
  QFETCH(QByteArray, config);
  QFETCH(double, scale);
  const RawTensors pair = pairOf(kUp, 12, 8);
  m_folder->writeAdapter(pair, config.toStdString());
  const RawTensors base = tinyLlamaTensors(2, 1);
  QVERIFY(isNear(m_folder->read(kUp + ".weight"),
                 adapted(tensorOf(base, kUp + ".weight"), pair[0].second, pair[1].second, scale)));
}

void TestAdapterConfig::squareWeightsFollowTheConfig_data() {
  QTest::addColumn<bool>("fanInFanOut");
  QTest::newRow("out × in") << false;
  QTest::newRow("in × out") << true;
}

void TestAdapterConfig::squareWeightsFollowTheConfig() {
  QFETCH(bool, fanInFanOut);
  const RawTensors pair = pairOf(kQ, 8, 8);
  m_folder->writeAdapter(pair, std::string(R"({"peft_type":"LORA","r":3,"lora_alpha":3,"fan_in_fan_out":)") +
                                   (fanInFanOut ? "true}" : "false}"));
  const RawTensor base = tensorOf(tinyLlamaTensors(2, 1), kQ + ".weight");
  QVERIFY(isNear(m_folder->read(kQ + ".weight"), adapted(base, pair[0].second, pair[1].second, 1, fanInFanOut)));
}

void TestAdapterConfig::transposedWeightsAreSeenByShape() {
  const RawTensor weight = matrix(6, 10, 5);
  m_folder->writeBase({{"h.0.c_attn.weight", weight}});
  const RawTensors pair = pairOf("h.0.c_attn", 10, 6);
  m_folder->writeAdapter(pair);
  QVERIFY(isNear(m_folder->read("h.0.c_attn.weight"), adapted(weight, pair[0].second, pair[1].second, 2, true)));
  QVERIFY(bitsOf(m_folder->read("h.0.c_attn.weight", 7)) == bitsOf(m_folder->read("h.0.c_attn.weight")));
}

void TestAdapterConfig::squareWeightsFollowTheirLikes() {
  const RawTensor square = matrix(6, 6, 5);
  m_folder->writeBase({{"h.0.attn.c_proj.weight", square}, {"h.0.mlp.c_proj.weight", matrix(10, 6, 6)}});
  RawTensors tensors = pairOf("h.0.attn.c_proj", 6, 6);
  const RawTensors other = pairOf("h.0.mlp.c_proj", 6, 10);
  tensors.insert(tensors.end(), other.begin(), other.end());
  m_folder->writeAdapter(tensors);
  QVERIFY(
      isNear(m_folder->read("h.0.attn.c_proj.weight"), adapted(square, tensors[0].second, tensors[1].second, 2, true)));
}

void TestAdapterConfig::namesMayDifferByOnePart_data() {
  QTest::addColumn<QByteArray>("inBase");
  QTest::addColumn<QByteArray>("inAdapter");
  QTest::newRow("no prefix in the file") << QByteArray("model.a") << QByteArray("model.a");
  QTest::newRow("the base has no \"model.\"")
      << QByteArray("layers.0.a") << QByteArray("base_model.model.model.layers.0.a");
  QTest::newRow("the adapter has no \"transformer.\"")
      << QByteArray("transformer.h.0.a") << QByteArray("base_model.model.h.0.a");
}

void TestAdapterConfig::namesMayDifferByOnePart() {
  QFETCH(QByteArray, inBase);
  QFETCH(QByteArray, inAdapter);
  const RawTensor weight = matrix(12, 8, 5);
  const std::string name = inBase.toStdString() + ".weight";
  m_folder->writeBase({{name, weight}, {"lm_head.weight", matrix(4, 4, 1)}});
  RawTensors tensors = {{inAdapter.toStdString() + ".lora_A.weight", matrix(3, 8, 71)},
                        {inAdapter.toStdString() + ".lora_B.weight", matrix(12, 3, 72)},
                        {"base_model.model.lm_head.weight", matrix(4, 4, 2)}};
  m_folder->writeAdapter(tensors);
  QVERIFY(isNear(m_folder->read(name), adapted(weight, tensors[0].second, tensors[1].second, 2)));
  QVERIFY(isNear(m_folder->read("lm_head.weight"), valuesOf(tensors[2].second), 0));
}

}  // namespace
}  // namespace layerloom

QTEST_APPLESS_MAIN(layerloom::TestAdapterConfig)
#include "tst_adapter_config.moc"
