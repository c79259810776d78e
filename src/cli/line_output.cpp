#include "line_output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "os/system_errors.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

/// A terminal that has hung up errs whatever it is asked; a disk that errs answers that it is no terminal.
bool is_hung_up_terminal() { return isatty(STDOUT_FILENO) == 0 && errno == EIO; }

}  // namespace

void LineOutput::put(std::string_view lines) {
  if (lines.empty() || m_reader_is_gone) return;
  const std::string text = (m_is_cut ? "\n" : "") + std::string(lines);
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      if (rest.size() < text.size()) m_is_cut = text[text.size() - rest.size() - 1] != '\n';
      return fail(error);
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  m_is_cut = false;
  m_is_failing = false;
}

bool LineOutput::reader_is_gone() {
  if (!m_reader_is_gone && is_hung_up_terminal()) give_up(EIO);
  return m_reader_is_gone;
}

void LineOutput::give_up(int error) {
  if (m_reader_is_gone.exchange(true)) return;
  print_error_line(
      fmt::format("standard output could not be written ({}): the watch ends", text_of_error(error)));
}

void LineOutput::fail(int error) {
  if (error == EPIPE || (error == EIO && is_hung_up_terminal())) return give_up(error);
  if (m_is_failing) return;
  m_is_failing = true;
  print_error_line(
      fmt::format("standard output could not be written ({}): the watch goes on; what it tells until that "
                  "has passed is lost",
                  text_of_error(error)));
}

}  // namespace danelaw::cli
