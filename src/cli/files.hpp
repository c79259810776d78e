// Files that are read or written whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace danelaw::cli {

/// Throws a Failure with Exit::Usage where the file cannot be read, or is longer than `most` octets; it is then asked
/// whether it is `what`.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t most, const char* what);

/// The file is there as a whole, or as it was before: the octets go to a new file beside it that then takes its place. What is no
/// ordinary file is written to as it stands. Throws a Failure with Exit::Usage.
void write_file(const std::string& path, std::span<const std::uint8_t> octets);

}  // namespace danelaw::cli
