// Where things stay that can be neither used nor destroyed any more: a parent process's, after a fork, because its locks
// may be held for ever; and what held descriptors that the host has closed, because its end would close the host's.
#pragma once

#include <memory>

namespace danelaw::dns {

/// Keeps `thing` as long as the process, where a leak checker sees it. Without a lock: that might itself be held for ever.
void leave_behind(std::shared_ptr<const void> thing);

}  // namespace danelaw::dns
