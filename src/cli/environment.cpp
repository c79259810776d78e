#include "environment.hpp"

#include <unistd.h>

#include <algorithm>

namespace danelaw::cli {

Environment Environment::own() {
  Environment copy;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    copy.m_entries.emplace_back(*entry);
  return copy;
}

std::optional<std::string> Environment::get(const std::string& name) const {
  const std::string prefix = name + "=";
  const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                  [&](const std::string& entry) { return entry.starts_with(prefix); });
  if (found == m_entries.end()) return std::nullopt;
  return found->substr(prefix.size());
}

void Environment::set(const std::string& name, const std::string& value) {
  unset(name);
  m_entries.push_back(name + "=" + value);
}

void Environment::unset(const std::string& name) {
  std::erase_if(m_entries, [&](const std::string& entry) { return entry.starts_with(name + "="); });
}

std::vector<char*> Environment::pointers() {
  std::vector<char*> pointers;
  for (std::string& entry : m_entries) pointers.push_back(entry.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace danelaw::cli
