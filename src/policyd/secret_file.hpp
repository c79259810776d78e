// Files that hold a secret: keys, a password.
#pragma once

#include <string>

namespace danelaw::policyd {

/// What stands in a small file that only its owner, and perhaps a group, may read: without the line's end. It belongs to root or to
/// this user and is no symbolic link. Throws Failure with Exit::Usage, which names the file and what is wrong with it.
[[nodiscard]] std::string read_secret(const std::string& path);

}  // namespace danelaw::policyd
