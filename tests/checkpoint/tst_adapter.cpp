// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <memory>

#include <QTest>

#include "core/checkpoint/tensor_values.h"
#include "tests/checkpoint/adapter_folder.h"

namespace layerloom {
namespace {

using test::adapted;
using test::AdapterFolder;
using test::bitsOf;
using test::f32Tensor;
using test::isNear;
using test::kQ;
using test::kUp;
using test::matrix;
using test::pairOf;
using test::randomValues;
using test::RawTensor;
using test::RawTensors;
using test::tensorOf;
using test::tinyLlamaTensors;
using test::valuesOf;
using test::writeTinyLlama;

/// LoRA adapters on the tiny llama, against W + s·B·A computed here in float64.
class TestAdapter : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<AdapterFolder>(); }

  void addsTheProduct_data();
  void addsTheProduct();
  void sixteenBitBasesAreNotRounded();
  void chunksDoNotMatter_data();
  void chunksDoNotMatter();
  void embeddings();
  void convolutions();
  void wholeTensorsReplaceTheBase();
  void replacedTensorsKeepTheBasesType();
  void factorsAddToASavedEmbedding();
  void slotsKeepModelsApart();
  void theModelKnowsItsAdapter();

 private:
  std::unique_ptr<AdapterFolder> m_folder;
};

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
  writeTinyLlama(m_folder->path("base"), 2, 1, dtype.toStdString());
  const RawTensors base = tinyLlamaTensors(2, 1, dtype.toStdString());
  RawTensors pair = pairOf(kUp, 12, 8, static_cast<std::uint64_t>(rank));
  m_folder->writeAdapter(pair, QStringLiteral(R"({"peft_type":"LORA","r":%1,"lora_alpha":6})").arg(rank).toStdString());
  // 16-bit weights are summed in float32, others in float64 and rounded once.
  const bool exact = dtype == "F32";
  QVERIFY(isNear(m_folder->read(kUp + ".weight"),
                 adapted(tensorOf(base, kUp + ".weight"), pair[0].second, pair[1].second, 6.0 / rank),
                 exact ? 1e-7 : 2e-6, exact ? 1e-9 : 2e-7));
  // What the adapter does not name stays as it is.
  QVERIFY(isNear(m_folder->read(kQ + ".weight"), valuesOf(tensorOf(base, kQ + ".weight")), 0));
}

void TestAdapter::sixteenBitBasesAreNotRounded() {
  writeTinyLlama(m_folder->path("base"), 2, 1, "BF16");
  m_folder->writeAdapter(pairOf(kUp, 12, 8));
  int finer = 0;
  for (const std::uint32_t bits : bitsOf(m_folder->read(kUp + ".weight"))) {
    finer += (bits & 0xFFFF) != 0 ? 1 : 0;
  }
  QVERIFY2(finer > 80, qPrintable(QString::number(finer)));
  QCOMPARE((*m_folder->open())->find(kUp + ".weight")->entry.dtype, DType::BF16);
}

void TestAdapter::chunksDoNotMatter_data() {
  QTest::addColumn<QString>("dtype");
  QTest::newRow("F32") << "F32";
  QTest::newRow("BF16") << "BF16";
}

void TestAdapter::chunksDoNotMatter() {
  QFETCH(QString, dtype);
  writeTinyLlama(m_folder->path("base"), 2, 1, dtype.toStdString());
  m_folder->writeAdapter(pairOf(kUp, 12, 8, 7), R"({"peft_type":"LORA","r":7})");
  const std::vector<std::uint32_t> whole = bitsOf(m_folder->read(kUp + ".weight"));
  for (const std::size_t chunk : {1, 2, 5, 8, 9, 23, 95}) {
    QVERIFY(bitsOf(m_folder->read(kUp + ".weight", chunk)) == whole);
  }
}

void TestAdapter::embeddings() {
  const RawTensors pair = {{"base_model.model.model.embed_tokens.lora_embedding_A", matrix(3, 16, 71)},
                           {"base_model.model.model.embed_tokens.lora_embedding_B", matrix(8, 3, 72)}};
  m_folder->writeAdapter(pair);
  const RawTensor base = tensorOf(tinyLlamaTensors(2, 1), "model.embed_tokens.weight");
  QVERIFY(isNear(m_folder->read("model.embed_tokens.weight"), adapted(base, pair[0].second, pair[1].second, 2, true)));
}

void TestAdapter::convolutions() {
  const RawTensor weight = f32Tensor({4, 2, 3, 3}, randomValues(72, 5));
  m_folder->writeBase({{"conv.weight", weight}});
  const RawTensor a = f32Tensor({3, 2, 3, 3}, randomValues(54, 6));
  const RawTensor b = f32Tensor({4, 3, 1, 1}, randomValues(12, 7));
  m_folder->writeAdapter({{"base_model.model.conv.lora_A.weight", a}, {"base_model.model.conv.lora_B.weight", b}});
  QVERIFY(isNear(m_folder->read("conv.weight"), adapted(weight, a, b, 2)));
}

