#include <doctest/doctest.h>
#include <stdlib.h>

#include "plugin/proxies.hpp"

using danelaw::plugin::is_port_of_proxy;
using danelaw::plugin::proxy_port_of;

TEST_SUITE("plugin: proxies that the environment names") {
  TEST_CASE("a proxy's port is the one that is written, or else its scheme's, but for 443") {
    struct Row {
      const char* url;
      unsigned want;
    };
    const Row rows[] = {
        {"http://proxy.example:3128", 3128},
        {"http://proxy.example:3128/", 3128},
        {"HTTP://proxy.example", 80},
        {"http://proxy.example/", 80},
        {"http://proxy.example:", 80},
        {"proxy.example:8080", 8080},
        {"proxy.example", 80},
        {"https://proxy.example", 0},
        {"https://proxy.example:443", 443},
        {"https://proxy.example:8443/x:1", 8443},
        {"socks5h://proxy.example", 1080},
        {"SOCKS://proxy.example:9050", 9050},
        {"http://user:secret@proxy.example:3128", 3128},
        {"http://user:secret@proxy.example", 80},
        {"http://us:er@x:1@proxy.example:2", 2},
        {"http://[2001:db8::1]:3128", 3128},
        {"http://[2001:db8::1]", 80},
        {"http://user:secret@[::1]:1/", 1},
        {"other://proxy.example", 0},
        {"other://proxy.example:7", 7},
        {"http://proxy.example:x", 0},
        {"http://proxy.example:65536", 0},
        {"http://", 0},
        {"http:///x", 0},
        {":3128", 3128},
        {"", 0},
    };
    for (const Row& row : rows) {
      INFO(row.url);
      CHECK(proxy_port_of(row.url) == row.want);
    }
  }

  TEST_CASE("each of the variables counts, whenever it is set, and no port is a proxy's where none is") {
    for (const char* variable :
         {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
      unsetenv(variable);
    CHECK_FALSE(is_port_of_proxy(3128));
    for (const char* variable :
         {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
      INFO(variable);
      setenv(variable, "http://proxy.example:3128", 1);
      CHECK(is_port_of_proxy(3128));
      CHECK_FALSE(is_port_of_proxy(443));
      CHECK_FALSE(is_port_of_proxy(0));
      setenv(variable, "", 1);
      CHECK_FALSE(is_port_of_proxy(80));
      CHECK_FALSE(is_port_of_proxy(0));
      unsetenv(variable);
    }
  }
}
