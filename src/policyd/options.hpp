// The command line.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace danelaw::policyd {

struct Options {
  std::optional<std::string>
      configuration;  ///< nothing: the default file, or the defaults where there is none
  std::optional<std::string> once;
  bool json = false;
  bool check = false;
  /// "key=value" for the main section or, with "policyd.", for [policyd]; they go before the file's.
  std::vector<std::string> settings;
};
struct ShowText {
  std::string text;
};

/// Throws Failure with Exit::Usage.
[[nodiscard]] std::variant<Options, ShowText> parse_command_line(int argc, const char* const* argv);

}  // namespace danelaw::policyd
