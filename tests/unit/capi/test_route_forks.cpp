// A program that forks while it searches for the hosts of a domain.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "danelaw/smtp.h"
#include "sanitizers.hpp"

namespace {

/// A resolver that says nothing until it is told to refuse. It lives in this process, whoever asks.
class Refusing final {
 public:
  Refusing() {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(m_socket, reinterpret_cast<sockaddr*>(&own), sizeof own);
    socklen_t size = sizeof own;
    getsockname(m_socket, reinterpret_cast<sockaddr*>(&own), &size);
    address = "127.0.0.1@" + std::to_string(ntohs(own.sin_port));
    m_thread = std::thread([this] { serve(); });
  }
  ~Refusing() {
    m_stop = true;
    m_thread.join();
    close(m_socket);
  }
  Refusing(const Refusing&) = delete;
  Refusing& operator=(const Refusing&) = delete;

  void wait_for_a_question() const {
    while (m_questions == 0) std::this_thread::yield();
  }
  void speak() { m_speaks = true; }
  void hush() { m_speaks = false; }

  std::string address;

 private:
  void serve() {
    constexpr int look_after = 20;
    while (!m_stop) {
      pollfd ready{m_socket, POLLIN, 0};
      if (poll(&ready, 1, look_after) <= 0) continue;
      std::array<unsigned char, 4096> octets{};
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const ssize_t got =
          recvfrom(m_socket, octets.data(), octets.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      ++m_questions;
      if (got < 12 || !m_speaks) continue;
      octets[2] |= 0x80U;  // a response
      octets[3] = 5;       // REFUSED
      sendto(m_socket, octets.data(), static_cast<std::size_t>(got), 0, reinterpret_cast<sockaddr*>(&from),
             size);
    }
  }

  const int m_socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  std::atomic<bool> m_stop{false};
  std::atomic<bool> m_speaks{false};
  std::atomic<int> m_questions{0};
  std::thread m_thread;
};

struct Free {
  void operator()(danelaw_settings* settings) const { danelaw_settings_free(settings); }
  void operator()(danelaw_resolver* resolver) const { danelaw_resolver_free(resolver); }
  void operator()(danelaw_route* route) const { danelaw_route_free(route); }
};
using Resolver = std::unique_ptr<danelaw_resolver, Free>;
using Route = std::unique_ptr<danelaw_route, Free>;

Resolver asking(const Refusing& server) {
  const std::unique_ptr<danelaw_settings, Free> settings(danelaw_settings_new());
  danelaw_settings_set(settings.get(), "resolvers", server.address.c_str(), nullptr);
  danelaw_settings_set(settings.get(), "deadline", "20000", nullptr);
  danelaw_resolver* made = nullptr;
  REQUIRE(danelaw_resolver_new(settings.get(), &made, nullptr) == DANELAW_OK);
  return Resolver(made);
}

/// By its descriptor, as programs with an event loop do.
std::string end_of(danelaw_route* route) {
  constexpr int milliseconds = 25000;
  while (danelaw_route_wait(route, 0) == DANELAW_ERR_PENDING) {
    pollfd ready{danelaw_route_descriptor(route), POLLIN, 0};
    if (poll(&ready, 1, milliseconds) <= 0) return "no end";
  }
  return danelaw_route_code(route);
}

bool readable(int descriptor, int milliseconds) {
  pollfd polled{descriptor, POLLIN, 0};
  return poll(&polled, 1, milliseconds) == 1;
}

/// A word from one process to the other.
class Signal final {
 public:
  Signal() { REQUIRE(pipe2(m_ends.data(), O_CLOEXEC) == 0); }
  ~Signal() {
    for (const int end : m_ends) close(end);
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  void give() const { static_cast<void>(!write(m_ends[1], "x", 1)); }
  [[nodiscard]] bool comes() const {
    constexpr int milliseconds = 30000;
    char octet = 0;
    return readable(m_ends[0], milliseconds) && read(m_ends[0], &octet, 1) == 1;
  }

 private:
  std::array<int, 2> m_ends{-1, -1};
};

std::string end_of_another(danelaw_resolver* resolver) {
  danelaw_route* made = nullptr;
  if (danelaw_smtp_plan(resolver, nullptr, "other.test", &made, nullptr) != DANELAW_OK) return "none";
  return danelaw_route_code(Route(made).get());
}

}  // namespace

// ThreadSanitizer ends a child that starts threads.
TEST_SUITE("Routes in forked children" * doctest::skip(under_tsan)) {
  TEST_CASE(
      "decision 0024: a search that was on its way at the fork begins anew in the child, or is freed there") {
    for (const bool goes_on : {true, false}) {
      INFO(goes_on);
      Refusing server;
      const Resolver resolver = asking(server);
      danelaw_route* made = nullptr;
      REQUIRE(danelaw_smtp_begin(resolver.get(), nullptr, "mail.test", &made, nullptr) == DANELAW_OK);
      Route route(made);
      REQUIRE(danelaw_route_wait(route.get(), 0) == DANELAW_ERR_PENDING);
      server.wait_for_a_question();
      REQUIRE(danelaw_route_descriptor(route.get()) >= 0);
      const pid_t child = fork();
      REQUIRE(child >= 0);
      if (child == 0) {
        alarm(60);
        if (goes_on && end_of(route.get()) != "other-rcode") _exit(1);
        route.reset();
        _exit(end_of_another(resolver.get()) == "other-rcode" ? 0 : 2);
      }
      server.speak();
      int status = -1;
      REQUIRE(waitpid(child, &status, 0) == child);
      CHECK(WIFEXITED(status));
      CHECK(WEXITSTATUS(status) == 0);
      CHECK(end_of(route.get()) == "other-rcode");  // the parent's goes on beside it
    }
  }

  TEST_CASE("decision 0024: what the child polls is its own: the parent's answer does not make it readable") {
    Refusing server;
    const Resolver resolver = asking(server);
    danelaw_route* made = nullptr;
    REQUIRE(danelaw_smtp_begin(resolver.get(), nullptr, "mail.test", &made, nullptr) == DANELAW_OK);
    const Route route(made);
    REQUIRE(danelaw_route_wait(route.get(), 0) == DANELAW_ERR_PENDING);
    server.wait_for_a_question();
    const int parents = danelaw_route_descriptor(route.get());
    const Signal parent_is_answered;
    const Signal child_has_looked;
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      alarm(60);
      if (!parent_is_answered.comes()) _exit(1);
      const int own = danelaw_route_descriptor(route.get());
      const bool has_its_own = own >= 0 && !readable(own, 0);
      child_has_looked.give();
      if (!has_its_own) _exit(2);
      _exit(end_of(route.get()) == "other-rcode" ? 0 : 3);
    }
    server.speak();
    constexpr int milliseconds = 25000;
    CHECK(readable(parents, milliseconds));
    server.hush();
    parent_is_answered.give();
    CHECK(child_has_looked.comes());
    CHECK(readable(parents, 0));  // and is as it was
    server.speak();
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(end_of(route.get()) == "other-rcode");
  }
}
