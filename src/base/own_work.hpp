// What this thread does for us and not for the host: our resolver's own TLS, our scratch contexts. An SSL_CTX that is
// made meanwhile is nobody's to hook.
#pragma once

namespace danelaw {

class OwnWork final {
 public:
  OwnWork() { ++depth(); }
  ~OwnWork() { --depth(); }
  OwnWork(const OwnWork&) = delete;
  OwnWork& operator=(const OwnWork&) = delete;

  /// True while one lives in this thread.
  [[nodiscard]] static bool in_progress() { return depth() > 0; }

 private:
  static int& depth() {
    static thread_local int lives = 0;
    return lives;
  }
};

}  // namespace danelaw
