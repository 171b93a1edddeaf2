// SPDX-FileCopyrightText: 2026 The Layerloom developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace layerloom {

/// What kind of fault an Error reports; the command line's exit status follows from it.
enum class ErrorKind {
  Refused,  ///< a recipe, model or option that cannot be accepted; nothing was written (status 2)
  Io,       ///< reading or writing failed: disk full, file unreadable, file changed meanwhile (status 3)
  Defect,   ///< a broken invariant of this program (status 1)
};

/// Refusals that a program which runs merges has an answer of its own to.
enum class RefusalReason {
  None,         ///< any other fault
  NonFinite,    ///< a model holds NaN or infinite numbers
  Interrupted,  ///< an earlier merge into the folder was interrupted
  OtherMerge,   ///< it was to resume another merge
};

/// A fault as a value: `message` names the file, line or tensor and what is wrong with it, `remedy` says what to do about
/// it (may be empty). Both are plain English without a final full stop; text that came out of a file is escaped.
struct Error {
  ErrorKind kind = ErrorKind::Refused;
  std::string message;
  std::string remedy;
  RefusalReason reason = RefusalReason::None;
};

/// A value or an Error. Cancelling is no error: functions that can be cancelled return a value that says so.
template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

/// Makes the failed Result: `return refused("file: what is wrong", "what to do");`
inline tl::unexpected<Error> refused(std::string message, std::string remedy = {}, RefusalReason reason = RefusalReason::None) {
  return tl::unexpected<Error>(Error{ErrorKind::Refused, std::move(message), std::move(remedy), reason});
}
inline tl::unexpected<Error> ioError(std::string message, std::string remedy = {}) {
  return tl::unexpected<Error>(Error{ErrorKind::Io, std::move(message), std::move(remedy)});
}
inline tl::unexpected<Error> defect(std::string message) {
  return tl::unexpected<Error>(Error{ErrorKind::Defect, std::move(message), {}});
}

}  // namespace layerloom

/// Binds the value of a Result to a new variable, or returns its Error from the enclosing function.
#define LAYERLOOM_TRY(declaration, expression)                          \
  LAYERLOOM_TRY_IMPL(declaration, expression, LAYERLOOM_JOIN(result_, __LINE__))
/// Returns the Error of a Status from the enclosing function; goes on when there is none.
#define LAYERLOOM_CHECK(expression)                                     \
  do {                                                                  \
    if (auto status_ = (expression); !status_.has_value()) {            \
      return tl::unexpected(std::move(status_).error());                \
    }                                                                   \
  } while (false)
#define LAYERLOOM_JOIN_IMPL(a, b) a##b
#define LAYERLOOM_JOIN(a, b) LAYERLOOM_JOIN_IMPL(a, b)
#define LAYERLOOM_TRY_IMPL(declaration, expression, name)               \
  auto name = (expression);                                             \
  if (!name.has_value()) {                                              \
    return tl::unexpected(std::move(name).error());                     \
  }                                                                     \
  declaration = std::move(name).value()
