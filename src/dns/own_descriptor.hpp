// A descriptor that we opened in a process whose numbers are not ours alone: the host may close every one of them and
// open its own files under the same numbers. Before each use we look whether the number still means what we opened.
//
// Only for what has an inode of its own: sockets and pipes. Eventfds, timerfds and epoll descriptors share one.
#pragma once

#include <sys/types.h>

namespace danelaw::dns {

class OwnDescriptor final {
 public:
  explicit OwnDescriptor(int fd);
  ~OwnDescriptor();  ///< closes what is still ours and nothing else
  OwnDescriptor(const OwnDescriptor&) = delete;
  OwnDescriptor& operator=(const OwnDescriptor&) = delete;

  [[nodiscard]] int number() const { return m_fd; }
  [[nodiscard]] bool is_ours() const;

 private:
  const int m_fd;
  dev_t m_device = 0;
  ino_t m_inode = 0;
};

}  // namespace danelaw::dns
