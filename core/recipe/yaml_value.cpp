// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/yaml_value.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "core/support/text.h"

namespace layerloom {
namespace {

TextPosition positionOf(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

/// Leaves the parser from inside an event; caught in parseYaml.
struct Abort {
  YamlError error;
};

[[noreturn]] void abortAt(const TextPosition& where, std::string message) {
  throw Abort{{std::move(message), where}};
}

bool isNullWord(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

/// Quoted scalars carry the tag "!", plain ones "?" or none; other tags would ask for a type of the author's own.
bool isKnownTag(std::string_view tag) {
  constexpr std::string_view kCore = "tag:yaml.org,2002:";
  constexpr std::array<std::string_view, 7> kTypes = {"str", "int", "float", "bool", "null", "seq", "map"};
  if (tag.empty() || tag == "!" || tag == "?") {
    return true;
  }
  return tag.starts_with(kCore) && std::find(kTypes.begin(), kTypes.end(), tag.substr(kCore.size())) != kTypes.end();
}

/// Builds the tree from the parser's events, within the limits.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const YamlLimits& limits) : m_text(text), m_limits(limits) {}

  std::optional<YamlValue> takeRoot() { return std::move(m_root); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    addScalar(mark, tag, anchor, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(YamlValue::Kind::Sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(YamlValue::Kind::Mapping, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;

 private:
  struct Frame {
    YamlValue value;
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::optional<std::pair<std::string, TextPosition>> key;
    bool plainKey = false;
    std::set<std::string> keys;
    std::vector<YamlValue> merged;  ///< the mappings named by merge keys
  };
  struct Anchored {
    YamlValue value;
    std::size_t nodes = 0;
  };

  void addScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& text);
  void open(YamlValue::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
  void close();
  void finish(YamlValue value, YAML::anchor_t anchor);
  void setKey(Frame& frame, const YamlValue& value);
  void addMerged(Frame& frame, YamlValue value);
  void count(std::size_t nodes, const TextPosition& where);

  void checkClosed(const YAML::Mark& mark) const;

  const std::string_view m_text;
  const YamlLimits& m_limits;
  std::vector<Frame> m_stack;
  std::map<YAML::anchor_t, Anchored> m_anchored;
  std::size_t m_nodes = 0;
  std::size_t m_aliases = 0;
  std::optional<YamlValue> m_root;
};

constexpr std::string_view kMergeKey = "<<";

std::size_t nodesOf(const YamlValue& value) {
  std::size_t nodes = 1;
  for (const YamlValue& item : value.items) {
    nodes += nodesOf(item);
  }
  for (const auto& [key, entry] : value.entries) {
    nodes += nodesOf(entry);
  }
  return nodes;
}

void TreeBuilder::count(std::size_t nodes, const TextPosition& where) {
  m_nodes += nodes;
  if (m_nodes > m_limits.nodes) {
    abortAt(where, fmt::format("more than {} values", m_limits.nodes));
  }
}

/// yaml-cpp reports nothing where text stands without its colon, or a tag without its value; both would be lost.
void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const TextPosition where = positionOf(mark);
  const auto at = static_cast<std::size_t>(std::max(mark.pos, 0));
  if (at < m_text.size() && m_text[at] == '!') {
    abortAt(where, "a tag stands without a value");
  }
  const bool isKey = !m_stack.empty() && m_stack.back().key && m_stack.back().key->second.line == where.line &&
                     m_stack.back().key->second.column == where.column;
  if (isKey) {
    abortAt(where, fmt::format("\"{}\" has no colon and no value", escaped(m_stack.back().key->first)));
  }
  addScalar(mark, "?", anchor, "");
}

/// yaml-cpp takes the end of the text for the end of a quoted scalar.
void TreeBuilder::checkClosed(const YAML::Mark& mark) const {
  const auto start = static_cast<std::size_t>(std::max(mark.pos, 0));
  if (start >= m_text.size() || (m_text[start] != '"' && m_text[start] != '\'')) {
    return;
  }
  const char quote = m_text[start];
  for (std::size_t i = start + 1; i < m_text.size(); ++i) {
    if (quote == '"' && m_text[i] == '\\') {
      ++i;
    } else if (m_text[i] == quote) {
      return;
    }
  }
  abortAt(positionOf(mark), "the quoted text is not closed");
}

/// yaml-cpp gives the escapes \N and \_ as single bytes, which are no UTF-8: they stand for U+0085 and U+00A0.
std::string withWholeEscapes(const std::string& text) {
  if (isUtf8(text)) {
    return text;
  }
  std::string whole;
  std::size_t expected = 0;  // bytes that belong to the character at hand
  for (const char byte : text) {
    const auto bits = static_cast<unsigned char>(byte);
    const bool continues = (bits & 0xC0) == 0x80;
    if (continues && expected == 0) {
      whole += '\xC2';
    }
    whole += byte;
    expected = continues ? expected - (expected > 0 ? 1 : 0) : bits >= 0xF0 ? 3 : bits >= 0xE0 ? 2 : bits >= 0xC0 ? 1 : 0;
  }
  return whole;
}

void TreeBuilder::addScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& text) {
  const TextPosition where = positionOf(mark);
  if (!isKnownTag(tag)) {
    abortAt(where, fmt::format("the tag {} is not allowed", escaped(tag)));
  }
  count(1, where);
  YamlValue value;
  value.where = where;
  value.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
  if (value.quoted) {
    checkClosed(mark);
  }
  if (value.quoted || !isNullWord(text)) {
    value.kind = YamlValue::Kind::Scalar;
    value.text = value.quoted ? withWholeEscapes(text) : withoutTabsInTime(text);
  }
  finish(std::move(value), anchor);
}

void TreeBuilder::open(YamlValue::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
  const TextPosition where = positionOf(mark);
  if (!isKnownTag(tag)) {
    abortAt(where, fmt::format("the tag {} is not allowed", escaped(tag)));
  }
  if (static_cast<int>(m_stack.size()) >= m_limits.depth) {
    abortAt(where, fmt::format("nested deeper than {} levels", m_limits.depth));
  }
  if (!m_stack.empty() && m_stack.back().value.isMapping() && !m_stack.back().key) {
    abortAt(where, "a key must be a single word or text");
  }
  count(1, where);
  Frame frame;
  frame.value.kind = kind;
  frame.value.where = where;
  frame.anchor = anchor;
  m_stack.push_back(std::move(frame));
}

/// What a merge key names: one mapping or a list of mappings, of which earlier ones win.
void TreeBuilder::addMerged(Frame& frame, YamlValue value) {
  if (value.isMapping()) {
    frame.merged.push_back(std::move(value));
    return;
  }
  for (YamlValue& item : value.items) {
    if (!item.isMapping()) {
      abortAt(item.where, "a merge key (<<) takes mappings only");
    }
    frame.merged.push_back(std::move(item));
  }
  if (!value.isSequence()) {
    abortAt(value.where, "a merge key (<<) takes mappings only");
  }
}

void TreeBuilder::close() {
  Frame frame = std::move(m_stack.back());
  m_stack.pop_back();
  for (YamlValue& merged : frame.merged) {
    for (auto& [key, entry] : merged.entries) {
      if (frame.keys.insert(key).second) {
        frame.value.entries.emplace_back(key, std::move(entry));
      }
    }
  }
  finish(std::move(frame.value), frame.anchor);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const TextPosition where = positionOf(mark);
  const auto found = m_anchored.find(anchor);
  if (found == m_anchored.end()) {
    abortAt(where, "an alias refers to the value that holds it");
  }
  if (++m_aliases > m_limits.aliases) {
    abortAt(where, fmt::format("more than {} aliases", m_limits.aliases));
  }
  count(found->second.nodes, where);
  YamlValue copy = found->second.value;
  copy.where = where;
  finish(std::move(copy), YAML::NullAnchor);
}

void TreeBuilder::setKey(Frame& frame, const YamlValue& value) {
  if (!value.isScalar()) {
    abortAt(value.where, "a key must be a single word or text");
  }
  if (!frame.keys.insert(value.text).second) {
    abortAt(value.where, fmt::format("the key \"{}\" stands twice in the same mapping", escaped(value.text)));
  }
  frame.key.emplace(value.text, value.where);
  frame.plainKey = !value.quoted;
}

void TreeBuilder::finish(YamlValue value, YAML::anchor_t anchor) {
  if (anchor != YAML::NullAnchor) {
    m_anchored[anchor] = {value, nodesOf(value)};
  }
  if (m_stack.empty()) {
    m_root = std::move(value);
    return;
  }
  Frame& frame = m_stack.back();
  if (frame.value.isSequence()) {
    frame.value.items.push_back(std::move(value));
  } else if (!frame.key) {
    setKey(frame, value);
  } else {
    const bool merges = frame.key->first == kMergeKey && frame.plainKey;
    if (merges) {
      frame.key.reset();
      addMerged(frame, std::move(value));
      return;
    }
    value.keyWhere = frame.key->second;
    frame.value.entries.emplace_back(std::move(frame.key->first), std::move(value));
    frame.key.reset();
  }
}

/// Bytes that no recipe holds: control characters other than tab and line ends.
std::optional<YamlError> findForbiddenByte(std::string_view text) {
  TextPosition where{1, 1};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == '\n') {
      ++where.line;
      where.column = 1;
      continue;
    }
    if ((byte < 0x20 && byte != '\t' && byte != '\r') || byte == 0x7F) {
      return YamlError{fmt::format("the control character 0x{:02x} is not allowed", byte), where};
    }
    where.column += (byte & 0xC0) != 0x80 ? 1 : 0;  // characters, as yaml-cpp counts them
  }
  return std::nullopt;
}

std::optional<YamlError> checkBytes(std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.bytes) {
    return YamlError{fmt::format("the text is longer than {}", formatBytes(limits.bytes)), {}};
  }
  if (!isUtf8(text)) {
    return YamlError{"the text is not UTF-8", {}};
  }
  return std::nullopt;
}

/// With a newline for every carriage return that stands alone: YAML ends a line there, yaml-cpp does not.
std::string withoutLoneReturns(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == '\r' && (i + 1 == out.size() || out[i + 1] != '\n')) {
      out[i] = '\n';
    }
  }
  return out;
}

}  // namespace

