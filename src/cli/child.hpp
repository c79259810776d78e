// A program that we start, watch and end: nothing of it outlives the Child.
//
// It gets a process group of its own, no input, and a pipe for what it says, of which the beginning is kept.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "environment.hpp"

namespace danelaw::cli {

class Child final {
 public:
  /// Throws a Failure with Exit::CannotRun where it cannot be started. `program` is a path.
  Child(const std::string& program, const std::vector<std::string>& arguments, Environment environment);
  /// Kills what is left of its process group, and reaps it.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// The status of waitpid(2) once it has ended. Does not wait.
  [[nodiscard]] std::optional<int> status();
  /// Waits for it; nothing where it is still running after `timeout`.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds timeout);

  /// What it has said so far on both outputs, at most `max_said_octets`.
  [[nodiscard]] const std::string& said() const { return m_said; }

 private:
  static constexpr std::size_t max_said_octets = 4096;
  static constexpr int max_reads_at_once = 64;

  void drain();

  int m_output = -1;
  pid_t m_process = -1;
  std::optional<int> m_status;
  std::string m_said;
};

/// "exit 1", "killed by signal 9".
[[nodiscard]] std::string status_text(int status);

/// The first line of `text` that is not empty.
[[nodiscard]] std::string first_line(const std::string& text);

/// Where execvp(3) would find `command`. Throws a Failure with Exit::NotFound or Exit::CannotRun.
[[nodiscard]] std::string find_command(const std::string& command);

/// Throws a Failure with Exit::CannotRun where the program runs with other rights than its caller's: then it takes
/// nothing from its caller's environment.
void refuse_raised_rights(const std::string& program);

/// Our own executable.
[[nodiscard]] std::string own_executable();

}  // namespace danelaw::cli
