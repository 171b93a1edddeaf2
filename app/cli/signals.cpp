// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/signals.h"

#include <atomic>
#include <csignal>
#include <pthread.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace layerloom {
namespace {

std::atomic<int> g_received = 0;

bool isIgnored(int number) {
  struct sigaction action {};
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// The signals to stop on; one that the parent had ignored (nohup, a job in the background of a script) stays ignored.
sigset_t stopSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM}) {
    if (!isIgnored(number)) {
      sigaddset(&set, number);
    }
  }
  return set;
}

void waitForSignals(sigset_t set, std::stop_source stop) {
  int number = 0;
  if (sigwait(&set, &number) != 0) {
    return;
  }
  g_received.store(number);
  stop.request_stop();
  // From here on the signals have their default action in this thread, which ends the whole process.
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  for (;;) {
    pause();
  }
}

}  // namespace

void watchSignals(std::stop_source stop) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const sigset_t set = stopSignals();
  // Blocked in all threads, which inherit this mask, and taken by the one that waits for them: no code runs in a signal
  // handler.
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::thread(waitForSignals, set, std::move(stop)).detach();
}

int receivedSignal() noexcept {
  return g_received.load();
}

}  // namespace layerloom
