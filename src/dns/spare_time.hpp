// Work in spare time, which nobody waits for and nothing may suffer from: the process may end at any moment, and what OpenSSL and
// others have is taken down then, under a thread that still uses it. So exit() waits a little for what is to be done, then for what is
// going on, and nothing new begins.
#pragma once

namespace danelaw::dns {

class SpareTime final {
 public:
  SpareTime();
  ~SpareTime();
  SpareTime(const SpareTime&) = delete;
  SpareTime& operator=(const SpareTime&) = delete;

  /// False where the process is ending, or somebody else has it: then nothing is to be done.
  explicit operator bool() const { return m_given; }

  /// So many pieces of work more are to be done, or fewer.
  static void expect(int more);

 private:
  bool m_given = false;
};

}  // namespace danelaw::dns
