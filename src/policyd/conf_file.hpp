// A file in OpenSSL's form (config(5ssl)), as sections of lines. Nothing here knows a setting.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace danelaw::policyd {

struct ConfLine {
  std::string name;
  std::string value;
};
/// By name; what stands before any other section is the section "default".
using ConfSections = std::map<std::string, std::vector<ConfLine>>;

/// `origin` is for people. Throw Failure with Exit::Usage.
[[nodiscard]] ConfSections read_conf_file(const std::string& path);
[[nodiscard]] ConfSections read_conf_text(const std::string& text, const std::string& origin);

}  // namespace danelaw::policyd
