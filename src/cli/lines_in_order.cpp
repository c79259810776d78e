#include "lines_in_order.hpp"

#include <utility>

#include "terminal.hpp"

namespace danelaw::cli {

LinesInOrder::LinesInOrder(std::size_t count) : m_lines(count), m_progress(count) {}

void LinesInOrder::put(std::size_t index, std::string line) {
  const std::lock_guard lock(m_mutex);
  m_lines[index] = std::move(line);
  ++m_done;
  if (m_lines[m_next]) m_progress.clear();
  for (; m_next < m_lines.size() && m_lines[m_next]; ++m_next) {
    print_out(*m_lines[m_next]);
    m_lines[m_next]->clear();
    m_lines[m_next]->shrink_to_fit();
  }
  m_progress.show(m_done);
}

}  // namespace danelaw::cli
