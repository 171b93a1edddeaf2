// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/pdf.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace layerloom::report {
namespace {

// In points; A4.
constexpr double kWidth = 595;
constexpr double kHeight = 842;
constexpr double kMargin = 48;
constexpr double kText = 9.5;
constexpr double kSmall = 8;
constexpr double kLineHeight = 1.4;
constexpr double kPlotHeight = 150;
constexpr double kHeatRow = 13;
constexpr Colour kInk = {0.11, 0.13, 0.15};
constexpr Colour kFaint = {0.34, 0.38, 0.42};
constexpr Colour kRule = {0.85, 0.87, 0.89};

cairo_status_t append(void* text, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

/// The bytes of a text up to a border between characters.
std::string_view headOf(std::string_view text, std::size_t size) {
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
    --size;
  }
  return text.substr(0, size);
}

// What of a block must stand on the page of its heading.
double leastHeight(const Paragraph&) {
  return 2 * kText * kLineHeight;
}
double leastHeight(const Table&) {
  return 4 * kSmall * 1.6;
}
double leastHeight(const Code&) {
  return 4 * kSmall * kLineHeight;
}
double leastHeight(const LineChart& chart) {
  return kPlotHeight + 44 + 12 * static_cast<double>(chart.lines.size());
}
double leastHeight(const HeatMap& map) {
  return kHeatRow * static_cast<double>(map.rows.size()) + 52;
}

class PdfWriter {
 public:
  PdfWriter()
      : m_surface(cairo_pdf_surface_create_for_stream(append, &m_bytes, kWidth, kHeight), cairo_surface_destroy), m_cairo(cairo_create(m_surface.get()), cairo_destroy) {}

  void operator()(const Paragraph& paragraph) {
    const std::string text = paragraph.label.empty() ? paragraph.text : paragraph.label + ": " + paragraph.text;
    addText(text, kText, false, kInk);
    m_y += 4;
  }

  void operator()(const Table& table) {
    const std::vector<double> widths = widthsOf(table);
    addRow(table.header, widths, table.textColumns, true);
    for (const auto& row : table.rows) {
      addRow(row, widths, table.textColumns, false);
    }
    m_y += 8;
  }

  void operator()(const LineChart& chart);
  void operator()(const HeatMap& map);

  void operator()(const Code& code) {
    setFont(kSmall, false, "monospace");
    for (std::size_t at = 0; at < code.text.size();) {
      const std::size_t end = std::min(code.text.find('\n', at), code.text.size());
      addWrapped(std::string_view(code.text).substr(at, end - at), kSmall, kInk);
      at = end + 1;
    }
    m_y += 8;
  }

  Result<std::string> write(const Document& document) {
    m_point = document.decimalPoint;
    cairo_pdf_surface_set_metadata(m_surface.get(), CAIRO_PDF_METADATA_TITLE, document.title.c_str());
    addText(document.title, 18, true, kInk);
    m_y += 4;
    for (const std::string& line : document.subtitle) {
      addText(line, kSmall, false, kFaint);
    }
    for (const Section& section : document.sections) {
      m_y += 14;
      makeRoom(30 + (section.blocks.empty() ? 0 : std::visit([](const auto& block) { return leastHeight(block); }, section.blocks.front())));
      addText(section.heading, 12.5, true, kInk);
      m_y += 4;
      for (const Block& block : section.blocks) {
        std::visit(*this, block);
      }
    }
    cairo_show_page(m_cairo.get());
    cairo_surface_finish(m_surface.get());
    const cairo_status_t status = cairo_surface_status(m_surface.get());
    if (status != CAIRO_STATUS_SUCCESS) {
      return ioError(fmt::format("the report cannot be drawn: {}", cairo_status_to_string(status)), "write it as .html");
    }
    return std::move(m_bytes);
  }

 private:
  void setColour(const Colour& colour) { cairo_set_source_rgb(m_cairo.get(), colour.red, colour.green, colour.blue); }

