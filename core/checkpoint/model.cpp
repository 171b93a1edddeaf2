// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/model.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <system_error>

#include "core/checkpoint/adapter.h"
#include "core/checkpoint/config.h"
#include "core/checkpoint/layout.h"
#include "core/checkpoint/model_index.h"
#include "core/checkpoint/quantisation.h"
#include "core/checkpoint/tensor_file.h"
#include "core/support/text.h"

namespace layerloom {

namespace fs = std::filesystem;

/// The steps of opening a model; friend of Model so that a model is either whole or not there.
class ModelOpener {
 public:
  Result<std::shared_ptr<const Model>> open(const fs::path& path, const fs::path& adapter);

 private:
  Status applyAdapter(const fs::path& folder);
  Status openFolder();
  Status openIndexed(const fs::path& indexPath, bool singleFileToo);
  Status openSingle(const fs::path& file);
  Status openShards(const ModelIndex& index);
  Status checkIndexed(const ModelIndex& index);
  Result<std::vector<TensorEntry>> openFile(const fs::path& path);
  std::vector<TensorEntry> keep(TensorFile opened);
  Status addTensors(std::size_t file, std::vector<TensorEntry> entries);
  tl::unexpected<Error> explainMissing(const fs::path& shard) const;
  tl::unexpected<Error> explainEmptyFolder() const;

