// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/safetensors.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <unordered_set>

#include "core/support/text.h"

namespace layerloom {
namespace {

namespace dom = simdjson::dom;

constexpr std::uint64_t kMaxDimension = (std::uint64_t{1} << 48) - 1;
constexpr std::size_t kMaxNameBytes = 4096;
constexpr std::size_t kMaxDepth = 128;

/// Reads one header; every function names the file and the tensor that broke a rule.
class HeaderReader {
 public:
  HeaderReader(std::uint64_t fileBytes, const std::string& fileName) : m_fileBytes(fileBytes), m_fileName(fileName) {}

  Result<SafetensorsHeader> read(std::string json);

 private:
  tl::unexpected<Error> broken(const std::string& what) const {
    return refused(fmt::format("{}: the safetensors header {}", escaped(m_fileName, 1000), what),
                   "the file is damaged or not a safetensors file; fetch it again or save it anew");
  }
  tl::unexpected<Error> brokenTensor(std::string_view name, const std::string& what) const {
    return refused(fmt::format("{}: tensor \"{}\": {}", escaped(m_fileName, 1000), escaped(name), what),
                   "the file is damaged; fetch it again or save it anew");
  }

  Status readObject(dom::object object);
  Status readMetadata(dom::element value);
  Status readTensor(std::string_view name, dom::element value);
  Status readFields(std::string_view name, dom::object fields, TensorEntry& entry);
  Status readDtype(std::string_view name, dom::element value, TensorEntry& entry);
  Status readShape(std::string_view name, dom::element value, TensorEntry& entry);
  Status readOffsets(std::string_view name, dom::element value, TensorEntry& entry);
  Status checkSize(const TensorEntry& entry) const;
  Status checkNames();
  Status checkTiling();

