// The SSL_CTXs of our OpenSSL, and whom libcurl makes each of them for.
//
// libcurl may use another TLS library or another copy of OpenSSL, and hands its contexts to us as void*: only those that
// our OpenSSL has made are touched.
#pragma once

#include "danelaw/curl.h"

namespace danelaw::plugin {

/// Whom a connection may shake hands with; no host where that is unknown or there is none.
struct CurlPeers {
  danelaw_curl_peer url{};
  danelaw_curl_peer https_proxy{};
};

/// Has OpenSSL tell us of its contexts from now on. False where it has no memory.
bool watch_contexts() noexcept;

/// Does nothing where `ctx` is not ours.
void keep_peers(void* ctx, const CurlPeers& peers);
/// Null where none were kept.
const CurlPeers* peers_of(const SSL_CTX* ctx) noexcept;

/// For fork(): the child must not inherit a lock that nobody holds.
void lock_contexts();
void unlock_contexts();

}  // namespace danelaw::plugin
