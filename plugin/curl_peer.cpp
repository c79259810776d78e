#include "curl_peer.hpp"
namespace danelaw::plugin {
void watch_curl() noexcept {}
CurlSays ask_curl(const SSL*, Peer&) { return CurlSays::NotCurl; }
}  // namespace danelaw::plugin
