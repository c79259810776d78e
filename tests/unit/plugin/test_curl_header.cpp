// danelaw/curl.h: the rules from URL to service, and transfers of an application that uses it.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "curl_servers.hpp"
#include "danelaw/curl.h"

using curl_test::Server;
using curl_test::Speaks;

namespace {

std::string in_words(const danelaw_curl_peer* peer) {
  return peer == nullptr || peer->host[0] == '\0' ? "" : peer->host + (":" + std::to_string(peer->port));
}

std::string service_of(const std::string& url) {
  const danelaw_curl_parser parser = danelaw_curl_linked_parser();
  danelaw_curl_peer peer;
  const int read = danelaw_curl_read_url(&parser, url.c_str(), &peer);
  CHECK(read == (peer.host[0] == '\0' ? 0 : 1));
  return in_words(&peer);
}

danelaw_curl_peer peer_named(const std::string& host, unsigned port) {
  danelaw_curl_peer peer{};
  host.copy(peer.host, sizeof peer.host - 1);
  peer.port = port;
  return peer;
}

struct Free {
  void operator()(danelaw_settings* settings) const { danelaw_settings_free(settings); }
  void operator()(danelaw_resolver* resolver) const { danelaw_resolver_free(resolver); }
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// An application that enforces DANE, and the services of which it was told verdicts. Nothing is looked up.
struct Application {
  explicit Application(const char* mode) : settings(danelaw_settings_new()) {
    REQUIRE(danelaw_settings_set(settings.get(), "never_asked", "example", nullptr) == DANELAW_OK);
    REQUIRE(danelaw_settings_set(settings.get(), "mode", mode, nullptr) == DANELAW_OK);
    REQUIRE(danelaw_settings_set(settings.get(), "verify_none", "enforce", nullptr) == DANELAW_OK);
    REQUIRE(danelaw_settings_set_verdict_callback(settings.get(), note, this) == DANELAW_OK);
    danelaw_resolver* made = nullptr;
    REQUIRE(danelaw_resolver_new(settings.get(), &made, nullptr) == DANELAW_OK);
    resolver.reset(made);
    REQUIRE(danelaw_curl_init(&dane, made, settings.get(), nullptr) == DANELAW_OK);
  }
  static void note(void* user, const SSL*, const danelaw_verdict* verdict) {
    static_cast<Application*>(user)->verdicts += std::string(danelaw_verdict_summary(verdict)) + "\n";
  }
  [[nodiscard]] bool has_verdict_about(const std::string& service) const {
    return verdicts.find(service) != std::string::npos;
  }
  CURLcode get(const std::string& url, const std::string& connect_to, const std::string& proxy) {
    const std::unique_ptr<CURL, Free> easy(curl_easy_init());
    const std::unique_ptr<curl_slist, Free> list(curl_slist_append(nullptr, connect_to.c_str()));
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_CONNECT_TO, connect_to.empty() ? nullptr : list.get());
    curl_easy_setopt(easy.get(), CURLOPT_PROXY, proxy.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy.get(), CURLOPT_PROXY_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy.get(), CURLOPT_PROXY_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT, 10L);
    curl_easy_setopt(easy.get(), CURLOPT_NOBODY, 0L);
    curl_easy_setopt(
        easy.get(), CURLOPT_WRITEFUNCTION,
        +[](char*, std::size_t size, std::size_t count, void*) { return size * count; });
    REQUIRE(danelaw_curl_attach(easy.get(), &dane) == CURLE_OK);
    return curl_easy_perform(easy.get());
  }

  std::unique_ptr<danelaw_settings, Free> settings;
  std::unique_ptr<danelaw_resolver, Free> resolver;
  danelaw_curl dane{};
  std::string verdicts;
};

}  // namespace

