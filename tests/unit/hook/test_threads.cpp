#include <doctest/doctest.h>

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sanitizers.hpp"
#include "support.hpp"

using namespace hook_test;
using namespace std::chrono_literals;
using danelaw::hook::Waiting;

namespace {

constexpr int thread_count = 8;
constexpr int handshakes = 50;

/// Handshakes of one thread, good and bad in turn, resumed where they may be. The count of those that went as they had
/// to.
int run(const Client& client, SSL_CTX* good, SSL_CTX* bad, int number) {
  int right = 0;
  Session session;
  for (int i = 0; i < number; ++i) {
    const bool expect = i % 5 != 4;
    const Ssl ssl = named(client);
    if (session) SSL_set_session(ssl.get(), session.get());
    const bool connected = connects(ssl.get(), expect ? good : bad);
    const danelaw::verify::Verdict* verdict = danelaw::hook::verdict(ssl.get());
    if (connected == expect && verdict != nullptr && verdict->accept == expect) ++right;
    if (connected && i % 3 == 0) session.reset(SSL_get1_session(ssl.get()));
    if (!expect) session.reset();
    ERR_clear_error();
  }
  return right;
}

/// What `in_child` says, done in a forked child: true where it returned true before the time was over.
bool child_says(const std::function<bool()>& in_child) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(30);
    _exit(in_child() ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// A search that knows its base domain, so that the ClientHello need not wait.
std::shared_ptr<Promise> settled() {
  auto promise = std::make_shared<Promise>();
  promise->settle("www.example");
  return promise;
}

/// A source that leaves this process waiting, and answers every other one late, in a thread.
std::shared_ptr<Source> answers_in_children_only(std::chrono::milliseconds patience) {
  const auto script = [here = getpid()](const auto&) {
    const auto promise = settled();
    if (getpid() == here) return promise;
    std::thread([promise] {
      std::this_thread::sleep_for(50ms);
      promise->deliver(plan_for(peers().self_signed));
    }).detach();
    return promise;
  };
  return std::make_shared<Source>(script, patience);
}

bool is_authenticated(const SSL* ssl) { return in_words(ssl) == "authenticated (matched)"; }

}  // namespace

TEST_SUITE("threads and forks") {
  TEST_CASE("decision 0005: many connections in many threads over one SSL_CTX and one source") {
    const Ctx good = server_context(peers().self_signed);
    const Ctx bad = server_context(peers().leaf);
    Client client;
    SSL_CTX_sess_set_new_cb(client.ctx(), nullptr);
    client.attach(at_once(plan_for(peers().self_signed)));
    std::atomic<int> right{0};
    {
      std::vector<std::thread> threads;
      for (int i = 0; i < thread_count; ++i)
        threads.emplace_back([&] { right += run(client, good.get(), bad.get(), handshakes); });
      for (std::thread& thread : threads) thread.join();
    }
    CHECK(right == thread_count * handshakes);
    CHECK(client.verdicts == thread_count * handshakes);
  }

  TEST_CASE("decision 0005: one session is offered by many threads at once") {
    const Ctx server = server_context(peers().self_signed);
    Client client;
    client.attach(at_once(plan_for(peers().self_signed)));
    REQUIRE(connects(named(client).get(), server.get()));
    const Session session = std::move(client.sessions.back());
    SSL_CTX_sess_set_new_cb(client.ctx(), nullptr);
    std::atomic<int> resumed{0};
    {
      std::vector<std::thread> threads;
      for (int i = 0; i < thread_count; ++i)
        threads.emplace_back([&] {
          const Session own(SSL_SESSION_dup(session.get()));
          const Ssl ssl = named(client);
          SSL_set_session(ssl.get(), own.get());
          if (connects(ssl.get(), server.get()) && in_words(ssl.get()) == "authenticated (resumed)")
            ++resumed;
        });
      for (std::thread& thread : threads) thread.join();
    }
    CHECK(resumed == thread_count);
  }

  TEST_CASE(
      "decision 0005: a thread that is cancelled while it waits for a plan ends after our callback, not in "
      "it") {
    struct Job {
      Ctx server = server_context(peers().self_signed);
      std::shared_ptr<Promise> promise = std::make_shared<Promise>();
      Client client;
      Ssl ssl;
    } job;
    job.client.attach(std::make_shared<Source>([&](const auto&) { return job.promise; }));
    job.ssl = named(job.client);
    const Pair pair(job.ssl.get(), job.server.get());
    pthread_t thread{};
    REQUIRE(pthread_create(
                &thread, nullptr,
                [](void* given) -> void* {
                  Job& own = *static_cast<Job*>(given);
                  SSL_do_handshake(own.ssl.get());
                  pthread_testcancel();
                  return given;
                },
                &job) == 0);
    while (!job.promise->is_waited_for()) std::this_thread::yield();
    pthread_cancel(thread);
    job.promise->deliver(plan_for(peers().self_signed));
    void* result = nullptr;
    REQUIRE(pthread_join(thread, &result) == 0);
    CHECK((result == PTHREAD_CANCELED));
  }
}

// ThreadSanitizer ends a child that starts threads.
TEST_SUITE("forks" * doctest::skip(under_tsan)) {
  TEST_CASE("decision 0005: a forked child goes on with what its parent attached") {
    const Ctx good = server_context(peers().self_signed);
    const Ctx bad = server_context(peers().leaf);
    Client client;
    client.attach(std::make_shared<Source>([](const auto&) {
      const auto promise = std::make_shared<Promise>();
      std::thread([promise] { promise->deliver(plan_for(peers().self_signed)); }).detach();
      return promise;
    }));
    REQUIRE(connects(named(client).get(), good.get()));
    const Ssl begun = named(client);
    while (!danelaw::hook::plan_is_ready(begun.get())) std::this_thread::yield();
    const pid_t child = fork();
    if (child == 0) {
      const bool fine = run(client, good.get(), bad.get(), 10) == 10;
      _exit(fine && connects(begun.get(), good.get()) ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(run(client, good.get(), bad.get(), 10) == 10);
  }

  TEST_CASE("decision 0005: a lookup that was unfinished at the fork begins anew in the child") {
    const Ctx server = server_context(peers().self_signed);
    for (const Waiting waiting : {Waiting::Block, Waiting::Retry}) {
      INFO((waiting == Waiting::Block ? "blocking" : "event-driven"));
      Client client;
      client.settings.waiting = waiting;
      client.attach(answers_in_children_only(10s));
      const Ssl ssl = named(client);
      CHECK(child_says([&] { return connects(ssl.get(), server.get()) && is_authenticated(ssl.get()); }));
      CHECK_FALSE(danelaw::hook::plan_is_ready(ssl.get()));  // the parent still waits for its own
      CHECK(child_says([&] {
        return child_says([&] { return connects(ssl.get(), server.get()) && is_authenticated(ssl.get()); });
      }));
    }
  }

  TEST_CASE("decision 0005: a handshake that was begun before the fork has all its patience in the child") {
    constexpr auto patience = 300ms;
    const Ctx server = server_context(peers().self_signed);
    for (const Waiting waiting : {Waiting::Block, Waiting::Retry}) {
      INFO((waiting == Waiting::Block ? "blocking" : "event-driven"));
      Client client;
      client.settings.waiting = waiting;
      client.attach(answers_in_children_only(patience));
      const Ssl ssl = named(client);
      Pair pair(ssl.get(), server.get());
      REQUIRE(pair.step_client() == SSL_ERROR_WANT_READ);
      std::this_thread::sleep_for(patience);
      CHECK(child_says([&] { return pair.handshake() && is_authenticated(ssl.get()); }));
      CHECK_FALSE(pair.handshake());
      CHECK(in_words(ssl.get()) == "undecided (lookup-failed)");
      errors();
    }
  }

  TEST_CASE("R6698-4.1f: where nobody answers the child, its handshake ends when the patience does") {
    constexpr auto patience = 50ms;
    const Ctx server = server_context(peers().self_signed);
    Client client;
    client.attach(std::make_shared<Source>([](const auto&) { return settled(); }, patience));
    const Ssl ssl = named(client);
    CHECK(child_says([&] {
      const auto start = std::chrono::steady_clock::now();
      const bool connected = connects(ssl.get(), server.get());
      return !connected && std::chrono::steady_clock::now() - start >= patience &&
             in_words(ssl.get()) == "undecided (lookup-failed)";
    }));
  }

  TEST_CASE("decision 0005: a plan that was handed over needs nobody in the child") {
    const Ctx server = server_context(peers().self_signed);
    Client client;
    client.attach(nullptr);
    const Ssl ssl = client.ssl();
    REQUIRE(danelaw::hook::set_plan(ssl.get(), plan_for(peers().self_signed)).ok());
    CHECK(child_says([&] { return connects(ssl.get(), server.get()) && is_authenticated(ssl.get()); }));
  }
}
