#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "dns/own_socket.hpp"
#include "policyd/desk.hpp"
#include "policyd/failure.hpp"
#include "policyd/metrics.hpp"

using namespace danelaw::policyd;

namespace {

/// A resolver that asks nobody: hosts in brackets are looked up and fail; with mode off nothing is looked up at all.
Sources sources(const char* mode) {
  danelaw_settings* const settings = danelaw_settings_new();
  danelaw_settings_set(settings, "engine", "none", nullptr);
  danelaw_settings_set(settings, "mode", mode, nullptr);
  danelaw_resolver* resolver = nullptr;
  REQUIRE(danelaw_resolver_new(settings, &resolver, nullptr) == DANELAW_OK);
  return {{resolver, danelaw_resolver_free}, {settings, danelaw_settings_free}, nullptr};
}

/// A resolver at `address`, which is given up after a short while.
Sources sources_asking(const std::string& address) {
  danelaw_settings* const settings = danelaw_settings_new();
  danelaw_settings_set(settings, "resolvers", address.c_str(), nullptr);
  danelaw_settings_set(settings, "deadline", "100", nullptr);
  danelaw_resolver* resolver = nullptr;
  REQUIRE(danelaw_resolver_new(settings, &resolver, nullptr) == DANELAW_OK);
  return {{resolver, danelaw_resolver_free}, {settings, danelaw_settings_free}, nullptr};
}

struct Counting final : DeskWatcher {
  std::shared_ptr<const Account> found(const Finding&) override {
    ++searches;
    return nullptr;
  }
  void answered(const Reply&, const Account*, std::chrono::microseconds) override { ++answers; }
  int searches = 0;
  int answers = 0;
};

/// Asks for all at once, and runs the loop until every one is answered.
std::vector<Reply> ask(EventLoop& loop, Desk& desk, const std::vector<std::string>& keys) {
  std::vector<Reply> replies(keys.size());
  std::size_t missing = keys.size();
  for (std::size_t i = 0; i < keys.size(); ++i)
    desk.ask(keys[i], [&replies, &missing, &loop, i](const Reply& reply) {
      replies[i] = reply;
      if (--missing == 0) loop.stop();
    });
  if (missing > 0) loop.run();
  return replies;
}

}  // namespace