void TestAdapter::wholeTensorsReplaceTheBase() {
  RawTensors tensors = pairOf(kUp, 12, 8);
  tensors.emplace_back("base_model.model.lm_head.weight", matrix(16, 8, 90));
  tensors.emplace_back("base_model.model.model.norm.base_layer.weight", f32Tensor({8}, randomValues(8, 91)));
  m_folder->writeAdapter(tensors, R"({"peft_type":"LORA","r":3,"modules_to_save":["lm_head","score"]})");
  QVERIFY(isNear(m_folder->read("lm_head.weight"), valuesOf(tensors[2].second), 0));
  QVERIFY(isNear(m_folder->read("model.norm.weight"), valuesOf(tensors[3].second), 0));
  QCOMPARE((*m_folder->open())->find("lm_head.weight")->entry.name, std::string("lm_head.weight"));
  QCOMPARE((*m_folder->open())->warnings().size(), std::size_t{1});
  QVERIFY((*m_folder->open())->warnings().front().find("\"score\"") != std::string::npos);
}

void TestAdapter::replacedTensorsKeepTheBasesType() {
  writeTinyLlama(m_folder->path("base"), 2, 1, "BF16");
  const RawTensors tensors = {{"base_model.model.lm_head.weight", matrix(16, 8, 90)}};
  m_folder->writeAdapter(tensors);
  QCOMPARE((*m_folder->open())->find("lm_head.weight")->entry.dtype, DType::BF16);
  QVERIFY(isNear(m_folder->read("lm_head.weight", 5), valuesOf(tensors[0].second), 0));
}

void TestAdapter::factorsAddToASavedEmbedding() {
  const RawTensors tensors = {{"base_model.model.model.embed_tokens.base_layer.weight", matrix(16, 8, 90)},
                              {"base_model.model.model.embed_tokens.lora_embedding_A", matrix(3, 16, 71)},
                              {"base_model.model.model.embed_tokens.lora_embedding_B", matrix(8, 3, 72)}};
  m_folder->writeAdapter(tensors);
  QVERIFY(isNear(m_folder->read("model.embed_tokens.weight"),
                 adapted(tensors[0].second, tensors[1].second, tensors[2].second, 2, true)));
}

void TestAdapter::slotsKeepModelsApart() {
  RawTensors tensors = pairOf(kUp, 12, 8);
  const RawTensors other = {{"base_model.model.model.layers.0.mlp.up_proj.lora_A.weight", matrix(3, 8, 75)},
                            {"base_model.model.model.layers.0.mlp.up_proj.lora_B.weight", matrix(12, 3, 76)}};
  tensors.insert(tensors.end(), other.begin(), other.end());
  m_folder->writeAdapter(tensors);
  const auto model = m_folder->open();
  QVERIFY(model.has_value());
  const std::vector<float> first = m_folder->read("model.layers.0.mlp.up_proj.weight");
  const std::vector<float> second = m_folder->read(kUp + ".weight");
  // Tensors in turn, first in slots of their own, then in one.
  for (const std::size_t count : {2, 1}) {
    ReadScratch scratch;
    std::vector<float> part(10);
    for (std::size_t at = 0; at + 10 <= 96; at += 10) {
      QVERIFY(
          readValues(**model, *(*model)->find("model.layers.0.mlp.up_proj.weight"), at, part, scratch, 0).has_value());
      QVERIFY(std::equal(part.begin(), part.end(), first.begin() + static_cast<std::ptrdiff_t>(at)));
      QVERIFY(readValues(**model, *(*model)->find(kUp + ".weight"), at, part, scratch, count - 1).has_value());
      QVERIFY(std::equal(part.begin(), part.end(), second.begin() + static_cast<std::ptrdiff_t>(at)));
    }
    QCOMPARE(scratch.factors.size(), count);
  }
}

void TestAdapter::theModelKnowsItsAdapter() {
  m_folder->writeAdapter(pairOf(kUp, 12, 8));
  const auto model = m_folder->open();
  QVERIFY(model.has_value());
  const auto base = Model::open(m_folder->path("base"));
  QCOMPARE((*model)->name(), std::string("base+lora"));
  QCOMPARE((*model)->parameters(), (*base)->parameters());
  QCOMPARE((*model)->tensors().size(), (*base)->tensors().size());
  QVERIFY((*model)->owns(m_folder->path("base/out")));
  QVERIFY((*model)->owns(m_folder->path("lora/out")));
  QVERIFY(!(*base)->owns(m_folder->path("lora/out")));
  QVERIFY(!(*model)->owns(m_folder->path("elsewhere")));
  QVERIFY((*model)->verifyUnchanged().has_value());
  std::filesystem::resize_file(m_folder->path("lora/adapter_model.safetensors"), 100);
  QVERIFY(!(*model)->verifyUnchanged().has_value());
  QVERIFY((*base)->verifyUnchanged().has_value());
  std::vector<float> values(8);
  ReadScratch scratch;
  QVERIFY(!readValues(**model, *(*model)->find(kUp + ".weight"), 0, values, scratch).has_value());
  // Nothing half loaded is taken for the factors afterwards.
  QVERIFY(!readValues(**model, *(*model)->find(kUp + ".weight"), 0, values, scratch).has_value());
}

}  // namespace
}  // namespace layerloom

QTEST_APPLESS_MAIN(layerloom::TestAdapter)
#include "tst_adapter.moc"
