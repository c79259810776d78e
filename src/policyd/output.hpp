// What the program prints when it ends with an answer: --once, --help, --version. The tool has the same for itself, since neither
// sees more of the library than its public headers.
#pragma once

#include <string_view>

namespace danelaw::policyd {

/// `text` to standard output, at once. Throws a Failure with Exit::Undecided where it cannot be written.
void print_out(std::string_view text);

}  // namespace danelaw::policyd
