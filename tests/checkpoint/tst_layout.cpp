// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include "core/checkpoint/layout.h"
#include "tests/common/safetensors_data.h"

using layerloom::ModelLayout;
using layerloom::OuterRole;

/// Layers found from tensor names, on the models of the conformance set and on odd ones.
class TestLayout : public QObject {
  Q_OBJECT

 private slots:
  void families_data();
  void families();
  void encoderAndDecoderAreTwoStacks();
  void namesAndPlacesAreInverse();
  void outerTensorsOfLlama();
  void assumptionsAreTrue();
  void expertsAreNoLayers();
  void missingNumbersAreNoStack();
};

namespace {

std::shared_ptr<const layerloom::Model> conformanceModel(const std::string& name) {
  return layerloom::Model::open(std::string(LAYERLOOM_TEST_DATA "/conformance/models/") + name).value();
}

ModelLayout layoutOf(const std::vector<std::string>& names, int configLayers) {
  QTemporaryDir folder;
  layerloom::test::RawTensors tensors;
  for (const std::string& name : names) {
    tensors.emplace_back(name, layerloom::test::f32Tensor({1}, {0}));
  }
  const std::string path = folder.path().toStdString();
  layerloom::test::writeBytes(path + "/config.json", layerloom::test::tinyLlamaConfig(configLayers));
  layerloom::test::writeBytes(path + "/model.safetensors", layerloom::test::safetensorsBytes(tensors));
  return layerloom::findLayout(*layerloom::Model::open(path).value());
}

}  // namespace

void TestLayout::families_data() {
  QTest::addColumn<QString>("model");
  QTest::addColumn<QString>("prefix");
  QTest::addColumn<int>("perLayer");
  QTest::newRow("llama") << "llama-base"
                         << "model.layers." << 9;
  QTest::newRow("llama in shards") << "llama-code"
                                   << "model.layers." << 9;
  QTest::newRow("mistral") << "mistral-base"
                           << "model.layers." << 9;
  QTest::newRow("qwen2") << "qwen2-base"
                         << "model.layers." << 12;
  QTest::newRow("phi3") << "phi3-base"
                        << "model.layers." << 6;
  QTest::newRow("gpt2") << "gpt2-base"
                        << "transformer.h." << 12;
}

void TestLayout::families() {
  QFETCH(QString, model);
  QFETCH(QString, prefix);
  QFETCH(int, perLayer);
  const auto opened = conformanceModel(model.toStdString());
  const ModelLayout layout = layerloom::findLayout(*opened);
  QCOMPARE(layout.stacks.size(), std::size_t{1});
  QCOMPARE(QString::fromStdString(layout.stacks[0].prefix), prefix);
  QCOMPARE(layout.stacks[0].layers, 6);
  QCOMPARE(layout.layers(), 6);
  QCOMPARE(layout.stacks[0].suffixes.size(), std::size_t{6});
  for (const auto& suffixes : layout.stacks[0].suffixes) {
    QCOMPARE(static_cast<int>(suffixes.size()), perLayer);
  }
  QCOMPARE(opened->tensors().size(), layout.outer.size() + static_cast<std::size_t>(6 * perLayer));
  QVERIFY(layout.find(OuterRole::Embedding) != nullptr && layout.find(OuterRole::Embedding)->beforeLayers);
}

void TestLayout::encoderAndDecoderAreTwoStacks() {
  const ModelLayout layout = layerloom::findLayout(*conformanceModel("t5-math"));
  QCOMPARE(layout.stacks.size(), std::size_t{2});
  std::map<std::string, int> layers;
  for (const auto& stack : layout.stacks) {
    layers[stack.prefix] = stack.layers;
  }
  QCOMPARE(layers, (std::map<std::string, int>{{"decoder.block.", 3}, {"encoder.block.", 4}}));
}

void TestLayout::namesAndPlacesAreInverse() {
  for (const char* name : {"llama-base", "gpt2-base", "t5-math"}) {
    const auto model = conformanceModel(name);
    const ModelLayout layout = layerloom::findLayout(*model);
    std::size_t inLayers = 0;
    for (const auto& [tensor, entry] : model->tensors()) {
      if (const auto place = layerloom::findPlace(layout, tensor)) {
        ++inLayers;
        QCOMPARE(layerloom::layerTensorName(*place->stack, place->layer, place->suffix), tensor);
      }
    }
    QCOMPARE(inLayers + layout.outer.size(), model->tensors().size());
  }
}

void TestLayout::outerTensorsOfLlama() {
  const ModelLayout layout = layerloom::findLayout(*conformanceModel("llama-base"));
  QCOMPARE(layout.outer.size(), std::size_t{3});
  QCOMPARE(layout.outer[0].name, std::string("model.embed_tokens.weight"));
  QVERIFY(layout.outer[0].beforeLayers);
  QCOMPARE(layout.find(OuterRole::Head)->name, std::string("lm_head.weight"));
  QVERIFY(!layout.find(OuterRole::Head)->beforeLayers);
  QCOMPARE(layout.find(OuterRole::Norm)->name, std::string("model.norm.weight"));
  QVERIFY(layout.assumptions.empty());
}

void TestLayout::assumptionsAreTrue() {
  using Texts = std::vector<std::string>;
  QCOMPARE(layoutOf({"model.layers.0.w", "model.layers.1.w", "model.conv1.weight", "model.extra.weight"}, 3).assumptions,
           (Texts{"2 layers under \"model.layers.\", from the tensor names; config.json says 3",
                  "\"model.conv1.weight\" comes before the layers", "\"model.extra.weight\" comes after the layers"}));
  // The config's number is that of the encoder.
  QCOMPARE(layoutOf({"encoder.layers.0.w", "encoder.layers.1.w", "decoder.layers.0.w"}, 2).assumptions,
           (Texts{"1 layers under \"decoder.layers.\", from the tensor names"}));
}

void TestLayout::expertsAreNoLayers() {
  std::vector<std::string> names = {"model.embed_tokens.weight"};
  for (const char* layer : {"0", "1", "2"}) {
    for (const char* expert : {"0", "1", "2", "3"}) {
      names.push_back(std::string("model.layers.") + layer + ".experts." + expert + ".w1.weight");
    }
  }
  const ModelLayout layout = layoutOf(names, 3);
  QCOMPARE(layout.stacks.size(), std::size_t{1});
  QCOMPARE(layout.stacks[0].prefix, std::string("model.layers."));
  QCOMPARE(layout.stacks[0].layers, 3);
  QCOMPARE(layout.stacks[0].suffixes[1].size(), std::size_t{4});
}

void TestLayout::missingNumbersAreNoStack() {
  const ModelLayout layout = layoutOf({"model.layers.0.w", "model.layers.2.w"}, 2);
  QVERIFY(layout.stacks.empty());
  QCOMPARE(layout.outer.size(), std::size_t{2});
}

QTEST_APPLESS_MAIN(TestLayout)
#include "tst_layout.moc"
