// Where the store of a fleet is, as the configuration says it. Sharing through it is tests/world/run_fleet's.
#include <doctest/doctest.h>
#include <sys/un.h>

#include <string>

#include "policyd/configuration.hpp"
#include "policyd/failure.hpp"
#include "policyd/fleet.hpp"

using namespace danelaw::policyd;

namespace {

constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

std::string path_of(std::size_t octets) { return "/" + std::string(octets - 1, 'x'); }

std::string refusal(const std::string& where) {
  try {
    static_cast<void>(configuration_from_text("[policyd]\nfleet = " + where + "\n", "a.conf"));
    return "";
  } catch (const Failure& failure) {
    CHECK(failure.exit() == Exit::Usage);
    return failure.what();
  }
}

}  // namespace

TEST_SUITE("The address of a fleet's store") {
  TEST_CASE("A Unix socket, or any IP address with its port, and one of IPv6 in brackets") {
    struct Row {
      std::string text;
      Endpoint want;
      std::string shown = {};  // empty: as it was written
    };
    for (const Row& row :
         {Row{"unix:/run/redis/redis.sock", {"/run/redis/redis.sock", "", 0}},
          Row{"unix:" + path_of(longest_path), {path_of(longest_path), "", 0}},
          Row{"inet:127.0.0.1:6379", {"", "127.0.0.1", 6379}}, Row{"inet:192.0.2.7:1", {"", "192.0.2.7", 1}},
          Row{"inet:192.0.2.7:65535", {"", "192.0.2.7", 65535}}, Row{"inet:[::1]:6379", {"", "::1", 6379}},
          Row{"inet:[2001:db8::7]:6379", {"", "2001:db8::7", 6379}},
          Row{"inet:[::ffff:192.0.2.7]:6379", {"", "::ffff:192.0.2.7", 6379}},
          Row{"inet:localhost:6379", {"", "127.0.0.1", 6379}, "inet:127.0.0.1:6379"}}) {
      INFO(row.text);
      const auto got = remote_endpoint_from_text(row.text);
      REQUIRE(got.has_value());
      CHECK(*got == row.want);
      CHECK(to_string(*got) == (row.shown.empty() ? row.text : row.shown));
      // The file takes it: what it still misses is the key, or in other builds hiredis.
      CHECK(refusal(row.text).find(fleet_is_built() ? "fleet_key: "
                                                    : "a.conf: [policyd] fleet: this build") == 0);
    }
  }

  TEST_CASE(
      "Names, missing and impossible ports, brackets in the wrong place: one line that shows the value") {
    for (const std::string& text : {std::string(),
                                    std::string("redis.example:6379"),
                                    std::string("127.0.0.1:6379"),
                                    std::string("/run/redis.sock"),
                                    std::string("redis://127.0.0.1:6379"),
                                    std::string("INET:127.0.0.1:6379"),
                                    std::string("inet:"),
                                    std::string("inet::"),
                                    std::string("inet::6379"),
                                    std::string("inet:redis.example:6379"),
                                    std::string("inet:127.1:6379"),
                                    std::string("inet:256.0.0.1:6379"),
                                    std::string("inet:127.0.0.1"),
                                    std::string("inet:127.0.0.1:"),
                                    std::string("inet:127.0.0.1:0"),
                                    std::string("inet:127.0.0.1:65536"),
                                    std::string("inet:127.0.0.1:99999999999999999999"),
                                    std::string("inet:127.0.0.1:-1"),
                                    std::string("inet:127.0.0.1:+1"),
                                    std::string("inet:127.0.0.1:0x1"),
                                    std::string("inet:127.0.0.1:redis"),
                                    std::string("inet:127.0.0.1:6379x"),
                                    std::string("inet:127.0.0.1:6379/3"),
                                    std::string("inet:127.0.0.1:6379, inet:127.0.0.1:6380"),
                                    std::string("inet: 127.0.0.1:6379"),
                                    std::string("inet:[127.0.0.1]:6379"),
                                    std::string("inet:::1:6379"),
                                    std::string("inet:2001:db8::7:6379"),
                                    std::string("inet:[::1]"),
                                    std::string("inet:[::1]:"),
                                    std::string("inet:[::1]:0"),
                                    std::string("inet:[::1]6379"),
                                    std::string("inet:[::1:6379"),
                                    std::string("inet:::1]:6379"),
                                    std::string("inet:[[::1]]:6379"),
                                    std::string("inet:[]:6379"),
                                    std::string("inet:[::1::]:6379"),
                                    std::string("inet:[fe80::1%lo]:6379"),
                                    std::string("unix:"),
                                    std::string("unix:run/x"),
                                    "unix:run/" + path_of(longest_path)}) {
      INFO(text);
      CHECK_FALSE(remote_endpoint_from_text(text).has_value());
      CHECK(refusal(text) == "a.conf: [policyd] fleet: \"" + text +
                                 "\" is not unix:/PATH, inet:IPV4-ADDRESS:PORT or inet:[IPV6-ADDRESS]:PORT");
    }
  }

  TEST_CASE("A Unix socket whose path is too long is told so") {
    const std::string text = "unix:" + path_of(longest_path + 1);
    CHECK_FALSE(remote_endpoint_from_text(text).has_value());
    CHECK(refusal(text) == "a.conf: [policyd] fleet: \"" + text +
                               "\" is not the address of a Unix socket, whose path has 107 octets at most");
  }

  TEST_CASE("What a line of a file cannot hold is no address either") {
    CHECK_FALSE(remote_endpoint_from_text("inet:127.0.0.1:6379\n").has_value());
    CHECK_FALSE(remote_endpoint_from_text(" inet:127.0.0.1:6379").has_value());
    CHECK_FALSE(remote_endpoint_from_text({"inet:127.0.0.1\0:6379", 21}).has_value());
  }
}
