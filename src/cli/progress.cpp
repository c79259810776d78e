#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace danelaw::cli {

Progress::Progress(std::size_t total) : m_total(total), m_wanted(total > 1 && isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() { clear(); }

void Progress::show(std::size_t done) {
  if (!m_wanted) return;
  constexpr std::size_t width = 40;
  const std::size_t filled = width * done / m_total;
  const std::lock_guard lock(m_mutex);
  fmt::print(stderr, "\r[{:#<{}}{:.<{}}] {}/{}", "", filled, "", width - filled, done, m_total);
  std::fflush(stderr);
}

void Progress::clear() {
  if (!m_wanted) return;
  const std::lock_guard lock(m_mutex);
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

}  // namespace danelaw::cli
