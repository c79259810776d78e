// Whom libcurl's handshakes are with: asked of libcurl itself, in programs that know nothing of us.
//
// The calls that start and end transfers go through slots of the loaded objects (curl_slots.hpp). We put functions of ours
// there, which set CURLOPT_SSL_CTX_FUNCTION for the time of the transfer. That function sees the transfer and the SSL_CTX
// of each connection together, and keeps with the SSL_CTX whom the URL names. The service is the URL's host and port
// (RFC 6698 section 3), whatever address, tunnel or alternative the connection takes; the rules are those of
// danelaw/curl.h.
//
// An application's own CURLOPT_SSL_CTX_FUNCTION is called from ours and back in its place afterwards. A handle whose
// function we cannot know, because it was made before its libcurl was watched, is left alone.
//
// Not seen: a libcurl that is part of the program (static), and functions that were found by dlsym().
#pragma once

#include "danelaw/openssl.h"
#include "peer.hpp"

namespace danelaw::plugin {

/// Has every libcurl that is loaded by now tell us what it connects to. Cheap when repeated; called when the plugin is
/// loaded, and whenever an SSL_CTX is made. The libcurls of the first call must not have been used yet.
void watch_curl() noexcept;

enum class CurlSays { NotCurl, Unknown, Known };

/// What libcurl connects `ssl` to: NotCurl where `ssl` is none of a watched transfer. Known writes `peer`.
CurlSays ask_curl(const SSL* ssl, Peer& peer);

}  // namespace danelaw::plugin
