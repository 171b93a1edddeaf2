// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/support/file.h"

extern char** environ;

namespace layerloom::bench {
namespace {

constexpr std::uint64_t kErrorTextLimit = 1 << 20;
constexpr std::size_t kShownErrorBytes = 2000;

double secondsOf(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

/// What a program finds as its standard input, output and error.
class Redirections {
 public:
  Redirections(const std::filesystem::path& errorFile, int output) {
    posix_spawn_file_actions_init(&m_actions);
    posix_spawn_file_actions_addopen(&m_actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (output < 0) {
      posix_spawn_file_actions_addopen(&m_actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    } else {
      posix_spawn_file_actions_adddup2(&m_actions, output, STDOUT_FILENO);
    }
    posix_spawn_file_actions_addopen(&m_actions, STDERR_FILENO, errorFile.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  }
  Redirections(const Redirections&) = delete;
  Redirections& operator=(const Redirections&) = delete;
  ~Redirections() { posix_spawn_file_actions_destroy(&m_actions); }

  const posix_spawn_file_actions_t* get() const { return &m_actions; }

 private:
  posix_spawn_file_actions_t m_actions{};
};

}  // namespace

Result<Child> Child::start(const std::vector<std::string>& command, const std::filesystem::path& errorFile, bool readsLines) {
  std::array<int, 2> pipe = {-1, -1};
  if (readsLines && ::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return ioError(fmt::format("a pipe cannot be made: {}", std::generic_category().message(errno)));
  }
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const Redirections redirections(errorFile, pipe[1]);
  Child child;
  child.m_lines = pipe[0];
  child.m_start = Clock::now();
  const int code = ::posix_spawnp(&child.m_pid, arguments[0], redirections.get(), nullptr, arguments.data(), environ);
  if (pipe[1] >= 0) {
    ::close(pipe[1]);
  }
  if (code != 0) {
    child.m_pid = -1;
    return ioError(fmt::format("{} cannot be started: {}", command.front(), std::generic_category().message(code)));
  }
  return child;
}

Child::Child(Child&& other) noexcept
    : m_pid(std::exchange(other.m_pid, -1)),
      m_lines(std::exchange(other.m_lines, -1)),
      m_buffer(std::move(other.m_buffer)),
      m_start(other.m_start) {}

Child::~Child() {
  if (m_pid > 0) {
    ::kill(m_pid, SIGKILL);
    wait();
  }
  if (m_lines >= 0) {
    ::close(m_lines);
  }
}

std::optional<std::string> Child::readLine() {
  for (;;) {
    if (const std::size_t end = m_buffer.find('\n'); end != std::string::npos) {
      std::string line = m_buffer.substr(0, end);
      m_buffer.erase(0, end + 1);
      return line;
    }
    std::array<char, 4096> piece{};
    const ssize_t count = ::read(m_lines, piece.data(), piece.size());
    if (count <= 0) {
      return std::nullopt;
    }
    m_buffer.append(piece.data(), static_cast<std::size_t>(count));
  }
}

void Child::interrupt() {
  ::kill(m_pid, SIGINT);
}

ChildResult Child::wait() {
  int status = 0;
  rusage usage{};
  while (::wait4(m_pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  m_pid = -1;
  ChildResult result;
  result.seconds = std::chrono::duration<double>(Clock::now() - m_start).count();
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.cpuSeconds = secondsOf(usage.ru_utime) + secondsOf(usage.ru_stime);
  result.peakBytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  return result;
}

Error failure(const std::vector<std::string>& command, int status, const std::filesystem::path& errorFile) {
  std::string said = readTextFile(errorFile, kErrorTextLimit).value_or("");
  if (said.size() > kShownErrorBytes) {
    said.erase(0, said.size() - kShownErrorBytes);
  }
  return {ErrorKind::Refused, fmt::format("{}\nended with status {}\n{}", fmt::join(command, " "), status, said), {}};
}

Result<ChildResult> run(const std::vector<std::string>& command, const std::filesystem::path& errorFile) {
  LAYERLOOM_TRY(Child child, Child::start(command, errorFile));
  const ChildResult result = child.wait();
  if (result.status != 0) {
    return tl::unexpected(failure(command, result.status, errorFile));
  }
  return result;
}

}  // namespace layerloom::bench
