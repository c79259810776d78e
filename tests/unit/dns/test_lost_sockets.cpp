// A host that closes descriptors of ours that it does not know, perhaps taking their numbers for its own, while the loop's are left
// to it: lookups go on, and what is the host's is never touched.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <set>
#include <string>

#include "relay_client.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;

namespace {

const Question asked = question("_443._tcp.www.example", RrType::Tlsa);
const Question other = question("_443._tcp.mail.example", RrType::Tlsa);

std::set<int> open_descriptors() {
  constexpr int most = 256;
  std::set<int> open;
  for (int fd = 0; fd < most; ++fd)
    if (fcntl(fd, F_GETFD) >= 0) open.insert(fd);
  return open;
}

/// A host that knows the descriptors that are open when it begins.
class Host final {
 public:
  enum class Manner { Closes, ClosesAndTakesTheNumbers };

  explicit Host(Manner manner) : m_manner(manner) {
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, m_ends.data()) == 0);
    REQUIRE(write(m_ends[1], "mine", 4) == 4);
    m_known = open_descriptors();
  }
  ~Host() {
    for (const int fd : m_taken) close(fd);
    for (const int fd : m_ends) close(fd);
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// How many there were.
  std::size_t close_unknown(const std::set<int>& except = {}) {
    std::size_t count = 0;
    for (const int fd : open_descriptors()) {
      if (m_known.contains(fd) || except.contains(fd)) continue;
      ++count;
      if (m_manner == Manner::Closes) {
        close(fd);
      } else {
        dup2(m_ends[0], fd);
        m_taken.insert(fd);
      }
    }
    return count;
  }
  /// Its descriptors are open, nobody has read from them, and nobody has written to them.
  [[nodiscard]] bool is_untouched() const {
    std::array<char, 16> octets{};
    for (const int fd : m_taken)
      if (recv(fd, octets.data(), octets.size(), MSG_PEEK) != 4) return false;
    return recv(m_ends[1], octets.data(), octets.size(), MSG_PEEK) < 0;
  }

 private:
  const Manner m_manner;
  std::array<int, 2> m_ends{-1, -1};
  std::set<int> m_known;
  std::set<int> m_taken;
};

constexpr std::array manners{Host::Manner::Closes, Host::Manner::ClosesAndTakesTheNumbers};

/// Asks for TCP, and takes the connection that comes.
int cut_one(const PlayedResolver& resolver, const RelayClient& client) {
  Peer from;
  const Buffer query = resolver.query(from);
  if (query.empty()) return -1;
  resolver.reply(with_tc(answer_to(query)), from);
  return client.run_until([&] { return resolver.has_connection(); }) ? resolver.accepted() : -1;
}

bool answer_over(int connection, const RelayClient& client) {
  if (!client.run_until([&] { return PlayedResolver::comes(connection, 0); })) return false;
  const Buffer reply = framed(whole_answer_to(read_query(connection)));
  return ::send(connection, reply.data(), reply.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(reply.size());
}

}  // namespace

TEST_SUITE("Descriptors that the host has closed: those of questions on their way") {
  TEST_CASE("The socket of the next question has the number of one that was closed, and both are answered") {
    const PlayedResolver resolver;
    RelayClient client({resolver.address()}, 10ms, 1h);
    Host host(Host::Manner::Closes);
    client.ask(asked);
    Peer lost;
    REQUIRE_FALSE(resolver.query(lost).empty());
    REQUIRE(host.close_unknown() == 1);
    client.ask(other);
    REQUIRE(answer_one(resolver));
    CHECK(client.has_reply(other));
    // The loss was noticed with that.
    REQUIRE(client.run_until([&] { return resolver.has_query(); }));
    REQUIRE(answer_one(resolver));
    CHECK(client.has_reply(asked));
    CHECK(client.loop->is_idle());
  }

  TEST_CASE("A question over UDP whose socket is gone is asked again") {
    for (const Host::Manner manner : manners) {
      INFO(static_cast<int>(manner));
      const PlayedResolver resolver;
      RelayClient client({resolver.address()}, 10ms, 50ms);
      Host host(manner);
      client.ask(asked);
      Peer lost;
      REQUIRE_FALSE(resolver.query(lost).empty());
      REQUIRE(host.close_unknown() == 1);
      REQUIRE(client.run_until([&] { return resolver.has_query(); }));
      REQUIRE(answer_one(resolver));
      CHECK(client.has_reply(asked));
      CHECK(client.loop->is_idle());
      CHECK(host.is_untouched());
    }
  }

  TEST_CASE("So is one whose connection is gone, while it waits and once it is kept") {
    for (const Host::Manner manner : manners) {
      for (const bool was_answered : {false, true}) {
        INFO(static_cast<int>(manner) << " " << was_answered);
        const PlayedResolver resolver;
        RelayClient client({resolver.address()}, 10ms, 200ms);
        Host host(manner);
        client.ask(asked);
        const int first = cut_one(resolver, client);
        REQUIRE(first >= 0);
        if (was_answered) {
          REQUIRE(answer_over(first, client));
          REQUIRE(client.has_reply(asked));
        }
        REQUIRE(host.close_unknown({first}) == 1);
        if (was_answered) client.ask(other);
        REQUIRE(client.run_until([&] { return resolver.has_query(); }));
        const int second = cut_one(resolver, client);
        REQUIRE(second >= 0);
        REQUIRE(answer_over(second, client));
        CHECK(client.has_reply(was_answered ? other : asked));
        CHECK(host.is_untouched());
        close(first);
        close(second);
      }
    }
  }
}
