// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/yaml/yaml_editor.h"

#include <algorithm>

#include <QAction>
#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QVBoxLayout>
#include <Qsci/qscicommandset.h>
#include <Qsci/qsciscintilla.h>

#include "ui/parts/painting.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/markers.h"
#include "ui/theme/theme.h"
#include "ui/yaml/problem_text.h"
#include "ui/yaml/rounded_frame.h"
#include "ui/yaml/text_difference.h"
#include "ui/yaml/yaml_lexer.h"
#include "ui/yaml/yaml_tokens.h"

namespace layerloom {
namespace {

using Sci = QsciScintillaBase;

constexpr int kDebounce = 250;  // milliseconds

// The gutter, 44 wide: icon, number, gap, bar.
enum Margin { kIconMargin, kNumberMargin, kGapMargin, kBarMargin };
constexpr int kIconWidth = 18;
constexpr int kNumberWidth = 18;
constexpr int kGapWidth = 5;
constexpr int kBarWidth = 3;
constexpr int kTextGap = 8;

constexpr QMargins kFrame(8, 0, 8, 8);  // of the dock
constexpr int kTopGap = 4;

// Marker numbers: one per model colour, one for the base, then per severity an icon and a line ground.
constexpr int kModelColours = 8;
constexpr int kBaseBar = 8;
constexpr int kFirstIcon = 9;
constexpr int kFirstGround = 12;
constexpr int kSeverities = 3;
constexpr int kBarMask = (1 << (kBaseBar + 1)) - 1;
constexpr int kIconMask = 0b111 << kFirstIcon;

constexpr int kFirstIndicator = 8;  // lower ones are reserved for lexers

int barMarker(int colourIndex) {
  return colourIndex < 0 ? kBaseBar : colourIndex % kModelColours;
}
int severityIndex(Severity severity) {
  return static_cast<int>(severity);
}

bool isBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// The part of a line that a problem is about, in bytes: the token at its column or the next one (a list or mapping to
/// the end of the line), or all of the line's text.
std::pair<std::size_t, std::size_t> problemRange(const std::string& line, int column) {
  const auto tokens = yamlTokens(line);
  const std::size_t textEnd = line.find_last_not_of(" \t\r\n") + 1;
  // Columns count characters; a continuation byte of UTF-8 is none.
  std::size_t at = 0;
  for (int left = column - 1; at < line.size() && left > 0; ++at)
    if (at + 1 >= line.size() || (static_cast<unsigned char>(line[at + 1]) & 0xC0U) != 0x80U) --left;
  if (column > 0)
    for (const YamlToken& token : tokens)
      if (at < token.begin + token.length && !isBlank(line[token.begin])) {
        const bool opens = line[token.begin] == '[' || line[token.begin] == '{';
        return {token.begin, opens ? textEnd : token.begin + token.length};
      }
  return {std::min(line.find_first_not_of(" \t"), textEnd), textEnd};
}

}  // namespace

YamlEditor::YamlEditor(QWidget* parent)
    : QWidget(parent), m_editor(new QsciScintilla(this)), m_lexer(new YamlLexer(this)) {
  auto* layout = new QVBoxLayout(this);
  // Scintilla has no room above its first line; paintEvent() continues gutter and ground there.
  layout->setContentsMargins(kFrame + QMargins(0, kTopGap, 0, kTopGap));
  layout->addWidget(m_editor);
  new RoundedFrame(m_editor, kFrame, this);
  makeActions();
  configureEditing();
  configureMargins();
  applyTheme();
  m_debounce.setSingleShot(true);
  m_debounce.setInterval(kDebounce);
  connect(&m_debounce, &QTimer::timeout, this, [this] { emit edited(text()); });
  connect(m_editor, &QsciScintilla::textChanged, this, &YamlEditor::onTextChanged);
  connect(m_editor, &QsciScintilla::cursorPositionChanged, this, &YamlEditor::onCursorMoved);
}

void YamlEditor::makeActions() {
  m_copy = new QAction(themedIcon(QStringLiteral("copy")), tr("Copy the recipe"), this);
  m_export = new QAction(themedIcon(QStringLiteral("export")), tr("Export the recipe…"), this);
  connect(m_copy, &QAction::triggered, this, &YamlEditor::copyRequested);
  connect(m_export, &QAction::triggered, this, &YamlEditor::exportRequested);
}

void YamlEditor::configureEditing() {
  // YAML runs from left to right in every language.
  m_editor->setLayoutDirection(Qt::LeftToRight);
  m_editor->setUtf8(true);
  m_editor->setEolMode(QsciScintilla::EolUnix);
  m_editor->setIndentationsUseTabs(false);
  m_editor->setTabWidth(2);
  m_editor->setAutoIndent(true);
  m_editor->setFrameShape(QFrame::NoFrame);
  m_editor->setAccessibleName(tr("Recipe as YAML"));
  m_editor->setCaretLineVisible(true);
  m_editor->SendScintilla(Sci::SCI_SETSCROLLWIDTH, 1UL);
  m_editor->SendScintilla(Sci::SCI_SETSCROLLWIDTHTRACKING, 1UL);
  m_editor->SendScintilla(Sci::SCI_SETUNDOCOLLECTION, 0UL);
  m_editor->SendScintilla(Sci::SCI_SETEXTRAASCENT, 1UL);
  m_editor->SendScintilla(Sci::SCI_SETEXTRADESCENT, 2UL);
  // What is dropped here is a model or a recipe for the window, not text.
  m_editor->setAcceptDrops(false);
  m_editor->viewport()->setAcceptDrops(false);
  releaseUndoKeys();
  m_editor->installEventFilter(this);
  m_editor->viewport()->installEventFilter(this);
  setFocusProxy(m_editor);
}

void YamlEditor::releaseUndoKeys() {
  for (const auto id : {QsciCommand::Undo, QsciCommand::Redo}) {
    QsciCommand* command = m_editor->standardCommands()->find(id);
    command->setKey(0);
    command->setAlternateKey(0);
  }
}

void YamlEditor::configureMargins() {
  m_editor->setMargins(4);
  m_editor->setMarginType(kIconMargin, QsciScintilla::SymbolMarginColor);
  m_editor->setMarginType(kNumberMargin, QsciScintilla::NumberMargin);
  m_editor->setMarginType(kGapMargin, QsciScintilla::SymbolMarginColor);
  m_editor->setMarginType(kBarMargin, QsciScintilla::SymbolMarginColor);
  m_editor->setMarginMarkerMask(kIconMargin, kIconMask);
  m_editor->setMarginMarkerMask(kNumberMargin, 0);
  m_editor->setMarginMarkerMask(kGapMargin, 0);
  m_editor->setMarginMarkerMask(kBarMargin, kBarMask);
  m_editor->setMarginWidth(kIconMargin, kIconWidth);
  m_editor->setMarginWidth(kGapMargin, kGapWidth);
  m_editor->setMarginWidth(kBarMargin, kBarWidth);
  m_editor->SendScintilla(Sci::SCI_SETMARGINLEFT, 0UL, kTextGap);
}

void YamlEditor::applyTheme() {
  const Theme& theme = currentTheme();
  m_lexer->applyTheme();
  // Styles are taken from the lexer when it is set; the margins' colours must follow after.
  m_editor->setLexer(nullptr);
  m_editor->setLexer(m_lexer);
  m_editor->setPaper(theme.base);
  m_editor->setCaretForegroundColor(theme.text);
  m_editor->setSelectionBackgroundColor(theme.accentSoft);
  m_editor->resetSelectionForegroundColor();
  applyMarginTheme();
  applyMarkerTheme();
  int line = 0, index = 0;
  m_editor->getCursorPosition(&line, &index);
  onCursorMoved(line);
}

void YamlEditor::applyMarginTheme() {
  const Theme& theme = currentTheme();
  m_editor->setMarginsFont(scaledFont(codeFont(), 0.95));
  m_editor->setMarginsForegroundColor(theme.text3);
  m_editor->setMarginsBackgroundColor(theme.alt);
  for (const int margin : {kIconMargin, kGapMargin, kBarMargin}) m_editor->setMarginBackgroundColor(margin, theme.alt);
  fitNumberMargin();
}

void YamlEditor::applyMarkerTheme() {
  for (int colour = 0; colour <= kModelColours; ++colour) {
    m_editor->markerDefine(QsciScintilla::FullRectangle, colour);
    m_editor->setMarkerBackgroundColor(modelColour(colour == kBaseBar ? -1 : colour), colour);
  }
  for (int i = 0; i < kSeverities; ++i) {
    const auto severity = static_cast<Severity>(i);
    const int ratio = qCeil(devicePixelRatioF());
    m_editor->SendScintilla(Sci::SCI_RGBAIMAGESETSCALE, static_cast<unsigned long>(100 * ratio));
    m_editor->markerDefine(severityIcon(severity).pixmap(QSize(14, 14), ratio).toImage(), kFirstIcon + i);
    m_editor->markerDefine(QsciScintilla::Background, kFirstGround + i);
    m_editor->setMarkerBackgroundColor(severitySoftColour(severity), kFirstGround + i);
    m_editor->indicatorDefine(QsciScintilla::SquiggleIndicator, kFirstIndicator + i);
    m_editor->setIndicatorForegroundColor(severityColour(severity), kFirstIndicator + i);
  }
}

void YamlEditor::fitNumberMargin() {
  const QString widest(QString::number(std::max(10, m_editor->lines())).size(), u'8');
  const int needed = QFontMetrics(scaledFont(codeFont(), 0.95)).horizontalAdvance(widest) + 4;
  m_editor->setMarginWidth(kNumberMargin, std::max(kNumberWidth, needed));
  update();
}

void YamlEditor::setText(const QString& text) {
  m_debounce.stop();
  const std::string before = m_editor->text().toStdString();
  const std::string after = text.toStdString();
  const TextDifference difference = textDifference(before, after);
  if (difference.empty()) return;
  m_quiet = true;
  const std::vector<TextPlace> kept = placesInside(difference.begin, difference.oldEnd);
  const int first = m_editor->firstVisibleLine();
  const int sideways = m_editor->horizontalScrollBar()->value();
  m_editor->SendScintilla(Sci::SCI_SETTARGETSTART, static_cast<unsigned long>(difference.begin));
  m_editor->SendScintilla(Sci::SCI_SETTARGETEND, static_cast<unsigned long>(difference.oldEnd));
  m_editor->SendScintilla(Sci::SCI_REPLACETARGET, static_cast<unsigned long>(difference.newEnd - difference.begin),
                          after.data() + difference.begin);
  for (const TextPlace& place : kept)
    m_editor->SendScintilla(place.message,
                            static_cast<unsigned long>(m_editor->positionFromLineIndex(place.line, place.index)));
  m_editor->setFirstVisibleLine(first);
  m_editor->horizontalScrollBar()->setValue(sideways);
  m_quiet = false;
}

std::vector<YamlEditor::TextPlace> YamlEditor::placesInside(std::size_t begin, std::size_t end) const {
  // Scintilla moves anchor and cursor along with the text round them; only inside a replaced part they would be lost.
  std::vector<TextPlace> places;
  for (const auto& [get, set] :
       {std::pair{Sci::SCI_GETANCHOR, Sci::SCI_SETANCHOR}, std::pair{Sci::SCI_GETCURRENTPOS, Sci::SCI_SETCURRENTPOS}}) {
    const auto position = static_cast<std::size_t>(m_editor->SendScintilla(get));
    if (position <= begin || position >= end) continue;
    TextPlace place;
    place.message = set;
    m_editor->lineIndexFromPosition(static_cast<int>(position), &place.line, &place.index);
    places.push_back(place);
  }
  return places;
}

QString YamlEditor::text() const {
  return m_editor->text();
}

void YamlEditor::flush() {
  if (!m_debounce.isActive()) return;
  m_debounce.stop();
  emit edited(text());
}

void YamlEditor::onTextChanged() {
  fitNumberMargin();
  if (!m_quiet) {
    m_debounce.start();
    emit typed();
  }
}

void YamlEditor::onCursorMoved(int line) {
  // Scintilla paints the current line over a problem's ground; give it the problem's colour instead.
  const unsigned markers = m_editor->markersAtLine(line);
  QColor ground = currentTheme().alt;
  for (int i = kSeverities - 1; i >= 0; --i)
    if (markers & (1U << (kFirstGround + i))) ground = severitySoftColour(static_cast<Severity>(i));
  m_editor->setCaretLineBackgroundColor(ground);
}

void YamlEditor::setProblems(std::vector<Problem> problems) {
  clearProblemMarks();
  m_problems = std::move(problems);
  for (const Problem& problem : m_problems)
    if (problem.where.line > 0 && problem.where.line <= m_editor->lines()) markProblem(problem);
  int line = 0, index = 0;
  m_editor->getCursorPosition(&line, &index);
  onCursorMoved(line);
}

void YamlEditor::clearProblemMarks() {
  for (int i = 0; i < kSeverities; ++i) {
    m_editor->markerDeleteAll(kFirstIcon + i);
    m_editor->markerDeleteAll(kFirstGround + i);
    m_editor->SendScintilla(Sci::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(kFirstIndicator + i));
    m_editor->SendScintilla(Sci::SCI_INDICATORCLEARRANGE, 0UL, static_cast<long>(m_editor->length()));
  }
}

void YamlEditor::markProblem(const Problem& problem) {
  const int line = problem.where.line - 1;
  const int index = severityIndex(problem.severity);
  // The worst problem of a line gives its icon and ground.
  const unsigned worse = ((1U << index) - 1U) << kFirstGround;
  if ((m_editor->markersAtLine(line) & worse) == 0) {
    for (int i = index + 1; i < kSeverities; ++i) {
      m_editor->markerDelete(line, kFirstIcon + i);
      m_editor->markerDelete(line, kFirstGround + i);
    }
    if ((m_editor->markersAtLine(line) & (1U << (kFirstGround + index))) == 0) {
      m_editor->markerAdd(line, kFirstIcon + index);
      m_editor->markerAdd(line, kFirstGround + index);
    }
  }
  const auto [begin, end] = problemRange(m_editor->text(line).toStdString(), problem.where.column);
  if (begin >= end) return;
  const long start = m_editor->SendScintilla(Sci::SCI_POSITIONFROMLINE, static_cast<unsigned long>(line));
  m_editor->SendScintilla(Sci::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(kFirstIndicator + index));
  m_editor->SendScintilla(Sci::SCI_INDICATORFILLRANGE, static_cast<unsigned long>(start) + begin,
                          static_cast<long>(end - begin));
}

void YamlEditor::setLineColours(const std::vector<std::pair<int, int>>& lines) {
  for (int marker = 0; marker <= kBaseBar; ++marker) m_editor->markerDeleteAll(marker);
  for (const auto& [line, colour] : lines)
    if (line > 0 && line <= m_editor->lines()) m_editor->markerAdd(line - 1, barMarker(colour));
}

void YamlEditor::revealLine(int line) {
  const int wanted = std::clamp(line, 1, std::max(1, m_editor->lines())) - 1;
  const auto visible = static_cast<int>(m_editor->SendScintilla(Sci::SCI_LINESONSCREEN));
  const int first = m_editor->firstVisibleLine();
  if (wanted < first || wanted >= first + visible) m_editor->setFirstVisibleLine(std::max(0, wanted - visible / 2));
  m_editor->setCursorPosition(wanted, 0);
  m_editor->setFocus(Qt::OtherFocusReason);
}

QString YamlEditor::problemsAt(int line) const {
  QStringList words;
  for (const Problem& problem : m_problems)
    if (problem.where.line == line) words << problemWords(problem);
  return words.join(QStringLiteral("\n\n"));
}

void YamlEditor::paintEvent(QPaintEvent*) {
  const QRect frame = rect() - kFrame;
  int gutter = 0;
  for (const int margin : {kIconMargin, kNumberMargin, kGapMargin, kBarMargin}) gutter += m_editor->marginWidth(margin);
  QPainter painter(this);
  painter.fillRect(frame, currentTheme().base);
  painter.fillRect(QRect(frame.topLeft(), QSize(gutter, frame.height())), currentTheme().alt);
}

void YamlEditor::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (isThemeChange(event) || event->type() == QEvent::ApplicationFontChange) applyTheme();
}

bool YamlEditor::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_editor && event->type() == QEvent::FocusOut) flush();
  if (watched == m_editor->viewport() && event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString words = problemsAt(m_editor->lineAt(help->pos()) + 1);
    words.isEmpty() ? QToolTip::hideText() : QToolTip::showText(help->globalPos(), plainToolTip(words), this);
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace layerloom
