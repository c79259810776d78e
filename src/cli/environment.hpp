// The environment that a program will be started with, apart from our own.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace danelaw::cli {

class Environment final {
 public:
  /// A copy of our own.
  [[nodiscard]] static Environment own();

  [[nodiscard]] std::optional<std::string> get(const std::string& name) const;
  void set(const std::string& name, const std::string& value);
  void unset(const std::string& name);

  /// For exec: null-terminated; good until this changes.
  [[nodiscard]] std::vector<char*> pointers();

 private:
  std::vector<std::string> m_entries;  // "NAME=value"
};

}  // namespace danelaw::cli