  void setFont(double size, bool bold, const char* family = "sans-serif") {
    cairo_select_font_face(m_cairo.get(), family, CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(m_cairo.get(), size);
  }

  double widthOf(std::string_view text) const {
    cairo_text_extents_t extents;
    cairo_text_extents(m_cairo.get(), std::string(text).c_str(), &extents);
    return extents.x_advance;
  }

  void makeRoom(double height) {
    if (m_y + height > kHeight - kMargin && m_y > kMargin) {
      cairo_show_page(m_cairo.get());
      m_y = kMargin;
    }
  }

  /// At a place of the page; `share` of the text's width lies left of x.
  void put(double x, double y, double share, std::string_view text, const Colour& colour) {
    setColour(colour);
    cairo_move_to(m_cairo.get(), x - share * widthOf(text), y);
    cairo_show_text(m_cairo.get(), std::string(text).c_str());
  }

  /// A paragraph in the font that is set, broken at spaces and, where a word is too long, within it.
  void addWrapped(std::string_view text, double size, const Colour& colour) {
    constexpr double kRoom = kWidth - 2 * kMargin;
    do {
      std::size_t fits = text.size();
      while (fits > 1 && widthOf(headOf(text, fits)) > kRoom) {
        const std::size_t space = text.rfind(' ', fits - 1);
        fits = space == std::string_view::npos || space == 0 ? headOf(text, fits * 9 / 10).size() : space;
      }
      fits = std::max<std::size_t>(fits, std::min<std::size_t>(1, text.size()));
      makeRoom(size * kLineHeight);
      m_y += size * kLineHeight;
      put(kMargin, m_y, 0, text.substr(0, fits), colour);
      text.remove_prefix(fits);
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    } while (!text.empty());
  }

  void addText(const std::string& text, double size, bool bold, const Colour& colour) {
    setFont(size, bold);
    addWrapped(text, size, colour);
  }

  /// The first column gets what the others leave.
  std::vector<double> widthsOf(const Table& table) {
    setFont(kSmall, true);
    std::vector<double> widths(table.header.size());
    const auto grow = [&](const std::vector<std::string>& row) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        widths[i] = std::max(widths[i], widthOf(row[i]) + 10);
      }
    };
    grow(table.header);
    std::for_each(table.rows.begin(), table.rows.end(), grow);
    double others = 0;
    for (std::size_t i = 1; i < widths.size(); ++i) {
      others += widths[i];
    }
    widths[0] = std::min(widths[0], std::max(80.0, kWidth - 2 * kMargin - others));
    return widths;
  }

  void addRow(const std::vector<std::string>& texts, const std::vector<double>& widths, std::size_t textColumns, bool bold) {
    makeRoom(kSmall * 1.6);
    setFont(kSmall, bold);
    m_y += kSmall * 1.6;
    double x = kMargin;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::string shown = texts[i];
      while (shown.size() > 4 && widthOf(shown) > widths[i] - 6) {
        // The end of a name tells more than its beginning.
        std::size_t cut = 4;
        while (cut < shown.size() && (static_cast<unsigned char>(shown[cut]) & 0xC0) == 0x80) {
          ++cut;
        }
        shown = "…" + shown.substr(cut);
      }
      const bool isText = i < textColumns;
      put(isText ? x : x + widths[i] - 6, m_y, isText ? 0 : 1, shown, bold ? kFaint : kInk);
      x += widths[i];
    }
    rule(kMargin, x, m_y + 3);
  }

  void rule(double from, double to, double y) {
    setColour(kRule);
    cairo_set_line_width(m_cairo.get(), 0.5);
    cairo_move_to(m_cairo.get(), from, y);
    cairo_line_to(m_cairo.get(), to, y);
    cairo_stroke(m_cairo.get());
  }

  std::string m_bytes;
  std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> m_surface;
  std::unique_ptr<cairo_t, void (*)(cairo_t*)> m_cairo;
  double m_y = kMargin;
  std::string m_point;
};

