// Random choices that are the same again for the same seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

namespace differential {

class Dice final {
 public:
  explicit Dice(std::uint64_t seed) : m_random(seed) {}

  /// 0 … count - 1.
  std::size_t below(std::size_t count) { return m_random() % count; }
  bool one_in(std::size_t count) { return below(count) == 0; }

  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }
  template <class T>
  T of(std::initializer_list<T> all) {
    return *(all.begin() + below(all.size()));
  }

 private:
  std::mt19937_64 m_random;
};

}  // namespace differential
