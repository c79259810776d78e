// Sockets that were opened for us (sd_listen_fds(3)): the protocol is three environment variables.
#pragma once

#include <string>
#include <vector>

#include "descriptor.hpp"

namespace danelaw::policyd {

struct GivenSocket {
  Descriptor descriptor;
  std::string name;  ///< FileDescriptorName= of the .socket unit; "" where it has none
};

/// The listening stream sockets that this process was given; nothing where the variables are for another process. The
/// variables are removed, so that no child takes them for its own. Throws Failure for what is no listening stream socket.
[[nodiscard]] std::vector<GivenSocket> take_given_sockets();

/// Tells whoever started us (sd_notify(3)): "READY=1", "RELOADING=1", "STOPPING=1". Nothing where nobody wants to know.
void notify(const std::string& state);

}  // namespace danelaw::policyd
