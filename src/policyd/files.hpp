// Small files that are written as a whole or not at all.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

namespace danelaw::policyd {

/// Names that begin so are half-written files of a process that is gone.
inline constexpr const char* unfinished_prefix = ".new-";

/// The file is replaced in one step: whoever reads it sees the old one or the new one, also after a power cut. False with
/// errno where it cannot be.
bool replace_file(const std::string& directory, const std::string& name, std::string_view text, mode_t mode);

/// Nothing where it cannot be read, is no regular file, or is longer than `most` octets.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path, std::size_t most);

}  // namespace danelaw::policyd
