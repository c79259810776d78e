// A client's TLS handshake on a descriptor that does not block.
#pragma once

#include "handles.hpp"
#include "wire.hpp"

namespace danelaw::cli {

/// Ends by the deadline of the wire's step. Throws a WireError.
void shake_hands(SSL& ssl, Wire& wire);

}  // namespace danelaw::cli
