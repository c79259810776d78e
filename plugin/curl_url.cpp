#include "curl_url.hpp"

#include <cstdlib>
#include <memory>

namespace danelaw::plugin {
namespace {

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}
char upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

template <typename Change>
std::string each(std::string text, Change change) {
  for (char& letter : text) letter = change(letter);
  return text;
}

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || value[0] == '\0') return std::nullopt;
  return value;
}

/// libcurl's own order. HTTP_PROXY is not asked for, because a request can set it in CGI programs.
std::optional<std::string> environment_proxy(const std::string& scheme) {
  const std::string name = scheme + "_proxy";
  auto proxy = environment(name);
  if (!proxy && name != "http_proxy") proxy = environment(each(name, upper));
  if (!proxy) proxy = environment("all_proxy");
  if (!proxy) proxy = environment("ALL_PROXY");
  return proxy;
}

struct UrlText {
  const danelaw_curl_parser& parser;
  void operator()(char* text) const { parser.release(text); }
};
struct Url {
  const danelaw_curl_parser& parser;
  void operator()(CURLU* url) const { parser.cleanup(url); }
};

/// A part of a URL as it stands there; nothing where it is missing.
std::optional<std::string> part_of(const danelaw_curl_parser& parser, const std::string& url,
                                   CURLUPart part) {
  const std::unique_ptr<CURLU, Url> parsed(parser.make(), Url{parser});
  constexpr unsigned flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS;
  if (!parsed || parser.set(parsed.get(), CURLUPART_URL, url.c_str(), flags) != CURLUE_OK)
    return std::nullopt;
  char* text = nullptr;
  if (parser.get(parsed.get(), part, &text, 0) != CURLUE_OK || text == nullptr) return std::nullopt;
  const std::unique_ptr<char, UrlText> owned(text, UrlText{parser});
  return text;
}

/// "https://…" where TLS is spoken with the proxy; nothing where it is not.
std::optional<std::string> https_url_of(const std::string& proxy, long type) {
  constexpr long https2 = 3;  // CURLPROXY_HTTPS2 of libcurl 8.1
  if (proxy.find("://") == std::string::npos) {
    if (type != CURLPROXY_HTTPS && type != https2) return std::nullopt;
    return "https://" + proxy;
  }
  if (each(proxy.substr(0, 8), lower) != "https://") return std::nullopt;
  return proxy;
}

/// CURLOPT_PORT goes before the port of the first URL. Which redirects it still holds for cannot be seen.
void apply_port(const CurlLibrary& library, CURL* easy, long port, danelaw_curl_peer& peer) {
  if (port == 0) return;
  long redirects = 0;
  const bool first =
      library.easy_getinfo(easy, CURLINFO_REDIRECT_COUNT, &redirects) == CURLE_OK && redirects == 0;
  if (!first) peer.host[0] = '\0';
  peer.port = static_cast<unsigned>(port);
}

}  // namespace

danelaw_curl_peer https_proxy_for(const danelaw_curl_parser& parser, const std::string& scheme,
                                  const CurlOptions& options) {
  danelaw_curl_peer peer{};
  const auto proxy = options.proxy ? options.proxy : environment_proxy(scheme);
  if (!proxy || proxy->empty()) return peer;
  const auto url = https_url_of(*proxy, options.proxy_type);
  if (!url || danelaw_curl_read_url(&parser, url->c_str(), &peer) == 0) return peer;
  if (options.proxy_port != 0 && !part_of(parser, *url, CURLUPART_PORT))
    peer.port = static_cast<unsigned>(options.proxy_port);
  return peer;
}

CurlPeers read_peers(const CurlLibrary& library, CURL* easy, const CurlOptions& options, long port) {
  CurlPeers peers;
  const char* url = nullptr;
  if (library.easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url) != CURLE_OK || url == nullptr) return peers;
  if (danelaw_curl_read_url(&library.url, url, &peers.url) != 0) apply_port(library, easy, port, peers.url);
  const auto scheme = part_of(library.url, url, CURLUPART_SCHEME);
  if (scheme) peers.https_proxy = https_proxy_for(library.url, *scheme, options);
  return peers;
}

}  // namespace danelaw::plugin
