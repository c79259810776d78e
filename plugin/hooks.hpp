// Every SSL_CTX and SSL of the process: attached when it is made, named when its handshake starts.
//
// Nothing of libssl is replaced: the new-functions of two ex_data indexes are told of each object. SSL_CTXs of the
// resolver, of servers and of programs that do their own DANE are left to themselves (hook/ knows them).
#pragma once

namespace danelaw::plugin {

/// From now on, once. False where there is no memory for it.
bool hook_openssl() noexcept;

}  // namespace danelaw::plugin
