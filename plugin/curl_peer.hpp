#pragma once
#include <openssl/ssl.h>
#include "peer.hpp"
namespace danelaw::plugin {
void watch_curl() noexcept;
enum class CurlSays { NotCurl, Unknown, Known };
CurlSays ask_curl(const SSL* ssl, Peer& peer);
}  // namespace danelaw::plugin