void PdfWriter::operator()(const LineChart& chart) {
  constexpr double kLeft = kMargin + 40, kRight = kWidth - kMargin;
  makeRoom(leastHeight(chart));
  const Axis axis = axisOf(chart);
  const auto layers = static_cast<double>(std::max<std::size_t>(1, layersOf(chart)));
  const double bottom = m_y + 8 + kPlotHeight;
  const auto x = [&](std::size_t layer) { return kLeft + (static_cast<double>(layer) + 0.5) * (kRight - kLeft) / layers; };
  const auto y = [&](double value) { return bottom - (value - axis.least) / (axis.greatest - axis.least) * kPlotHeight; };
  setFont(kSmall, false);
  for (const double value : axis.ticks()) {
    rule(kLeft, kRight, y(value));
    put(kLeft - 5, y(value) + 3, 1, shortNumber(value, m_point), kInk);
  }
  for (std::size_t layer = 0; layer < layersOf(chart); layer += layersOf(chart) / 24 + 1) {
    put(x(layer), bottom + 12, 0.5, fmt::format("{}", layer), kInk);
  }
  put(kLeft, bottom + 24, 0, chart.axis, kFaint);
  m_y = bottom + 28;
  for (std::size_t line = 0; line < chart.lines.size(); ++line) {
    cairo_new_path(m_cairo.get());
    bool pen = false;
    for (std::size_t layer = 0; layer < chart.lines[line].values.size(); ++layer) {
      const auto& value = chart.lines[line].values[layer];
      if (value) {
        pen ? cairo_line_to(m_cairo.get(), x(layer), y(*value)) : cairo_move_to(m_cairo.get(), x(layer), y(*value));
      }
      pen = value.has_value();
    }
    setColour(lineColour(line));
    cairo_set_line_width(m_cairo.get(), 1.5);
    cairo_stroke(m_cairo.get());
    m_y += 12;
    cairo_move_to(m_cairo.get(), kLeft, m_y - 3);
    cairo_line_to(m_cairo.get(), kLeft + 18, m_y - 3);
    cairo_stroke(m_cairo.get());
    put(kLeft + 24, m_y, 0, chart.lines[line].name, kInk);
  }
  m_y += 8;
}

void PdfWriter::operator()(const HeatMap& map) {
  constexpr double kLeft = kMargin + 62;
  makeRoom(leastHeight(map));
  const double cell = std::min(24.0, (kWidth - kMargin - kLeft) / static_cast<double>(std::max<std::size_t>(1, map.columns.size())));
  const HeatScale scale = scaleOf(map);
  setFont(kSmall, false);
  m_y += 12;
  put(kMargin, m_y, 0, map.title, kInk);
  m_y += 6;
  for (std::size_t row = 0; row < map.rows.size(); ++row, m_y += kHeatRow) {
    put(kLeft - 5, m_y + 9, 1, map.rows[row], kInk);
    for (std::size_t column = 0; column < map.columns.size(); ++column) {
      const auto& value = map.cells[row][column];
      cairo_rectangle(m_cairo.get(), kLeft + cell * static_cast<double>(column), m_y, cell - 0.7, kHeatRow - 0.7);
      if (value) {
        setColour(heatColour(scale.greatest == 0 ? 0 : *value / scale.greatest));
        cairo_fill(m_cairo.get());
      } else {
        setColour(kRule);
        cairo_set_line_width(m_cairo.get(), 0.5);
        cairo_stroke(m_cairo.get());
      }
    }
  }
  for (std::size_t column = 0; column < map.columns.size(); column += static_cast<std::size_t>(20 / cell) + 1) {
    put(kLeft + cell * (static_cast<double>(column) + 0.5), m_y + 9, 0.5, map.columns[column], kInk);
  }
  m_y += 22;
  put(kLeft + 10, m_y, 1, "0", kInk);
  for (int i = 0; i < 60; ++i) {
    setColour(heatColour(i / 59.0));
    cairo_rectangle(m_cairo.get(), kLeft + 14 + 1.5 * i, m_y - 7, 1.7, 8);
    cairo_fill(m_cairo.get());
  }
  put(kLeft + 110, m_y, 0, (scale.isClipped ? "≥ " : "") + shortNumber(scale.greatest, m_point), kInk);
  m_y += 8;
}

}  // namespace

Result<std::string> toPdf(const Document& document) {
  return PdfWriter().write(document);
}

}  // namespace layerloom::report
