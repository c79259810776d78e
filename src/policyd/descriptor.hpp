// Owner of a file descriptor. Nothing but lifetime.
#pragma once

#include <unistd.h>

#include <utility>

namespace danelaw::policyd {

class Descriptor final {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : m_number(number) {}
  Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(m_number, other.m_number);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (m_number >= 0) close(m_number);
  }

  [[nodiscard]] int get() const { return m_number; }
  [[nodiscard]] bool is_open() const { return m_number >= 0; }

 private:
  int m_number = -1;
};

}  // namespace danelaw::policyd
