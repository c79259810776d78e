// What is found out about many things in any order, and printed in the order in which they were named, as soon as it can be.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "progress.hpp"

namespace danelaw::cli {

class LinesInOrder final {
 public:
  explicit LinesInOrder(std::size_t count);

  /// Any thread, once for each index. The bar on a terminal makes way.
  void put(std::size_t index, std::string line);

 private:
  std::mutex m_mutex;
  std::vector<std::optional<std::string>> m_lines;
  std::size_t m_next = 0;
  std::size_t m_done = 0;
  Progress m_progress;
};

}  // namespace danelaw::cli
