// The file of pins on disk. Nothing here waits longer than some milliseconds for other processes.
#pragma once

#include <sys/stat.h>

#include <functional>
#include <optional>
#include <string>

#include "service/pins.hpp"

namespace danelaw::service {

/// Tells one version of a file from the next; equal to itself only.
struct FileVersion {
  ino_t inode = 0;
  off_t octets = 0;
  timespec changed{};
  friend bool operator==(const FileVersion& a, const FileVersion& b) {
    return a.inode == b.inode && a.octets == b.octets && a.changed.tv_sec == b.changed.tv_sec &&
           a.changed.tv_nsec == b.changed.tv_nsec;
  }
};
/// Nothing where there is no file.
[[nodiscard]] std::optional<FileVersion> version_of(const std::string& path);

/// Nothing where it cannot be read, or is no regular file of pins.
[[nodiscard]] std::optional<Pins> read_pin_file(const std::string& path);

/// Reads the file (one that is none counts as empty), has `change` change it and puts it in its place, while other
/// processes that do the same wait. What stands there now; nothing where it could not be written.
[[nodiscard]] std::optional<Pins> change_pin_file(const std::string& path,
                                                  const std::function<void(Pins&)>& change);

}  // namespace danelaw::service
