// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qsci/qscilexercustom.h>

namespace layerloom {

/// Syntax colours of a recipe from the theme.
class YamlLexer : public QsciLexerCustom {
  Q_OBJECT

 public:
  explicit YamlLexer(QObject* parent = nullptr);

  /// Reads colours and font from the theme again.
  void applyTheme();

  const char* language() const override;
  QString description(int style) const override;
  void styleText(int start, int end) override;
};

}  // namespace layerloom
