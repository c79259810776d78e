// Standard output of a program that goes on: a fault of it passes, its reader's end does not.
//
// A disk that is full for a moment, or errs, costs the lines of that moment and no more. Who has read a pipe and is gone, and a
// terminal that has hung up, do not come back. Past stdio, which cannot say how much of a line got out.
#pragma once

#include <atomic>
#include <string_view>

namespace danelaw::cli {

class LineOutput final {
 public:
  /// Writes whole lines at once. What prevents that is told on standard error one time, and again where it comes anew. One thread at
  /// a time.
  void put(std::string_view lines);
  /// True once nobody will ever read again; put() does nothing then. Of a terminal that is noticed also where there is nothing to
  /// write, and told once. Any thread.
  [[nodiscard]] bool reader_is_gone();

 private:
  void fail(int error);
  void give_up(int error);

  std::atomic<bool> m_reader_is_gone = false;
  bool m_is_failing = false;
  bool m_is_cut = false;  // half a line is out: the next one shall not go on with it
};

}  // namespace danelaw::cli