TEST_SUITE("danelaw/curl.h") {
  TEST_CASE("The service of a URL is its host, and its port or the scheme's") {
    const struct {
      std::string url;
      std::string want;
    } rows[] = {
        {"https://www.example/", "www.example:443"},
        {"https://www.example:8443/", "www.example:8443"},
        {"https://user:word@www.example./", "www.example.:443"},
        {"https://192.0.2.1/", "192.0.2.1:443"},
        {"https://[2001:db8::1%25eth0]/", "2001:db8::1:443"},
        {"ftp://www.example/", "www.example:21"},
        {"ftp.www.example", "ftp.www.example:21"},
        {"smtp://mail.example", "mail.example:25"},
        {"imap://mail.example", "mail.example:143"},
        {"pop3://mail.example", "mail.example:110"},
        {"ldaps://www.example", "www.example:636"},
        {"http://www.example/", ""},
        {"www.example", ""},
        {"file:///etc/hosts", ""},
        {"other://www.example/", ""},
        {"https://" + std::string(256, 'a') + "/", ""},
        {"https:///", ""},
        {"", ""},
    };
    for (const auto& row : rows) {
      INFO(row.url);
      CHECK(service_of(row.url) == row.want);
    }
  }

  TEST_CASE("SNI says which of URL and HTTPS proxy a handshake is with") {
    const struct {
      std::string url;
      std::string proxy;
      const char* server_name;
      std::string want;
    } rows[] = {
        {"www.example", "", "www.example", "url"},
        {"www.example.", "", "WWW.Example", "url"},
        {"www.example", "", "www.example.org", ""},
        {"www.example", "", nullptr, ""},
        {"192.0.2.1", "", nullptr, "url"},
        {"192.0.2.1", "", "www.example", ""},
        {"www.example", "proxy.example", "www.example", "url"},
        {"www.example", "proxy.example", "proxy.example", "proxy"},
        {"www.example", "www.example", "www.example", ""},
        {"192.0.2.1", "2001:db8::1", nullptr, ""},
        {"", "proxy.example", "proxy.example", "proxy"},
        {"", "", nullptr, ""},
        {"", "", "", ""},
    };
    for (const auto& row : rows) {
      INFO(row.url << " by " << row.proxy);
      const danelaw_curl_peer url = peer_named(row.url, 443);
      const danelaw_curl_peer proxy = peer_named(row.proxy, 3128);
      const danelaw_curl_peer* chosen = danelaw_curl_choose(&url, &proxy, row.server_name);
      CHECK(std::string(chosen == &url ? "url" : chosen == &proxy ? "proxy" : "") == row.want);
    }
  }

  TEST_CASE("An attached handle's connections have their service, and mandatory mode refuses without DANE") {
    const Server server(Speaks::Https);
    for (const std::string mode : {"opportunistic", "mandatory"}) {
      INFO(mode);
      Application application(mode.c_str());
      const CURLcode want = mode == "mandatory" ? CURLE_PEER_FAILED_VERIFICATION : CURLE_OK;
      CHECK(application.get("https://www.example:8443/", "::127.0.0.1:" + server.port(), "") == want);
      INFO(application.verdicts);
      CHECK(application.has_verdict_about("www.example:8443"));
    }
  }

  TEST_CASE("An HTTPS proxy has a service where it is named") {
    const Server proxy(Speaks::HttpsProxy);
    const std::string text = "localhost:" + proxy.port();
    for (const bool named : {false, true}) {
      Application application("opportunistic");
      if (named)
        REQUIRE(danelaw_curl_set_https_proxy(&application.dane, "localhost",
                                             static_cast<unsigned>(std::stoul(proxy.port()))) == DANELAW_OK);
      CHECK(application.get("https://www.example/", "", "https://" + text) == CURLE_OK);
      INFO(application.verdicts);
      CHECK(application.has_verdict_about("www.example:443"));
      CHECK(application.has_verdict_about(text) == named);
    }
  }

  TEST_CASE("Wrong arguments") {
    danelaw_curl dane{};
    CHECK(danelaw_curl_init(nullptr, nullptr, nullptr, nullptr) == DANELAW_ERR_ARGUMENT);
    CHECK(danelaw_curl_init(&dane, nullptr, nullptr, nullptr) == DANELAW_ERR_ARGUMENT);
    CHECK(danelaw_curl_set_https_proxy(&dane, nullptr, 1) == DANELAW_ERR_NAME);
    CHECK(danelaw_curl_set_https_proxy(&dane, "", 1) == DANELAW_ERR_NAME);
    CHECK(danelaw_curl_set_https_proxy(&dane, "proxy.example", 0) == DANELAW_ERR_PORT);
    CHECK(danelaw_curl_set_https_proxy(&dane, "proxy.example", 65536) == DANELAW_ERR_PORT);
    CHECK(dane.https_proxy.host[0] == '\0');
  }
}