TEST_SUITE("Requests and answers") {
  TEST_CASE("R7672-2.1a: a failed lookup is a temporary failure; one search is for all who ask") {
    EventLoop loop;
    Counting counting;
    Desk desk(loop, sources("opportunistic"), {}, counting);
    const auto replies = ask(loop, desk, std::vector<std::string>(20, "[mx.example.com]"));
    for (const Reply& reply : replies) CHECK((reply.word == Word::Temp || reply.word == Word::Timeout));
    CHECK(counting.searches == 1);
    CHECK(counting.answers == 20);
    CHECK(desk.waiting() == 0);
    CHECK(desk.in_flight() == 0);
  }

  TEST_CASE("Whoever asks while a domain waits for its search shares it, though nothing is kept") {
    EventLoop loop;
    Counting counting;
    DeskLimits limits;
    limits.domains = 0;
    Desk desk(loop, sources("off"), limits, counting);
    std::size_t in_flight = 0;
    std::size_t waiting = 0;
    // From within an answer: the desk starts no search before that has returned.
    desk.ask("[first.example]", [&](const Reply&) {
      for (int i = 0; i < 20; ++i) desk.ask("[second.example]", [](const Reply&) {});
      in_flight = desk.in_flight();
      waiting = desk.waiting();
    });
    CHECK(in_flight == 1);
    CHECK(waiting == 20);
    CHECK(counting.searches == 2);
    CHECK(counting.answers == 21);
    CHECK(desk.waiting() == 0);
    CHECK(desk.in_flight() == 0);
  }

  TEST_CASE("Whoever asks while a domain is searched for shares the search, each with an answer of its own") {
    const danelaw::dns::test::OwnSocket silent(SOCK_DGRAM);  // nobody reads: the search goes on
    EventLoop loop;
    Counting counting;
    DeskLimits limits;
    limits.domains = 0;
    Desk desk(loop, sources_asking("127.0.0.1@" + std::to_string(silent.port())), limits, counting);
    const auto replies = ask(loop, desk, {"a.example", "a.example", "A.example", "b.example", "a.example"});
    for (const Reply& reply : replies) CHECK((reply.word == Word::Temp || reply.word == Word::Timeout));
    CHECK(counting.searches == 2);
    CHECK(counting.answers == 5);
    CHECK(desk.in_flight() == 0);
  }

  TEST_CASE("A good answer is kept, and the least recently used goes first") {
    EventLoop loop;
    Counting counting;
    DeskLimits limits;
    limits.domains = 2;
    Desk desk(loop, sources("off"), limits, counting);
    CHECK(ask(loop, desk, {"[a.example]"})[0].word == Word::NotFound);
    CHECK(ask(loop, desk, {"[b.example]", "[A.example]"})[1].word == Word::NotFound);
    CHECK(counting.searches == 2);
    (void)ask(loop, desk, {"[c.example]", "[a.example]"});  // b goes
    CHECK(counting.searches == 3);
    CHECK(desk.kept() == 2);
    (void)ask(loop, desk, {"[b.example]"});
    CHECK(counting.searches == 4);
    desk.use(sources("off"), limits);  // what was found by other settings is forgotten
    CHECK(desk.kept() == 0);
  }

  TEST_CASE("Keys without a policy, and keys that are none, cost no search") {
    EventLoop loop;
    Counting counting;
    Desk desk(loop, sources("off"), {}, counting);
    const auto replies = ask(loop, desk, {".example.com", "/run/lmtp", "a..b", "example.com:0"});
    CHECK(replies[0].word == Word::NotFound);
    CHECK(replies[1].word == Word::NotFound);
    CHECK(replies[2].word == Word::Perm);
    CHECK(replies[3].word == Word::Perm);
    CHECK(desk.kept() == 0);
  }

  TEST_CASE("Many domains pass through few places, in one thread and without recursion") {
    EventLoop loop;
    Counting counting;
    DeskLimits limits;
    limits.searches = 2;
    Desk desk(loop, sources("off"), limits, counting);
    std::vector<std::string> keys;
    for (int i = 0; i < 2000; ++i) keys.push_back("[h" + std::to_string(i) + ".example]");
    for (const Reply& reply : ask(loop, desk, keys)) CHECK(reply.word == Word::NotFound);
    CHECK(counting.searches == 2000);
  }
}

TEST_SUITE("The event loop") {
  TEST_CASE("Timers go off in order, and not when cancelled") {
    EventLoop loop;
    std::string order;
    loop.after(std::chrono::milliseconds(400), [&] { loop.stop(); });
    loop.after(std::chrono::milliseconds(300), [&] { order += 'b'; });
    const TimerId cancelled = loop.after(std::chrono::milliseconds(200), [&] { order += 'x'; });
    loop.after(std::chrono::milliseconds(0), [&] {
      order += 'a';
      loop.cancel(cancelled);
    });
    loop.run();
    CHECK(order == "ab");
  }
}

TEST_SUITE("Metrics") {
  TEST_CASE("Every line is a comment or a number of ours, and buckets add up") {
    Metrics metrics;
    metrics.count({Word::Ok, "secure match=x servername=hostname"}, std::chrono::microseconds(1));
    metrics.count({Word::Ok, "dane"}, std::chrono::microseconds(100));
    metrics.count({Word::Timeout, ""}, std::chrono::seconds(60));
    const std::string page = metrics.text({});
    for (const char* const line : {"danelaw_policyd_answers_total{answer=\"secure\"} 1\n",
                                   "danelaw_policyd_answers_total{answer=\"dane\"} 1\n",
                                   "danelaw_policyd_answers_total{answer=\"dane-only\"} 0\n",
                                   "danelaw_policyd_answers_total{answer=\"timeout\"} 1\n",
                                   "danelaw_policyd_answer_seconds_bucket{le=\"0.0001\"} 2\n",
                                   "danelaw_policyd_answer_seconds_bucket{le=\"10\"} 2\n",
                                   "danelaw_policyd_answer_seconds_bucket{le=\"+Inf\"} 3\n",
                                   "danelaw_policyd_answer_seconds_count 3\n"}) {
      INFO(line);
      CHECK(page.find(line) != std::string::npos);
    }
    for (std::size_t begin = 0; begin < page.size(); begin = page.find('\n', begin) + 1) {
      const std::string line = page.substr(begin, page.find('\n', begin) - begin);
      CHECK((line.starts_with("# ") || line.starts_with("danelaw_policyd_")));
    }
  }
}
