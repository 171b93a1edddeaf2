// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/yaml/yaml_lexer.h"

#include <string>

#include <Qsci/qsciscintilla.h>

#include "ui/theme/fonts.h"
#include "ui/theme/theme.h"
#include "ui/yaml/yaml_tokens.h"

namespace layerloom {
namespace {

constexpr int kStyles = static_cast<int>(YamlTokenKind::Punctuation) + 1;

QColor tokenColour(YamlTokenKind kind) {
  const Theme& theme = currentTheme();
  switch (kind) {
    case YamlTokenKind::Plain:
    case YamlTokenKind::Key:
      return theme.text;
    case YamlTokenKind::String:
      return theme.accent;
    case YamlTokenKind::Number:
      return theme.info;
    case YamlTokenKind::Comment:
      return theme.text3;
    case YamlTokenKind::Punctuation:
      return theme.text2;
  }
  return theme.text;
}

std::string bytesOf(const QsciScintilla& editor, int start, int end) {
  std::string bytes(static_cast<std::size_t>(end - start) + 1, '\0');
  editor.SendScintilla(QsciScintillaBase::SCI_GETTEXTRANGE, start, end, bytes.data());
  bytes.pop_back();
  return bytes;
}

}  // namespace

YamlLexer::YamlLexer(QObject* parent) : QsciLexerCustom(parent) {
  applyTheme();
}

void YamlLexer::applyTheme() {
  const Theme& theme = currentTheme();
  setDefaultColor(theme.text);
  setDefaultPaper(theme.base);
  setDefaultFont(codeFont());
  for (int style = 0; style < kStyles; ++style) {
    setColor(tokenColour(static_cast<YamlTokenKind>(style)), style);
    setPaper(theme.base, style);
    setFont(codeFont(), style);
  }
}

const char* YamlLexer::language() const {
  return "Recipe";
}

QString YamlLexer::description(int style) const {
  // QScintilla takes styles for existing as long as they have a description; nobody sees it.
  return style >= 0 && style < kStyles ? QString::number(style) : QString();
}

void YamlLexer::styleText(int start, int end) {
  if (!editor()) return;
  const auto firstLine = editor()->SendScintilla(QsciScintillaBase::SCI_LINEFROMPOSITION, start);
  const int from = static_cast<int>(editor()->SendScintilla(QsciScintillaBase::SCI_POSITIONFROMLINE, firstLine));
  const std::string text = bytesOf(*editor(), from, end);
  startStyling(from);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find('\n', at), text.size() - 1) + 1;
    for (const YamlToken& token : yamlTokens(std::string_view(text).substr(at, stop - at)))
      setStyling(static_cast<int>(token.length), static_cast<int>(token.kind));
    at = stop;
  }
}

}  // namespace layerloom