YamlValue::~YamlValue() = default;

const YamlValue* YamlValue::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == key; });
  return found == entries.end() ? nullptr : &found->second;
}

bool YamlValue::sameAs(const YamlValue& other) const {
  const bool sameShape = kind == other.kind && text == other.text && items.size() == other.items.size() &&
                         entries.size() == other.entries.size();
  if (!sameShape) {
    return false;
  }
  if (isScalar() && quoted != other.quoted && isTypedWhenPlain(text)) {
    return false;
  }
  return std::equal(items.begin(), items.end(), other.items.begin(),
                    [](const YamlValue& a, const YamlValue& b) { return a.sameAs(b); }) &&
         std::equal(entries.begin(), entries.end(), other.entries.begin(),
                    [](const auto& a, const auto& b) { return a.first == b.first && a.second.sameAs(b.second); });
}

tl::expected<std::vector<YamlValue>, YamlError> parseYamlDocuments(std::string_view source, const YamlLimits& limits) {
  if (auto fault = checkBytes(source, limits)) {
    return tl::unexpected(*std::move(fault));
  }
  // Without the mark, which yaml-cpp does not count: its places in the text are looked up there.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  source.remove_prefix(source.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  const std::string text = withoutLoneReturns(source);
  if (auto fault = findForbiddenByte(text)) {
    return tl::unexpected(*std::move(fault));
  }
  // yaml-cpp throws; nothing of that leaves this function.
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    std::vector<YamlValue> documents;
    // yaml-cpp finds no end of some broken texts.
    for (std::size_t count = 0;; ++count) {
      TreeBuilder builder(text, limits);
      if (!parser.HandleNextDocument(builder)) {
        break;
      }
      if (count == limits.documents) {
        return tl::unexpected(YamlError{fmt::format("more than {} documents", limits.documents), {}});
      }
      if (std::optional<YamlValue> root = builder.takeRoot()) {
        documents.push_back(*std::move(root));
      }
    }
    if (documents.size() > 1) {
      std::erase_if(documents, [](const YamlValue& document) { return document.isNull(); });
    }
    if (documents.empty()) {
      return tl::unexpected(YamlError{"the text is empty", {1, 1}});
    }
    return documents;
  } catch (const Abort& abort) {
    return tl::unexpected(abort.error);
  } catch (const YAML::Exception& error) {
    return tl::unexpected(YamlError{escaped(error.msg), error.mark.is_null() ? TextPosition{} : positionOf(error.mark)});
  } catch (const std::exception& error) {
    return tl::unexpected(YamlError{escaped(error.what()), {}});
  }
}

tl::expected<YamlValue, YamlError> parseYaml(std::string_view text, const YamlLimits& limits) {
  auto documents = parseYamlDocuments(text, limits);
  if (!documents) {
    return tl::unexpected(std::move(documents).error());
  }
  if (documents->size() > 1) {
    return tl::unexpected(YamlError{"there is more text after the end of the document", (*documents)[1].where});
  }
  return std::move(documents->front());
}

}  // namespace layerloom
