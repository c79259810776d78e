// Whom a transfer's TLS may be with: the server of its URL, and the HTTPS proxy that its options or the environment name.
#pragma once

#include "curl_contexts.hpp"
#include "curl_handles.hpp"

namespace danelaw::plugin {

/// As of now, so for the connection that libcurl is making. `port` is CURLOPT_PORT of this very handle, or 0.
CurlPeers read_peers(const CurlLibrary& library, CURL* easy, const CurlOptions& options, long port);

/// The proxy that libcurl takes for URLs of this scheme if CURLOPT_NOPROXY does not forbid it; no host where there is
/// none, or it is not one that TLS is spoken with.
danelaw_curl_peer https_proxy_for(const danelaw_curl_parser& parser, const std::string& scheme,
                                  const CurlOptions& options);

}  // namespace danelaw::plugin
