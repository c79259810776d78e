#include "line_output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "terminal.hpp"

namespace danelaw::cli {

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

void LineOutput::fail(int error) {
  const std::string why = std::system_category().message(error);
  if (error == EPIPE) {
    m_reader_is_gone = true;
    print_error_line(fmt::format("standard output could not be written ({}): the watch ends", why));
  } else if (!m_is_failing) {
    m_is_failing = true;
    print_error_line(
        fmt::format("standard output could not be written ({}): the watch goes on; what it tells until that "
                    "has passed is lost",
                    why));
  }
}

}  // namespace danelaw::cli