  Model m_model;
  std::vector<std::set<std::string>> m_shardNames;  ///< by file
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> m_fileOf;  ///< device and inode → file
};

namespace {

bool isThere(const fs::path& path) {
  std::error_code code;
  return fs::exists(path, code);
}

bool isFolder(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

/// Absolute, without a separator at the end.
fs::path normalised(const fs::path& path) {
  std::error_code code;
  const fs::path whole = fs::absolute(path, code).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

std::optional<Error> foreignFormat(const fs::path& file) {
  const std::string extension = file.extension().string();
  const std::string name = escaped(file.filename().string());
  const auto error = [&](std::string what, std::string remedy) {
    return Error{ErrorKind::Refused, fmt::format("{}: {}", shown(file.parent_path()), what), std::move(remedy)};
  };
  if (extension == ".bin" || extension == ".pt" || extension == ".pth" || extension == ".ckpt") {
    return error(
        fmt::format("holds the weights as PyTorch pickles ({}), which are never read because they can run code", name),
        "convert the model to safetensors with a trusted tool");
  }
  if (extension == ".gguf") {
    return error(fmt::format("holds the weights as GGUF ({}), the quantised format of llama.cpp", name),
                 "use the original model in safetensors, or convert this one to safetensors with a trusted tool");
  }
  return std::nullopt;
}

bool liesIn(const fs::path& folder, const fs::path& path) {
  std::error_code code;
  const fs::path mine = fs::weakly_canonical(folder, code);
  const fs::path other = fs::weakly_canonical(path, code);
  const auto [end, rest] = std::mismatch(mine.begin(), mine.end(), other.begin(), other.end());
  return end == mine.end();
}

/// Where the links of a model may lead without a word: its folder, in a Hugging Face cache all that the cache has of the model.
fs::path linkRoot(const fs::path& model) {
  std::error_code code;
  const fs::path folder = fs::weakly_canonical(isFolder(model) ? model : model.parent_path(), code);
  return folder.parent_path().filename() == "snapshots" ? folder.parent_path().parent_path() : folder;
}

}  // namespace

Result<std::shared_ptr<const Model>> ModelOpener::open(const fs::path& path, const fs::path& adapter) {
  m_model.m_path = normalised(path);
  if (!isThere(path)) {
    return refused(fmt::format("{}: there is no such model folder or file", shown(path)), "check the path");
  }
  LAYERLOOM_CHECK(isFolder(path) ? openFolder() : openSingle(m_model.m_path));
  if (!adapter.empty()) {
    LAYERLOOM_CHECK(applyAdapter(normalised(adapter)));
  }
  return Model::complete(std::move(m_model));
}

Status ModelOpener::openFolder() {
  const fs::path config = m_model.m_path / "config.json";
  if (isThere(config)) {
    LAYERLOOM_TRY(m_model.m_config, readModelConfig(config));
  } else {
    m_model.m_warnings.push_back("there is no config.json: layers are found from the tensor names alone");
  }
  const fs::path single = m_model.m_path / "model.safetensors";
  const fs::path index = m_model.m_path / "model.safetensors.index.json";
  if (isThere(index)) {
    return openIndexed(index, isThere(single));
  }
  if (isThere(single)) {
    return openSingle(single);
  }
  return explainEmptyFolder();
}

Status ModelOpener::openIndexed(const fs::path& indexPath, bool singleFileToo) {
  LAYERLOOM_TRY(const ModelIndex index, readModelIndex(indexPath));
  const bool namesSingle = std::all_of(index.fileOf.begin(), index.fileOf.end(),
                                       [](const auto& entry) { return entry.second == "model.safetensors"; });
  if (singleFileToo && !namesSingle) {
    return refused(
        fmt::format("{}: holds both model.safetensors and an index of other shards; programs differ in which one they "
                    "load",
                    shown(m_model.m_path)),
        "remove the one that is left over from an earlier save");
  }
  if (!index.hasMetadata) {
    m_model.m_warnings.push_back("the index has no \"metadata\": transformers does not load such a model");
  }
  LAYERLOOM_CHECK(openShards(index));
  return checkIndexed(index);
}

Status ModelOpener::openSingle(const fs::path& file) {
  if (auto error = foreignFormat(file)) {
    return tl::unexpected(*std::move(error));
  }
  LAYERLOOM_TRY(auto entries, openFile(file));
  LAYERLOOM_CHECK(addTensors(0, std::move(entries)));
  if (m_model.m_tensors.empty()) {
    return refused(fmt::format("{}: holds no tensors", shown(file)), "choose another file");
  }
  return {};
}

Status ModelOpener::openShards(const ModelIndex& index) {
  std::set<std::string> names;
  for (const auto& [tensor, file] : index.fileOf) {
    names.insert(file);
  }
  for (const std::string& name : names) {
    const fs::path shard = m_model.m_path / name;
    if (!isThere(shard)) {
      return explainMissing(shard);
    }
    LAYERLOOM_TRY(TensorFile opened, openTensorFile(shard));
    const FileIdentity identity = opened.file.identity();
    const auto [file, isNew] = m_fileOf.try_emplace(std::pair(identity.device, identity.inode), m_model.m_files.size());
    if (!isNew) {
      // Two names of one file, as links make them, hold the same tensors.
      m_shardNames[file->second].insert(name);
      continue;
    }
    auto entries = keep(std::move(opened));
    std::erase_if(entries, [&](const TensorEntry& entry) {
      const auto listed = index.fileOf.find(entry.name);
      if (listed == index.fileOf.end()) {
        m_model.m_warnings.push_back(fmt::format(
            "{} holds the tensor \"{}\", which the index does not list: it is left out", escaped(name), escaped(entry.name)));
        return true;
      }
      return false;
    });
    m_shardNames.push_back({name});
    LAYERLOOM_CHECK(addTensors(file->second, std::move(entries)));
  }
  return {};
}

Status ModelOpener::checkIndexed(const ModelIndex& index) {
  // Both are in the order of the names, and every tensor of the model is in the index.
  auto next = m_model.m_tensors.begin();
  for (const auto& [tensor, file] : index.fileOf) {
    const bool found = next != m_model.m_tensors.end() && next->first == tensor && m_shardNames[next->second.file].contains(file);
    if (found) {
      ++next;
    } else {
      return refused(fmt::format("{}: the index says that {} holds the tensor \"{}\", but it does not",
                                 shown(m_model.m_path), escaped(file), escaped(tensor)),
                     "fetch the model again: index and shards are of different versions");
    }
  }
  if (index.hasTotalSize && index.totalSize != m_model.bytes()) {
    m_model.m_warnings.push_back(
        fmt::format("the index gives a \"total_size\" that is not the {} bytes of the tensors; it is not used", m_model.bytes()));
  }
  return {};
}

Result<std::vector<TensorEntry>> ModelOpener::openFile(const fs::path& path) {
  LAYERLOOM_TRY(TensorFile opened, openTensorFile(path));
  return keep(std::move(opened));
}

std::vector<TensorEntry> ModelOpener::keep(TensorFile opened) {
  if (const fs::path& path = opened.file.path(); !liesIn(linkRoot(m_model.m_path), path)) {
    m_model.m_warnings.push_back(fmt::format("{} is a link that leads out of the model's folder", escaped(path.filename().string())));
  }
  m_model.m_warnings.insert(m_model.m_warnings.end(), opened.warnings.begin(), opened.warnings.end());
  m_model.m_files.push_back(std::move(opened.file));
  return std::move(opened.tensors);
}

Status ModelOpener::applyAdapter(const fs::path& folder) {
  LAYERLOOM_TRY(Adapter adapter, openAdapter(folder));
  m_model.indexTensors();
  LAYERLOOM_TRY(auto changed, fitAdapter(adapter, m_model, m_model.m_files.size()));
  for (auto& [name, tensor] : changed) {
    m_model.m_tensors.insert_or_assign(name, std::move(tensor));
  }
  m_model.m_files.push_back(std::move(adapter.file.file));
  m_model.m_warnings.insert(m_model.m_warnings.end(), adapter.file.warnings.begin(), adapter.file.warnings.end());
  m_model.m_adapterPath = folder;
  return {};
}

Status ModelOpener::addTensors(std::size_t file, std::vector<TensorEntry> entries) {
  for (TensorEntry& entry : entries) {
    std::string name = entry.name;
    const auto [place, added] = m_model.m_tensors.try_emplace(std::move(name), ModelTensor{file, std::move(entry)});
    if (!added) {
      return refused(
          fmt::format("{}: the tensor \"{}\" is in two shards", shown(m_model.m_path), escaped(place->first)),
          "fetch the model again: shards of different versions are mixed");
    }
  }
  return {};
}

tl::unexpected<Error> ModelOpener::explainMissing(const fs::path& shard) const {
  std::error_code code;
  const bool dangling = fs::is_symlink(fs::symlink_status(shard, code));
  return refused(fmt::format("{}: {}", shown(shard),
                             dangling ? "the download is incomplete: the link leads nowhere"
                                      : "the shard that the index names is missing"),
                 "finish the download of the model");
}

tl::unexpected<Error> ModelOpener::explainEmptyFolder() const {
  if (isThere(m_model.m_path / "adapter_config.json")) {
    return refused(fmt::format("{}: holds an adapter, not a model", shown(m_model.m_path)),
                   "name the model that it belongs to before it: model+adapter");
  }
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(m_model.m_path, code)) {
    if (auto error = foreignFormat(entry.path())) {
      return tl::unexpected(*std::move(error));
    }
    if (entry.path().extension() == ".incomplete") {
      return refused(fmt::format("{}: the download is incomplete ({})", shown(m_model.m_path),
                                 escaped(entry.path().filename().string())),
                     "finish the download of the model");
    }
  }
  return refused(
      fmt::format("{}: holds neither model.safetensors nor model.safetensors.index.json", shown(m_model.m_path)),
      "choose a folder with a model in safetensors");
}

Result<std::shared_ptr<const Model>> Model::open(const fs::path& path, const fs::path& adapter) {
  return ModelOpener().open(path, adapter);
}

std::string Model::name() const {
  const std::string own = m_path.filename().string();
  return m_adapterPath.empty() ? own : own + "+" + m_adapterPath.filename().string();
}

const ModelTensor* Model::find(std::string_view tensor) const {
  const auto found = m_byName.find(tensor);
  return found == m_byName.end() ? nullptr : found->second;
}

void Model::indexTensors() {
  m_byName.clear();
  m_byName.reserve(m_tensors.size());
  for (const auto& [name, tensor] : m_tensors) {
    m_byName.emplace(name, &tensor);
  }
}

/// Adds what follows from the tensors.
std::shared_ptr<const Model> Model::complete(Model model) {
  const auto whole = std::make_shared<Model>(std::move(model));
  whole->indexTensors();
  whole->m_layout = std::make_shared<const ModelLayout>(findLayout(*whole));
  whole->m_quantisation = quantisationOf(*whole);
  return whole;
}

std::uint64_t Model::parameters() const {
  std::uint64_t sum = 0;
  for (const auto& [name, tensor] : m_tensors) {
    sum += tensor.entry.elements();
  }
  return sum;
}

std::uint64_t Model::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [name, tensor] : m_tensors) {
    sum += tensor.entry.bytes();
  }
  return sum;
}

