// TLSA records from a file: one "usage selector matching-type hex" a line, `#` begins a comment.
#pragma once

#include <string>

#include "handles.hpp"

namespace danelaw::cli {

constexpr std::size_t max_records_file_octets = 16U << 20U;

/// Throws a Failure with Exit::Usage that names the file and, where a line is bad, the line.
[[nodiscard]] Records read_records_file(const std::string& path);

}  // namespace danelaw::cli
