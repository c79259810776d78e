#include <doctest/doctest.h>

#include <string>
#include <variant>

#include "policyd/http.hpp"
#include "policyd/netstring.hpp"
#include "policyd/socketmap.hpp"

using namespace danelaw::policyd;

TEST_SUITE("socketmap_table(5): netstrings") {
  TEST_CASE("What was written is read again, and what follows is left") {
    for (const std::string content : {"", "a", "postfix example.com", "with,comma:and colon"}) {
      INFO(content);
      const std::string both = to_netstring(content) + "rest";
      const auto found = first_netstring(both, 100);
      REQUIRE(std::holds_alternative<Netstring>(found));
      CHECK(std::get<Netstring>(found).content == content);
      CHECK(both.substr(std::get<Netstring>(found).octets) == "rest");
    }
  }

  TEST_CASE("Cut anywhere it is unfinished") {
    const std::string whole = to_netstring("danelaw example.com");
    for (std::size_t octets = 0; octets < whole.size(); ++octets) {
      INFO(octets);
      CHECK(std::holds_alternative<Unfinished>(
          first_netstring(std::string_view(whole).substr(0, octets), 100)));
    }
  }

  TEST_CASE("What is no netstring is refused, and what is too long before it has come") {
    for (const std::string text : {":", "a", "1a:", "-1:", " 1:a,", "01:a,", "00:,", "1:ab", "0:x",
                                   "101:", "99999999999999999999999999999999:"}) {
      INFO(text);
      CHECK(std::holds_alternative<NoNetstring>(first_netstring(text, 100)));
    }
    CHECK(std::holds_alternative<Netstring>(first_netstring("0:,", 0)));
    CHECK(std::holds_alternative<NoNetstring>(first_netstring("1", 0)));
  }
}

TEST_SUITE("socketmap_table(5): requests and replies") {
  TEST_CASE("A request is a name, a space and a key, which may have spaces") {
    CHECK(request_in("danelaw example.com")->key == "example.com");
    CHECK(request_in("danelaw example.com")->map == "danelaw");
    CHECK(request_in("a b c")->key == "b c");
    CHECK(request_in("a ")->key.empty());
    for (const std::string text : {"", " ", " key", "name", "a b\n", "a\tb c"}) {
      INFO(text);
      CHECK_FALSE(request_in(text));
    }
    CHECK_FALSE(request_in(std::string_view("a b\0c", 5)));
  }

  TEST_CASE("Replies are as Postfix wants them") {
    CHECK(to_netstring(Reply{Word::Ok, "dane-only"}) == "12:OK dane-only,");
    CHECK(to_netstring(Reply{Word::NotFound, "whatever"}) == "9:NOTFOUND ,");
    CHECK(to_netstring(Reply{Word::Temp, "why"}) == "8:TEMP why,");
    CHECK(to_netstring(Reply{Word::Timeout, "why"}) == "11:TIMEOUT why,");
    CHECK(to_netstring(Reply{Word::Perm, "why\n"}) == "9:PERM why?,");
    CHECK(Reply{}.word == Word::Temp);
  }

  TEST_CASE("A long reason is cut, a long policy is none") {
    CHECK(to_netstring(Reply{Word::Temp, std::string(5000, 'x')}).size() < 500);
    const std::string reply = to_netstring(Reply{Word::Ok, std::string(max_reply_octets + 1, 'x')});
    CHECK(reply.find(":TEMP ") != std::string::npos);
    CHECK(to_netstring(Reply{Word::Ok, std::string(max_reply_octets, 'x')}).find(":OK x") !=
          std::string::npos);
  }
}

TEST_SUITE("RFC 1945: requests for metrics") {
  int status(std::string_view text) {
    const auto found = http_request_in(text);
    if (std::holds_alternative<HttpGet>(found)) return 200;
    return std::holds_alternative<HttpUnfinished>(found) ? 0 : std::get<HttpRefused>(found).status;
  }

  TEST_CASE("A GET is read when its header has come") {
    const std::string text = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    CHECK(std::get<HttpGet>(http_request_in(text)).path == "/metrics");
    for (std::size_t octets = 0; octets < text.size(); ++octets) CHECK(status(text.substr(0, octets)) == 0);
  }

  TEST_CASE("Everything else is refused") {
    CHECK(status("POST /metrics HTTP/1.0\r\n\r\n") == 405);
    CHECK(status("GET /metrics\r\n\r\n") == 400);
    CHECK(status("GET /metrics HTTP/2.0\r\n\r\n") == 400);
    CHECK(status("\r\n\r\n") == 400);
    CHECK(status("GET  HTTP/1.0\r\n\r\n") == 200);  // an empty path is one that is not found
    CHECK(status(std::string(max_http_octets + 1, 'x')) == 431);
    CHECK(status(std::string(max_http_octets, 'x')) == 0);
  }
}