DType Model::mainDtype() const {
  std::map<DType, std::uint64_t> elements;
  for (const auto& [name, tensor] : m_tensors) {
    elements[tensor.entry.dtype] += tensor.entry.elements();
  }
  const auto most = std::max_element(elements.begin(), elements.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == elements.end() ? DType::F32 : most->first;
}

Status Model::read(const ModelTensor& tensor, std::uint64_t offset, std::span<std::byte> out) const {
  return m_files[tensor.file].read(tensor.entry.begin + offset, out);
}

Status Model::readFactor(const LowRankUpdate& update, const TensorEntry& factor, std::span<std::byte> out) const {
  return m_files[update.file].read(factor.begin, out);
}

Status Model::verifyUnchanged() const {
  for (const File& file : m_files) {
    LAYERLOOM_TRY(const FileIdentity now, file.currentIdentity());
    if (!(now == file.identity())) {
      return ioError(fmt::format("{}: changed while it was in use", shown(file.path())),
                     "wait until the file is complete, then start again");
    }
  }
  return {};
}

std::string Model::fingerprint() const {
  std::string text = m_config.text;
  for (const File& file : m_files) {
    text += fmt::format("\n{} {} {}", file.path().string(), file.identity().bytes, file.identity().modifiedNs);
  }
  return layerloom::fingerprint(text);
}

bool Model::owns(const fs::path& path) const {
  return liesIn(m_path, path) || (!m_adapterPath.empty() && liesIn(m_adapterPath, path));
}

Result<std::shared_ptr<const Model>> Model::announce(const std::string& name, const std::string& config,
                                                     std::vector<TensorEntry> tensors) {
  Model model;
  model.m_announced = true;
  model.m_path = name;
  if (!config.empty()) {
    LAYERLOOM_TRY(model.m_config, parseModelConfig(config, "config.json of " + escaped(name)));
  }
  for (TensorEntry& entry : tensors) {
    std::string tensor = entry.name;
    model.m_tensors.emplace(std::move(tensor), ModelTensor{0, std::move(entry)});
  }
  return complete(std::move(model));
}

}  // namespace layerloom
