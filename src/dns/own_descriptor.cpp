#include "dns/own_descriptor.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace danelaw::dns {

OwnDescriptor::OwnDescriptor(int fd) : m_fd(fd) {
  struct stat now {};
  if (fstat(m_fd, &now) != 0) return;
  m_device = now.st_dev;
  m_inode = now.st_ino;
}

OwnDescriptor::~OwnDescriptor() {
  if (is_ours()) close(m_fd);
}

bool OwnDescriptor::is_ours() const {
  struct stat now {};
  return fstat(m_fd, &now) == 0 && now.st_dev == m_device && now.st_ino == m_inode;
}

}  // namespace danelaw::dns