  const std::uint64_t m_fileBytes;
  const std::string& m_fileName;
  SafetensorsHeader m_header;
};

/// A minus sign before 0 outside strings: JSON allows it, sizes do not, and the parser reports it as a plain zero.
bool hasNegativeZero(std::string_view json) {
  bool inString = false;
  for (std::size_t i = 0; i + 1 < json.size(); ++i) {
    if (inString && json[i] == '\\') {
      ++i;
    } else if (json[i] == '"') {
      inString = !inString;
    } else if (!inString && json[i] == '-' && json[i + 1] == '0') {
      return true;
    }
  }
  return false;
}

std::optional<std::uint64_t> asSize(dom::element element) {
  std::uint64_t value = 0;
  if (element.get_uint64().get(value) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return value;
}

Result<SafetensorsHeader> HeaderReader::read(std::string json) {
  const std::size_t length = json.size();
  if (json.starts_with("\xEF\xBB\xBF")) {
    return broken("starts with a byte order mark");
  }
  if (hasNegativeZero(json)) {
    return broken("holds a negative number");
  }
  dom::parser parser(kMaxHeaderBytes + simdjson::SIMDJSON_PADDING);
  dom::element root;
  if (parser.allocate(std::max<std::size_t>(length, 32), kMaxDepth) != simdjson::SUCCESS) {
    return broken("is too large for the memory of this machine");
  }
  static_assert(kHeaderPadding >= simdjson::SIMDJSON_PADDING);
  json.resize(length + kHeaderPadding);
  if (const auto code = parser.parse(json.data(), length, false).get(root); code != simdjson::SUCCESS) {
    return broken(fmt::format("is not valid JSON ({})", simdjson::error_message(code)));
  }
  dom::object object;
  if (root.get_object().get(object) != simdjson::SUCCESS) {
    return broken("is not a JSON object");
  }
  m_header.dataOffset = 8 + length;
  LAYERLOOM_CHECK(readObject(object));
  LAYERLOOM_CHECK(checkNames());
  LAYERLOOM_CHECK(checkTiling());
  return std::move(m_header);
}

Status HeaderReader::readObject(dom::object object) {
  // Growing the list step by step would need the memory of a large one three times over.
  m_header.tensors.reserve(std::min(object.size(), kMaxTensors));
  bool hasMetadata = false;
  for (const auto [name, value] : object) {
    if (name != "__metadata__") {
      LAYERLOOM_CHECK(readTensor(name, value));
      continue;
    }
    if (std::exchange(hasMetadata, true)) {
      return broken("has __metadata__ twice");
    }
    LAYERLOOM_CHECK(readMetadata(value));
  }
  return {};
}

Status HeaderReader::checkNames() {
  std::vector<std::string_view> names;
  names.reserve(m_header.tensors.size());
  for (const TensorEntry& tensor : m_header.tensors) {
    names.push_back(tensor.name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  return twice == names.end() ? Status() : brokenTensor(*twice, "is listed twice");
}

Status HeaderReader::readMetadata(dom::element value) {
  if (value.is_null()) {
    m_header.warnings.push_back("__metadata__ is null");
    return {};
  }
  dom::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) {
    return broken("has a __metadata__ that is no object");
  }
  std::unordered_set<std::string_view> keys;
  for (const auto [key, entry] : object) {
    std::string_view text;
    if (entry.get_string().get(text) != simdjson::SUCCESS) {
      return broken(fmt::format("has a __metadata__ entry \"{}\" that is no string", escaped(key)));
    }
    if (!keys.insert(key).second) {
      return broken(fmt::format("has the __metadata__ entry \"{}\" twice", escaped(key)));
    }
    m_header.metadata.emplace_back(key, text);
  }
  return {};
}

Status HeaderReader::readTensor(std::string_view name, dom::element value) {
  dom::object fields;
  if (value.get_object().get(fields) != simdjson::SUCCESS) {
    return brokenTensor(name, "is not described by an object");
  }
  if (name.size() > kMaxNameBytes) {
    return brokenTensor(name, fmt::format("has a name longer than {} bytes", kMaxNameBytes));
  }
  if (name.empty() || name.find('\0') != std::string_view::npos) {
    m_header.warnings.push_back(fmt::format("tensor \"{}\" has an unusual name", escaped(name)));
  }
  if (m_header.tensors.size() == kMaxTensors) {
    return broken(fmt::format("lists more than {} tensors", kMaxTensors));
  }
  TensorEntry entry;
  entry.name = std::string(name);
  LAYERLOOM_CHECK(readFields(name, fields, entry));
  LAYERLOOM_CHECK(checkSize(entry));
  m_header.tensors.push_back(std::move(entry));
  return {};
}

Status HeaderReader::readFields(std::string_view name, dom::object fields, TensorEntry& entry) {
  bool hasDtype = false;
  bool hasShape = false;
  bool hasOffsets = false;
  for (const auto [key, value] : fields) {
    bool* seen = key == "dtype" ? &hasDtype : key == "shape" ? &hasShape : key == "data_offsets" ? &hasOffsets : nullptr;
    if (seen == nullptr) {
      m_header.warnings.push_back(fmt::format("tensor \"{}\" has the unknown field \"{}\"", escaped(name), escaped(key)));
      continue;
    }
    if (*seen) {
      return brokenTensor(name, fmt::format("has \"{}\" twice", key));
    }
    *seen = true;
    LAYERLOOM_CHECK(seen == &hasDtype   ? readDtype(name, value, entry)
                    : seen == &hasShape ? readShape(name, value, entry)
                                        : readOffsets(name, value, entry));
  }
  if (!hasDtype || !hasShape || !hasOffsets) {
    return brokenTensor(name, fmt::format("lacks \"{}\"", !hasDtype ? "dtype" : !hasShape ? "shape" : "data_offsets"));
  }
  return {};
}

Status HeaderReader::readDtype(std::string_view name, dom::element value, TensorEntry& entry) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) {
    return brokenTensor(name, "has a dtype that is no string");
  }
  const auto type = dtypeFromSafetensors(text);
  if (!type) {
    return brokenTensor(name, fmt::format("has the unknown dtype \"{}\"", escaped(text)));
  }
  entry.dtype = *type;
  return {};
}

Status HeaderReader::readShape(std::string_view name, dom::element value, TensorEntry& entry) {
  dom::array shape;
  if (value.get_array().get(shape) != simdjson::SUCCESS) {
    return brokenTensor(name, "has a shape that is no list");
  }
  for (const dom::element item : shape) {
    const auto dimension = asSize(item);
    if (!dimension || *dimension > kMaxDimension) {
      return brokenTensor(name, "has a shape with an entry that is no size");
    }
    if (entry.shape.size() == kMaxRank) {
      return brokenTensor(name, fmt::format("has more than {} dimensions", kMaxRank));
    }
    entry.shape.push_back(*dimension);
  }
  return {};
}

Status HeaderReader::readOffsets(std::string_view name, dom::element value, TensorEntry& entry) {
  dom::array offsets;
  if (value.get_array().get(offsets) != simdjson::SUCCESS || offsets.size() != 2) {
    return brokenTensor(name, "has data_offsets that are not two numbers");
  }
  const auto begin = asSize(offsets.at(0).value_unsafe());
  const auto end = asSize(offsets.at(1).value_unsafe());
  if (!begin || !end) {
    return brokenTensor(name, "has data_offsets that are not two sizes");
  }
  entry.begin = *begin;
  entry.end = *end;
  return {};
}

Status HeaderReader::checkSize(const TensorEntry& entry) const {
  // The product is checked in every order of the shape: a zero must not hide an overflow before or after it.
  std::uint64_t product = bitsOf(entry.dtype);
  bool empty = false;
  for (const std::uint64_t dimension : entry.shape) {
    empty = empty || dimension == 0;
    const std::uint64_t factor = std::max<std::uint64_t>(dimension, 1);
    if (product > std::numeric_limits<std::uint64_t>::max() / factor) {
      return brokenTensor(entry.name, fmt::format("has the shape {}, which overflows", formatShape(entry.shape)));
    }
    product *= factor;
  }
  const std::uint64_t bits = empty ? 0 : product;
  if (bits % 8 != 0) {
    return brokenTensor(entry.name, "does not end on a whole byte");
  }
  if (entry.end < entry.begin) {
    return brokenTensor(entry.name, "ends before it begins");
  }
  if (entry.end - entry.begin != bits / 8) {
    return brokenTensor(entry.name, fmt::format("has the shape {} of {}, which takes {} bytes, but data_offsets of {} bytes",
                                                formatShape(entry.shape), safetensorsName(entry.dtype), bits / 8,
                                                entry.end - entry.begin));
  }
  return {};
}

Status HeaderReader::checkTiling() {
  auto& tensors = m_header.tensors;
  std::stable_sort(tensors.begin(), tensors.end(), [](const TensorEntry& a, const TensorEntry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t end = 0;
  for (const TensorEntry& entry : tensors) {
    if (entry.begin != end) {
      return brokenTensor(entry.name, fmt::format("starts at byte {} of the data where {} was due (a gap or an overlap)",
                                                  entry.begin, end));
    }
    end = entry.end;
  }
  const std::uint64_t dataBytes = m_fileBytes - m_header.dataOffset;
  if (end != dataBytes) {
    return refused(fmt::format("{}: holds {} bytes of data where its header describes {}{}", escaped(m_fileName, 1000),
                               dataBytes, end, dataBytes < end ? " (the file is truncated)" : " (something was appended)"),
                   "fetch the file again");
  }
  return {};
}

/// What a file is that starts with these bytes, where a person may have taken it for a safetensors file.
std::string_view otherKind(std::string_view start) {
  using namespace std::string_view_literals;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kKinds = {{
      {"version "sv, " (it looks like a Git LFS pointer: the real file was not fetched)"sv},
      {"<!DOCTY"sv, " (it looks like a web page)"sv},
      {"<html"sv, " (it looks like a web page)"sv},
      {"PK\x03\x04"sv, " (it looks like a ZIP archive or a PyTorch .pt file; convert it with a trusted tool)"sv},
      {"GGUF"sv, " (it looks like a GGUF file, which holds quantised weights)"sv},
      {"\x80\x02"sv, " (it looks like a pickle, which is never read because it can run code)"sv},
      {"\x80\x04"sv, " (it looks like a pickle, which is never read because it can run code)"sv},
  }};
  for (const auto& [magic, hint] : kKinds) {
    if (start.starts_with(magic)) {
      return hint;
    }
  }
  return {};
}

}  // namespace

std::uint64_t TensorEntry::elements() const {
  std::uint64_t product = 1;
  for (const std::uint64_t dimension : shape) {
    product *= dimension;
  }
  return product;
}

std::string formatShape(const std::vector<std::uint64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

Result<std::uint64_t> headerLength(std::span<const std::byte> start, std::uint64_t fileBytes, const std::string& fileName) {
  const std::string file = escaped(fileName, 1000);
  constexpr auto kRemedy = "fetch the file again, or save the model as safetensors";
  if (fileBytes < 8 || start.size() < 8) {
    return refused(fmt::format("{}: is only {} bytes long: no safetensors file", file, fileBytes), kRemedy);
  }
  std::uint64_t length = 0;
  for (int i = 7; i >= 0; --i) {
    length = (length << 8) | std::to_integer<std::uint64_t>(start[static_cast<std::size_t>(i)]);
  }
  if (length > kMaxHeaderBytes) {
    const std::string_view text(reinterpret_cast<const char*>(start.data()), start.size());
    return refused(fmt::format("{}: is not a safetensors file{}", file, otherKind(text)), kRemedy);
  }
  if (length > fileBytes - 8) {
    return refused(fmt::format("{}: announces a header of {} bytes but is only {} bytes long (the file is truncated)", file,
                               length, fileBytes),
                   kRemedy);
  }
  return length;
}

Result<SafetensorsHeader> parseSafetensorsHeader(std::string json, std::uint64_t fileBytes, const std::string& fileName) {
  return HeaderReader(fileBytes, fileName).read(std::move(json));
}

namespace {

std::string jsonString(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

std::string formatSafetensorsHeader(const std::vector<TensorEntry>& tensors) {
  std::string json = R"({"__metadata__":{"format":"pt"})";
  for (const TensorEntry& tensor : tensors) {
    json.append(",").append(jsonString(tensor.name)).append(R"(:{"dtype":")").append(safetensorsName(tensor.dtype)).append(R"(","shape":[)");
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      json.append(i == 0 ? "" : ",").append(std::to_string(tensor.shape[i]));
    }
    json.append(R"(],"data_offsets":[)").append(std::to_string(tensor.begin)).append(",").append(std::to_string(tensor.end)).append("]}");
  }
  json += '}';
  json.resize((json.size() + 7) / 8 * 8, ' ');
  std::string header(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) {
    header[i] = static_cast<char>((json.size() >> (8 * i)) & 0xFF);
  }
  return header + json;
}

}  // namespace layerloom
