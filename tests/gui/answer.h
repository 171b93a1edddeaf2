// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QTimer>
#include <functional>

namespace layerloom {

/// Answers the next dialog of that type, whenever it opens.
template <typename Dialog>
class Answer {
 public:
  explicit Answer(std::function<void(Dialog&)> answer) : m_answer(std::move(answer)) {
    m_timer.setInterval(5);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
      if (auto* dialog = qobject_cast<Dialog*>(QApplication::activeModalWidget())) {
        m_timer.stop();
        ++m_count;
        m_answer(*dialog);
      }
    });
    m_timer.start();
  }
  int count() const { return m_count; }

 private:
  std::function<void(Dialog&)> m_answer;
  QTimer m_timer;
  int m_count = 0;
};

}  // namespace layerloom
