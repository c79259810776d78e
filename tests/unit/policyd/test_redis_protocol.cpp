#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "policyd/redis_protocol.hpp"

using namespace danelaw::policyd;
using Kind = RedisReply::Kind;

namespace {

constexpr std::size_t most = 1000;

struct Read {
  std::vector<RedisReply> replies;
  bool is_broken = false;
};

/// All replies in `octets`, which come in pieces of `piece`.
Read read(const std::string& octets, std::size_t piece) {
  RedisReader reader(most);
  Read got;
  for (std::size_t at = 0; at < octets.size(); at += piece) {
    reader.feed(std::string_view(octets).substr(at, piece));
    while (auto reply = reader.next()) got.replies.push_back(*reply);
  }
  got.is_broken = reader.is_broken();
  return got;
}

}  // namespace

TEST_SUITE("The protocol of Redis") {
  TEST_CASE("A command is a list of words, whatever is in them") {
    CHECK(redis_command({"GET", "a"}) == "*2\r\n$3\r\nGET\r\n$1\r\na\r\n");
    const std::string octets("a\r\n\0b", 5);
    CHECK(redis_command({octets, ""}) == "*2\r\n$5\r\n" + octets + "\r\n$0\r\n\r\n");
  }

  TEST_CASE("Each kind of reply is read, in pieces of any length") {
    const std::string octets = "+PONG\r\n-ERR no\r\n$5\r\na\r\nbc\r\n$-1\r\n:7\r\n$0\r\n\r\n*-1\r\n";
    for (std::size_t piece = 1; piece <= octets.size(); ++piece) {
      INFO(piece);
      const Read got = read(octets, piece);
      CHECK_FALSE(got.is_broken);
      REQUIRE(got.replies.size() == 7);
      CHECK(got.replies[0].kind == Kind::Status);
      CHECK(got.replies[0].text == "PONG");
      CHECK(got.replies[1].kind == Kind::Error);
      CHECK(got.replies[1].text == "ERR no");
      CHECK(got.replies[2].kind == Kind::Text);
      CHECK(got.replies[2].text == "a\r\nbc");
      CHECK(got.replies[3].kind == Kind::Nothing);
      CHECK(got.replies[4].kind == Kind::Other);
      CHECK(got.replies[4].text.empty());
      CHECK(got.replies[5].kind == Kind::Text);
      CHECK(got.replies[5].text.empty());
      CHECK(got.replies[6].kind == Kind::Nothing);
    }
  }

  TEST_CASE("Lists, other protocols and impossible lengths break it for ever") {
    for (const std::string& octets :
         {std::string("*1\r\n$1\r\na\r\n"), std::string("*1000000000\r\n"), std::string("*1\r\n*1\r\n*1\r\n"),
          std::string("HTTP/1.1 200 OK\r\n"), std::string("$-2\r\n"), std::string("$x\r\n"),
          std::string("$99999999999999999999\r\n"), std::string("\r\n"), std::string("\0\0\0", 3)}) {
      INFO(octets);
      const Read got = read(octets + "+PONG\r\n", 1000);
      CHECK(got.is_broken);
      CHECK(got.replies.empty());
    }
  }

  TEST_CASE("No more is held than is allowed, however little of it comes at once") {
    const std::string fits = "$900\r\n" + std::string(900, 'x') + "\r\n";
    for (const std::size_t piece : {1U, 7U, 90U}) {
      CHECK(read(fits + fits + fits, piece).replies.size() == 3);
      const Read got = read("$2000\r\n" + std::string(2000, 'x') + "\r\n+PONG\r\n", piece);
      CHECK(got.is_broken);
      CHECK(got.replies.empty());
      CHECK(read("+" + std::string(2000, 'x') + "\r\n", piece).is_broken);
    }
  }
}
