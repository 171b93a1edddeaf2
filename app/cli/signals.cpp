// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/signals.h"

#include <atomic>
#include <csignal>
#include <functional>
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

/// The signals to act on; one that the parent had ignored (nohup, a job in the background of a script) stays ignored.
sigset_t watchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGUSR1, SIGUSR2}) {
    if (!isIgnored(number)) {
      sigaddset(&set, number);
    }
  }
  return set;
}

void waitForSignals(sigset_t set, std::stop_source stop, PauseSwitch& pause) {
  int number = 0;
  while (sigwait(&set, &number) == 0) {
    if (number == SIGUSR1) {
      pause.pause();
    } else if (number == SIGUSR2) {
      pause.goOn();
    } else {
      break;
    }
  }
  g_received.store(number);
  stop.request_stop();
  // From here on the signals have their default action in this thread, which ends the whole process.
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  for (;;) {
    ::pause();
  }
}

}  // namespace

void watchSignals(std::stop_source stop, PauseSwitch& pause) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const sigset_t set = watchedSignals();
  // Blocked in all threads, which inherit this mask, and taken by the one that waits for them: no code runs in a signal
  // handler.
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::thread(waitForSignals, set, std::move(stop), std::ref(pause)).detach();
}

int receivedSignal() noexcept {
  return g_received.load();
}

}  // namespace layerloom
