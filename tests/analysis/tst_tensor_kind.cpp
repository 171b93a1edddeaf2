// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "core/analysis/tensor_kind.h"

using namespace layerloom;

/// Kinds by the names that the families use.
class TestTensorKind : public QObject {
  Q_OBJECT

 private slots:
  void namesTellKinds_data();
  void namesTellKinds();
  void theLayoutTellsWhatLiesOutside();
};

void TestTensorKind::namesTellKinds_data() {
  QTest::addColumn<QString>("kind");
  const std::pair<const char*, const char*> rows[] = {
      {"model.layers.0.self_attn.q_proj.weight", "q"},
      {"model.layers.0.self_attn.q_proj.bias", "q"},
      {"model.layers.0.self_attn.q_norm.weight", "norm"},
      {"model.layers.0.self_attn.o_proj.weight", "o"},
      {"model.layers.0.self_attn.qkv_proj.weight", "qkv"},
      {"model.layers.0.mlp.gate_up_proj.weight", "gate_up"},
      {"model.layers.0.mlp.gate_proj.weight", "gate"},
      {"model.layers.0.mlp.gate.weight", "router"},
      {"model.layers.0.mlp.experts.3.up_proj.weight", "up"},
      {"model.layers.0.block_sparse_moe.gate.weight", "router"},
      {"model.layers.0.block_sparse_moe.experts.1.w1.weight", "gate"},
      {"model.layers.0.block_sparse_moe.experts.1.w2.weight", "down"},
      {"model.layers.0.block_sparse_moe.experts.1.w3.weight", "up"},
      {"model.layers.0.post_attention_layernorm.weight", "norm"},
      {"transformer.h.0.attn.c_attn.weight", "qkv"},
      {"transformer.h.0.attn.c_proj.weight", "o"},
      {"transformer.h.0.mlp.c_fc.weight", "up"},
      {"transformer.h.0.mlp.c_proj.weight", "down"},
      {"transformer.h.0.ln_1.weight", "norm"},
      {"gpt_neox.layers.0.attention.query_key_value.weight", "qkv"},
      {"gpt_neox.layers.0.attention.dense.weight", "o"},
      {"gpt_neox.layers.0.mlp.dense_h_to_4h.weight", "up"},
      {"transformer.h.0.self_attention.dense.weight", "o"},
      {"bert.encoder.layer.0.attention.self.query.weight", "q"},
      {"bert.encoder.layer.0.attention.output.dense.weight", "o"},
      {"bert.encoder.layer.0.attention.output.LayerNorm.weight", "norm"},
      {"bert.encoder.layer.0.intermediate.dense.weight", "up"},
      {"bert.encoder.layer.0.output.dense.weight", "down"},
      {"encoder.block.0.layer.0.SelfAttention.q.weight", "q"},
      {"encoder.block.0.layer.0.SelfAttention.o.weight", "o"},
      {"encoder.block.0.layer.1.DenseReluDense.wo.weight", "down"},
      {"encoder.block.0.layer.1.DenseReluDense.wi_0.weight", "gate"},
      {"encoder.block.0.layer.0.layer_norm.weight", "norm"},
      {"model.encoder.layers.0.self_attn.out_proj.weight", "o"},
      {"model.encoder.layers.0.fc1.weight", "up"},
      {"model.encoder.layers.0.fc2.weight", "down"},
      {"backbone.layers.0.mixer.A_log", "other"},
      {"", "other"},
      {".weight", "other"},
  };
  for (const auto& [name, kind] : rows) {
    QTest::newRow(*name == '\0' ? "empty" : name) << QString::fromLatin1(kind);
  }
}

void TestTensorKind::namesTellKinds() {
  QFETCH(QString, kind);
  const QByteArray name = QByteArray(QTest::currentDataTag()) == "empty" ? QByteArray() : QByteArray(QTest::currentDataTag());
  QCOMPARE(QString::fromStdString(std::string(kindName(kindOf(name.toStdString(), ModelLayout())))), kind);
}

void TestTensorKind::theLayoutTellsWhatLiesOutside() {
  ModelLayout layout;
  layout.outer = {{"wte", OuterRole::Embedding, true, true, {}}, {"out", OuterRole::Head, false, true, {}}, {"last", OuterRole::Norm, false, false, {}}};
  QCOMPARE(kindOf("wte", layout), TensorKind::Embedding);
  QCOMPARE(kindOf("out", layout), TensorKind::Head);
  QCOMPARE(kindOf("last", layout), TensorKind::Norm);
}

QTEST_GUILESS_MAIN(TestTensorKind)
#include "tst_tensor_kind.moc"
