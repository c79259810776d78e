// A bar on a terminal, for who waits; nothing anywhere else.
#pragma once

#include <cstddef>
#include <mutex>

namespace danelaw::cli {

class Progress final {
 public:
  explicit Progress(std::size_t total);
  ~Progress();  ///< takes the bar away
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// So many of all are done. Any thread.
  void show(std::size_t done);
  /// Makes room for a line of output; the next show() draws the bar again. Any thread.
  void clear();

 private:
  const std::size_t m_total;
  const bool m_wanted;
  std::mutex m_mutex;
};

}  // namespace danelaw::cli
