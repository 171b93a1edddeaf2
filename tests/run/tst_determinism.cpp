// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <memory>

#include "core/methods/spec.h"
#include "tests/common/instruction_sets.h"
#include "tests/run/run_folder.h"

namespace layerloom {
namespace {

using test::RawTensors;
using test::RunFolder;

/// The same seed gives the same bytes, for every method: with any number of threads, any size of shards, any instruction set.
class TestDeterminism : public QObject {
  Q_OBJECT

 private slots:
  void init();
  void bytesDependOnTheRecipeAlone_data();
  void bytesDependOnTheRecipeAlone();

 private:
  void writeModel(const std::string& name, std::uint32_t seed, bool wide) const;
  std::map<std::string, test::RawTensor> merged(const std::string& recipe, const std::string& output, int threads,
                                                std::uint64_t shardBytes) const;

  std::unique_ptr<RunFolder> m_folder;
};

/// Tensors of many chunks and of a few elements; float32 whose values 16 bits do not hold, or bfloat16.
void TestDeterminism::writeModel(const std::string& name, std::uint32_t seed, bool wide) const {
  const auto tensor = [&](std::vector<std::uint64_t> shape, std::uint32_t number) {
    std::size_t elements = 1;
    for (const std::uint64_t length : shape) {
      elements *= length;
    }
    std::vector<float> values = test::randomValues(elements, number);
    const std::vector<float> deltas = test::randomValues(elements, 100 * seed + number);
    for (std::size_t i = 0; i < elements; ++i) {
      values[i] += 0.02F * static_cast<float>(seed) * deltas[i];
    }
    return wide ? test::f32Tensor(shape, values) : test::bf16Tensor(shape, values);
  };
  RawTensors tensors;
  tensors.emplace_back("model.layers.0.mlp.down_proj.weight", tensor({311, 257}, 1));
  tensors.emplace_back("model.layers.0.mlp.up_proj.weight", tensor({1100, 250}, 2));  // rows enough for a sample of them
  tensors.emplace_back("model.layers.0.input_layernorm.weight", tensor({250}, 3));
  tensors.emplace_back("model.norm.weight", tensor({7}, 4));
  test::writeBytes(m_folder->path(name) + "/model.safetensors", test::safetensorsBytes(tensors));
  test::writeBytes(m_folder->path(name) + "/config.json", R"({"model_type": "llama", "num_hidden_layers": 1})");
}

void TestDeterminism::init() {
  m_folder = std::make_unique<RunFolder>();
  for (const bool wide : {false, true}) {
    const std::string suffix = wide ? "-f32" : "-bf16";
    writeModel("base" + suffix, 0, wide);
    writeModel("one" + suffix, 1, wide);
    writeModel("two" + suffix, 2, wide);
  }
}

std::map<std::string, test::RawTensor> TestDeterminism::merged(const std::string& recipe, const std::string& output, int threads,
                                                               std::uint64_t shardBytes) const {
  RunOptions options;
  options.threads = threads;
  const auto report = m_folder->runSharded(recipe, output, options, shardBytes);
  if (!report.has_value()) {
    qFatal("%s", report.error().message.c_str());
  }
  return test::readModelFolder(m_folder->path(output));
}

void TestDeterminism::bytesDependOnTheRecipeAlone_data() {
  QTest::addColumn<QString>("recipe");
  for (const MethodSpec& spec : methodSpecs()) {
    for (const char* suffix : {"bf16", "f32"}) {
      const QString name = QString::fromUtf8(spec.name.data(), static_cast<qsizetype>(spec.name.size()));
      QString recipe = QStringLiteral("merge_method: %1\n").arg(name);
      const bool based = spec.baseModel == BaseModelUse::Required;
      const bool pair = QStringList{"slerp", "nearswap", "arcee_fusion"}.contains(name);
      recipe += based ? QStringLiteral("base_model: base-%1\n").arg(QLatin1String(suffix)) : QString();
      const QString parameters = QStringLiteral("{weight: 0.6, density: 0.4, epsilon: 0.1, gamma: 0.05}");
      recipe += QStringLiteral("models:\n");
      for (const char* model : {"one", "two"}) {
        if ((pair || name == QLatin1String("passthrough")) && QLatin1String(model) == QLatin1String("two")) {
          continue;
        }
        recipe += QStringLiteral("- model: %1-%2\n  parameters: %3\n").arg(QLatin1String(model), QLatin1String(suffix), parameters);
      }
      recipe += QStringLiteral("parameters: {t: 0.3, select_topk: 0.4, rescale: true}\n");
      QTest::addRow("%s %s", qPrintable(name), suffix) << recipe;
    }
  }
}

void TestDeterminism::bytesDependOnTheRecipeAlone() {
  QFETCH(QString, recipe);
  const std::string text = recipe.toStdString();
  const auto first = merged(text, "out", 1, 5'000'000'000);
  QCOMPARE(first.size(), std::size_t{4});
  for (const int threads : {2, 3, 16}) {
    QVERIFY(merged(text, "threads" + std::to_string(threads), threads, 5'000'000'000) == first);
  }
  for (const std::uint64_t shardBytes : {std::uint64_t{1000}, std::uint64_t{320'000}}) {
    QVERIFY(merged(text, "shards" + std::to_string(shardBytes), 2, shardBytes) == first);
  }
  int set = 0;
  test::onEachInstructionSet([&] { QVERIFY(merged(text, "set" + std::to_string(++set), 2, 5'000'000'000) == first); });
  QVERIFY(set > 0);
}

}  // namespace
}  // namespace layerloom

QTEST_GUILESS_MAIN(layerloom::TestDeterminism)
#include "tst_determinism.moc"
