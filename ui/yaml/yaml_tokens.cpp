// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/yaml/yaml_tokens.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace layerloom {
namespace {

bool isSpace(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool isBracket(char c) {
  return c == '[' || c == ']' || c == '{' || c == '}' || c == ',';
}

bool isNumber(std::string_view word) {
  // std::from_chars takes neither a leading plus nor YAML's ".5e3" alike everywhere; recipes are short, so strtod it
  // is.
  const std::string text(word);
  if (text.find_first_not_of("0123456789.+-eE_") != std::string::npos) return false;
  if (text.find_first_of("0123456789") == std::string::npos) return false;
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return end == text.c_str() + text.size();
}

bool isConstant(std::string_view word) {
  return word == "true" || word == "false" || word == "null" || word == "~" || word == "True" || word == "False";
}

class LineTokeniser {
 public:
  explicit LineTokeniser(std::string_view line) : m_line(line) {}

  std::vector<YamlToken> run() {
    while (m_at < m_line.size()) step();
    return std::move(m_tokens);
  }

 private:
  void step() {
    const char c = m_line[m_at];
    if (isSpace(c)) {
      take(runLength(isSpace), YamlTokenKind::Plain);
    } else if (c == '#' && (m_at == 0 || isSpace(m_line[m_at - 1]))) {
      take(m_line.size() - m_at, YamlTokenKind::Comment);
    } else if (isBracket(c)) {
      m_depth += c == '[' || c == '{' ? 1 : c == ',' ? 0 : -1;
      take(1, YamlTokenKind::Punctuation);
    } else if ((c == '-' || c == ':' || c == '?') && isSpaceAt(m_at + 1)) {
      take(1, YamlTokenKind::Punctuation);
    } else if (c == '"' || c == '\'') {
      takeWord(quotedLength(c), YamlTokenKind::String);
    } else {
      const std::size_t length = plainLength();
      const std::string_view word = m_line.substr(m_at, length);
      takeWord(length, isNumber(word) || isConstant(word) ? YamlTokenKind::Number : YamlTokenKind::String);
    }
  }

  bool isSpaceAt(std::size_t at) const { return at >= m_line.size() || isSpace(m_line[at]); }

  std::size_t runLength(bool (*belongs)(char)) const {
    std::size_t end = m_at;
    while (end < m_line.size() && belongs(m_line[end])) ++end;
    return end - m_at;
  }

  std::size_t quotedLength(char quote) const {
    for (std::size_t end = m_at + 1; end < m_line.size(); ++end) {
      if (m_line[end] == '\\' && quote == '"') {
        ++end;
      } else if (m_line[end] == quote) {
        return end + 1 - m_at;
      }
    }
    return m_line.size() - m_at;
  }

  std::size_t plainLength() const {
    std::size_t end = m_at;
    while (end < m_line.size() && !endsPlain(end)) ++end;
    while (end > m_at + 1 && isSpace(m_line[end - 1])) --end;
    return std::max<std::size_t>(1, end - m_at);
  }

  bool endsPlain(std::size_t at) const {
    const char c = m_line[at];
    if (c == ':' && isSpaceAt(at + 1)) return true;
    if (c == '#' && at > 0 && isSpace(m_line[at - 1])) return true;
    return m_depth > 0 && isBracket(c);
  }

  /// A word before ": " is a key.
  void takeWord(std::size_t length, YamlTokenKind kind) {
    std::size_t next = m_at + length;
    while (next < m_line.size() && isSpace(m_line[next])) ++next;
    const bool key = next < m_line.size() && m_line[next] == ':' && isSpaceAt(next + 1);
    take(length, key ? YamlTokenKind::Key : kind);
  }

  void take(std::size_t length, YamlTokenKind kind) {
    m_tokens.push_back({m_at, length, kind});
    m_at += length;
  }

  std::string_view m_line;
  std::size_t m_at = 0;
  int m_depth = 0;
  std::vector<YamlToken> m_tokens;
};

}  // namespace

std::vector<YamlToken> yamlTokens(std::string_view line) {
  return LineTokeniser(line).run();
}

}  // namespace layerloom
