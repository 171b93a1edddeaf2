// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "core/checkpoint/quantisation.h"
#include "tests/common/safetensors_data.h"

using layerloom::test::RawTensor;
using layerloom::test::RawTensors;

/// Quantised weights are known by their tensors, or else by the config.
class TestQuantisation : public QObject {
  Q_OBJECT

 private slots:
  void namesTheScheme_data();
  void namesTheScheme();
};

namespace {

RawTensor zeros(const std::string& dtype, std::vector<std::uint64_t> shape, std::size_t elementBytes) {
  std::size_t bytes = elementBytes;
  for (const std::uint64_t length : shape) {
    bytes *= length;
  }
  return {dtype, std::move(shape), std::string(bytes, '\0')};
}

RawTensors tensorsOf(const QString& kind) {
  const std::string m = "model.layers.0.self_attn.q_proj.";
  RawTensors tensors = {{"model.embed_tokens.weight", zeros("F16", {4, 8}, 2)}};
  const auto add = [&](const std::string& name, RawTensor tensor) { tensors.emplace_back(m + name, std::move(tensor)); };
  if (kind == "plain" || kind == "config") {
    add("weight", zeros("F16", {8, 8}, 2));
    tensors.emplace_back("h.0.attn.bias", zeros("U8", {1, 1, 4, 4}, 1));
  } else if (kind == "gptq" || kind == "awq") {
    add("qweight", zeros("I32", kind == "gptq" ? std::vector<std::uint64_t>{2, 16} : std::vector<std::uint64_t>{16, 2}, 4));
    add("qzeros", zeros("I32", {1, 2}, 4));
    add("scales", zeros("F16", {1, 16}, 2));
  } else if (kind == "bnb4") {
    add("weight", zeros("U8", {32, 1}, 1));
    add("weight.absmax", zeros("U8", {4}, 1));
    add("weight.quant_state.bitsandbytes__nf4", zeros("U8", {9}, 1));
  } else if (kind == "bnb8") {
    add("SCB", zeros("F32", {8}, 4));
    add("weight", zeros("I8", {8, 8}, 1));
  } else if (kind == "fp8 blocks" || kind == "fp8 scales" || kind == "fp8") {
    add("weight", zeros("F8_E4M3", {8, 8}, 1));
    if (kind != "fp8") {
      add(kind == "fp8 blocks" ? "weight_scale_inv" : "weight_scale", zeros("F32", {1, 1}, 4));
    }
  } else if (kind == "mxfp4") {
    add("experts.down_proj_blocks", zeros("U8", {2, 8, 4}, 1));
    add("experts.down_proj_scales", zeros("U8", {2, 8}, 1));
  } else if (kind == "bytes") {
    add("weight", zeros("U8", {8, 8}, 1));
  }
  return tensors;
}

}  // namespace

void TestQuantisation::namesTheScheme_data() {
  QTest::addColumn<QString>("kind");
  QTest::addColumn<QString>("scheme");
  const auto row = [](const char* kind, const char* scheme) { QTest::newRow(kind) << kind << scheme; };
  row("plain", "");
  row("config", "HQQ");
  row("gptq", "GPTQ");
  row("awq", "AWQ");
  row("bnb4", "bitsandbytes 4-bit");
  row("bnb8", "bitsandbytes 8-bit");
  row("fp8 blocks", "FP8 with block scales");
  row("fp8 scales", "FP8 with scales");
  row("fp8", "FP8");
  row("mxfp4", "MXFP4");
  row("bytes", "8-bit weights");
}

void TestQuantisation::namesTheScheme() {
  QFETCH(QString, kind);
  QFETCH(QString, scheme);
  const QTemporaryDir folder;
  const std::string model = folder.path().toStdString() + "/model";
  layerloom::test::writeBytes(model + "/model.safetensors", layerloom::test::safetensorsBytes(tensorsOf(kind)));
  layerloom::test::writeBytes(model + "/config.json", kind == "config" ? R"({"quantization_config":{"quant_method":"hqq"}})" : "{}");
  const auto opened = layerloom::Model::open(model);
  QVERIFY2(opened.has_value(), opened.has_value() ? "" : opened.error().message.c_str());
  QCOMPARE(QString::fromStdString(layerloom::quantisationOf(**opened)), scheme);
}

QTEST_APPLESS_MAIN(TestQuantisation)
#include "tst_quantisation.moc"
