// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <memory>

#include <QTest>

#include "tests/checkpoint/adapter_folder.h"

namespace layerloom {
namespace {

using test::AdapterFolder;
using test::f32Tensor;
using test::kUp;
using test::matrix;
using test::pairOf;
using test::randomValues;
using test::RawTensors;
using test::readBytes;
using test::writeBytes;
using test::writeTinyLlama;

/// Adapters that cannot be applied, or not without a wrong result.
class TestAdapterRefusals : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<AdapterFolder>(); }

  void refusesConfigs_data();
  void refusesConfigs();
  void refusesTensors_data();
  void refusesTensors();
  void refusesFolders_data();
  void refusesFolders();
  void refusesEveryCut();
  void refusesAQuantisedBase();

 private:
  void refuses(const std::vector<QString>& named) const;

  std::unique_ptr<AdapterFolder> m_folder;
};

void TestAdapterRefusals::refuses(const std::vector<QString>& named) const {
  const auto model = m_folder->open();
  QVERIFY(!model.has_value());
  for (const QString& part : named) {
    QVERIFY2(QString::fromStdString(model.error().message).contains(part), model.error().message.c_str());
  }
  QVERIFY(!model.error().remedy.empty());
}

void TestAdapterRefusals::refusesConfigs_data() {
  QTest::addColumn<QByteArray>("config");
  QTest::addColumn<QString>("named");
  QTest::newRow("empty") << QByteArray() << "adapter_config.json";
  QTest::newRow("a list") << QByteArray("[]") << "adapter_config.json";
  QTest::newRow("no kind") << QByteArray("{}") << "peft_type";
  QTest::newRow("a key twice") << QByteArray(R"({"peft_type":"LORA","r":3,"r":4})") << "\"r\"";
  QTest::newRow("a million deep") << QByteArray(1'000'000, '[') + QByteArray(1'000'000, ']') << "nested";
  QTest::newRow("deep inside") << QByteArray(R"({"peft_type":"LORA","x":)") + QByteArray(200, '[') +
                                      QByteArray(200, ']') + "}"
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

void TestAdapterRefusals::refusesConfigs() {
  QFETCH(QByteArray, config);
  QFETCH(QString, named);
  m_folder->writeAdapter(pairOf(kUp, 12, 8), config.toStdString());
  refuses({named});
}

void TestAdapterRefusals::refusesTensors_data() {
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

void TestAdapterRefusals::refusesTensors() {
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
  m_folder->writeAdapter(tensors);
  refuses({named.begin(), named.end()});
}

void TestAdapterRefusals::refusesFolders_data() {
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

void TestAdapterRefusals::refusesFolders() {
  QFETCH(QString, fault);
  QFETCH(QString, named);
  m_folder->writeAdapter(pairOf(kUp, 12, 8));
  std::filesystem::remove(m_folder->path("lora/adapter_model.safetensors"));
  if (fault == "absent" || fault == "file") {
    std::filesystem::remove_all(m_folder->path("lora"));
  }
  if (fault == "file") {
    writeBytes(m_folder->path("lora"), "x");
  } else if (fault == "model") {
    std::filesystem::remove_all(m_folder->path("lora"));
    writeTinyLlama(m_folder->path("lora"), 2, 2);
  } else if (fault == "pickle") {
    writeBytes(m_folder->path("lora/adapter_model.bin"), "\x80\x02.");
  } else if (fault == "shards") {
    writeBytes(m_folder->path("lora/adapter_model.safetensors.index.json"), "{}");
  }
  refuses({named});
}

void TestAdapterRefusals::refusesEveryCut() {
  m_folder->writeAdapter(pairOf(kUp, 12, 8));
  const std::string whole = readBytes(m_folder->path("lora/adapter_model.safetensors"));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    writeBytes(m_folder->path("lora/adapter_model.safetensors"), whole.substr(0, length));
    QVERIFY(!m_folder->open().has_value());
  }
  writeBytes(m_folder->path("lora/adapter_model.safetensors"), whole);
  QVERIFY(m_folder->open().has_value());
  const std::string config = readBytes(m_folder->path("lora/adapter_config.json"));
  for (std::size_t length = 0; length < config.size(); ++length) {
    writeBytes(m_folder->path("lora/adapter_config.json"), config.substr(0, length));
    QVERIFY(!m_folder->open().has_value());
  }
}

void TestAdapterRefusals::refusesAQuantisedBase() {
  m_folder->writeBase(
      {{kUp + ".qweight", {"I32", {2, 16}, std::string(128, '\0')}}, {kUp + ".scales", matrix(1, 16, 1)}});
  m_folder->writeAdapter(pairOf(kUp, 12, 8));
  refuses({"GPTQ", "base"});
}

}  // namespace
}  // namespace layerloom

QTEST_APPLESS_MAIN(layerloom::TestAdapterRefusals)
#include "tst_adapter_refusals.moc"
