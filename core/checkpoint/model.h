// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/checkpoint/safetensors.h"
#include "core/support/file.h"
#include "core/support/result.h"

namespace layerloom {

struct ModelLayout;

/// What a LoRA adapter adds to a tensor: scale · B·A, transposed where the tensor lies as in × out. For tensors of more
/// than two dimensions the later ones count as one. Byte ranges count from the start of the file.
struct LowRankUpdate {
  std::size_t file = 0;
  TensorEntry a;  ///< rank × in
  TensorEntry b;  ///< out × rank
  std::uint64_t rank = 0;
  std::uint64_t columns = 0;  ///< of the tensor
  bool transposed = false;
  double scale = 0;
};

/// A tensor of a model: which of the model's files holds it, and its entry, whose byte range counts from the start of
/// the file.
struct ModelTensor {
  std::size_t file = 0;
  TensorEntry entry;
  /// The type in the file where that is not the tensor's own: an adapter's tensor in place of the base's.
  std::optional<DType> storedDtype = std::nullopt;
  std::shared_ptr<const LowRankUpdate> update = nullptr;  ///< null without an adapter

  DType dtypeInFile() const { return storedDtype.value_or(entry.dtype); }
};

/// What config.json says, as far as merging needs it. Absent entries are empty or −1.
struct ModelConfig {
  std::string text;          ///< the file as it is; empty when there is none
  std::string architecture;  ///< first of `architectures`
  std::string modelType;
  int layers = -1;
  std::int64_t vocabulary = -1;
  std::int64_t hidden = -1;
  std::optional<bool> tiedEmbeddings;
  std::string quantisation;  ///< method named by `quantization_config`; empty when there is none
};

/// An opened model: headers checked and held, data read on demand. Files stay open, so that renaming or deleting them
/// meanwhile does no harm. Safe to read from several threads.
class Model {
 public:
  /// Opens a folder (config.json, and model.safetensors or model.safetensors.index.json with its shards) or one
  /// .safetensors file. Reads headers only. With the folder of a LoRA adapter, the model's tensors are those of the
  /// merged model (see fitAdapter()); the products are computed as values are read. Refused, with the format by name:
  /// GGUF files and PyTorch pickles.
  static Result<std::shared_ptr<const Model>> open(const std::filesystem::path& path,
                                                   const std::filesystem::path& adapter = {});

  /// A model that does not exist yet: what a merge is going to make. Its data cannot be read. `config` is the text of
  /// config.json, empty for none.
  static Result<std::shared_ptr<const Model>> announce(const std::string& name, const std::string& config,
                                                       std::vector<TensorEntry> tensors);
  bool isAnnounced() const { return m_announced; }

  const std::filesystem::path& path() const { return m_path; }
  /// The folder of the adapter; empty without one.
  const std::filesystem::path& adapterPath() const { return m_adapterPath; }
  /// The last part of the path, for people; with an adapter "model+adapter".
  std::string name() const;
  const ModelConfig& config() const { return m_config; }
  /// All tensors by name.
  const std::map<std::string, ModelTensor, std::less<>>& tensors() const { return m_tensors; }
  const ModelTensor* find(std::string_view tensor) const;
  /// As findLayout() finds it, once for all.
  const std::shared_ptr<const ModelLayout>& layout() const { return m_layout; }
  /// As quantisationOf() finds it.
  const std::string& quantisation() const { return m_quantisation; }
  std::uint64_t parameters() const;
  std::uint64_t bytes() const;
  /// The type of most elements.
  DType mainDtype() const;
  std::size_t fileCount() const { return m_files.size(); }
  /// The open files of weights, an adapter's last.
  std::span<const File> files() const { return m_files; }
  /// What is odd about the model though it can be used.
  const std::vector<std::string>& warnings() const { return m_warnings; }

  /// Reads stored bytes of a tensor, counted from its own start, without what an adapter adds (see readValues()). A
  /// file that was cut short or changed since it was opened is an error.
  Status read(const ModelTensor& tensor, std::uint64_t offset, std::span<std::byte> out) const;
  /// Reads a whole factor of an adapter.
  Status readFactor(const LowRankUpdate& update, const TensorEntry& factor, std::span<std::byte> out) const;
  /// Refuses when a file's size, time or identity is no longer what it was when the model was opened.
  Status verifyUnchanged() const;
  /// Another one when a file of weights or the config is replaced or written to.
  std::string fingerprint() const;
  /// True when the path lies inside the model's folder or its adapter's, or names the model's file.
  bool owns(const std::filesystem::path& path) const;

 private:
  Model() = default;
  friend class ModelOpener;
  static std::shared_ptr<const Model> complete(Model model);
  /// For find(); to be done again when tensors have changed.
  void indexTensors();

  std::filesystem::path m_path;
  std::filesystem::path m_adapterPath;
  ModelConfig m_config;
  std::vector<File> m_files;
  std::map<std::string, ModelTensor, std::less<>> m_tensors;
  std::unordered_map<std::string_view, const ModelTensor*> m_byName;  ///< into m_tensors; a plan asks for every tensor of every model
  std::shared_ptr<const ModelLayout> m_layout;
  std::string m_quantisation;
  std::vector<std::string> m_warnings;
  bool m_announced = false;
};

}  // namespace layerloom
