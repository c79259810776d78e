// Text for people: what is safe to print, and colour where a terminal asks for it.
//
// Names, replies and certificates come from strangers: everything printed passes printable(), so that nobody
// steers the terminal.
#pragma once

#include <string>
#include <string_view>

#include "danelaw/danelaw.h"

namespace danelaw::cli {

/// `text` with every control character and every octet that is no UTF-8 written as \xNN.
[[nodiscard]] std::string printable(std::string_view text);

/// Hex data that no line has room for, cut in the middle: "3 0 0 308202a1... (1204 octets)".
[[nodiscard]] std::string shortened_record(std::string_view text);

enum class Colour { Plain, Bold, Green, Red, Yellow };

/// `text` in the colour, where standard output is a terminal and NO_COLOR is not set.
[[nodiscard]] std::string coloured(Colour colour, std::string_view text);

[[nodiscard]] Colour colour_of(danelaw_decision decision);

void print_out(std::string_view text);         ///< to standard output, as it is
void print_error_line(std::string_view text);  ///< "danelaw: text" to standard error

/// Hands to the system what print_out() has kept. False where that or anything before it could not be written: the disk is full,
/// or the reader is gone.
[[nodiscard]] bool flush_out();

}  // namespace danelaw::cli
