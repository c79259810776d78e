#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dns/resolver.hpp"
#include "sanitizers.hpp"
#include "support.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;
using namespace std::chrono_literals;
using tlsa::LookupFault;

namespace {

constexpr auto long_enough = 20s;  // only a test that fails waits so long
constexpr auto at_once = 0s;

Deadline in(std::chrono::milliseconds wait) { return std::chrono::steady_clock::now() + wait; }

const Question a = question("www.example", RrType::A);
const Question aaaa = question("www.example", RrType::Aaaa);
const Question tlsa_host = question("_443._tcp.www.example", RrType::Tlsa);

std::shared_ptr<Script> signed_host() {
  auto script = std::make_shared<Script>();
  script->answers = {{a, secure("www.example")},
                     {aaaa, denied("www.example")},
                     {tlsa_host, secure("_443._tcp.www.example")}};
  return script;
}

TlsaQuestion service(std::string_view host = "www.example", AliasOrder aliases = AliasOrder::Follow) {
  return {name(host), 443, tlsa::Transport::Tcp, aliases};
}

ResolverSettings settings(const std::shared_ptr<Script>& script) {
  ResolverSettings made;
  made.engine = scripted(script);
  made.clock = [] { return the_time; };
  return made;
}

template <class T>
std::optional<T> as(const std::shared_ptr<const Answer>& answer) {
  if (!answer || !std::holds_alternative<T>(*answer)) return std::nullopt;
  return std::get<T>(*answer);
}
bool found(const std::shared_ptr<const TlsaAnswer>& answer) {
  return answer && std::holds_alternative<TlsaFound>(answer->result);
}
std::string fault(const std::shared_ptr<const TlsaAnswer>& answer) {
  const auto* error = answer ? std::get_if<tlsa::LookupError>(&answer->result) : nullptr;
  return error != nullptr ? std::string(to_string(error->fault)) : answer ? "none" : "no answer";
}

bool readable(int descriptor, std::chrono::milliseconds wait) {
  pollfd polled{descriptor, POLLIN, 0};
  return poll(&polled, 1, static_cast<int>(wait.count())) == 1 && (polled.revents & POLLIN) != 0;
}

/// Whether `condition` comes true soon.
bool soon(const std::function<bool()>& condition) {
  for (const Deadline end = in(long_enough); std::chrono::steady_clock::now() < end;
       std::this_thread::sleep_for(1ms))
    if (condition()) return true;
  return condition();
}

int threads_of_this_process() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("Threads:", 0) == 0) return std::stoi(line.substr(8));
  return -1;
}

}  // namespace

TEST_SUITE("The resolver: asking") {
  TEST_CASE("A lookup finds what the engine knows, and its base domain") {
    const auto script = signed_host();
    const auto resolver = Resolver::create(settings(script));
    const auto pending = resolver->look_up(service());
    CHECK(pending->wait_for_base_domain(in(long_enough)) == name("www.example"));
    CHECK(found(pending->wait(in(long_enough))));
    CHECK(as<SecureRrset>(resolver->ask(a)->wait(in(long_enough))));
    CHECK(resolver->deadline() == 5000ms);
  }

  TEST_CASE("There is no thread and no engine before the first question, and one of each after it") {
    const auto script = signed_host();
    const int before = threads_of_this_process();
    const auto resolver = Resolver::create(settings(script));
    CHECK(threads_of_this_process() == before);
    CHECK(script->engines == 0);
    for (int round = 0; round < 3; ++round) CHECK(found(resolver->look_up(service())->wait(in(long_enough))));
    CHECK(threads_of_this_process() == before + 1);
    CHECK(script->engines == 1);
  }

  TEST_CASE("What the cache can answer is there at once, without a thread") {
    const auto script = signed_host();
    ResolverSettings made = settings(script);
    made.negative_anchors = {name("example")};
    const int before = threads_of_this_process();
    const auto resolver = Resolver::create(made);
    const auto answer = resolver->look_up(service())->wait(in(at_once));
    REQUIRE(answer);
    CHECK(std::holds_alternative<TlsaInsecure>(answer->result));
    CHECK(threads_of_this_process() == before);
  }

  TEST_CASE("R-private: at and below a negative trust anchor all is insecure and nothing is asked") {
    const auto script = signed_host();
    ResolverSettings made = settings(script);
    made.negative_anchors = {name("corp.example"), name("lan")};
    const auto resolver = Resolver::create(made);
    for (const char* host : {"corp.example", "a.b.corp.example", "lan", "x.lan"}) {
      INFO(host);
      const auto answer = resolver->look_up(service(host))->wait(in(at_once));
      REQUIRE(answer);
      CHECK(std::holds_alternative<TlsaInsecure>(answer->result));
      CHECK(as<InsecureAnswer>(resolver->ask(question(host, RrType::A))->wait(in(at_once))));
    }
    CHECK(script->asked == 0);
    CHECK(found(resolver->look_up(service())->wait(in(long_enough))));
  }

  TEST_CASE("Where aliases are not followed the base domain is known before any answer") {
    const auto script = std::make_shared<Script>();
    const auto resolver = Resolver::create(settings(script));
    const auto pending = resolver->look_up(service("www.example", AliasOrder::HostOnly));
    CHECK(pending->wait_for_base_domain(in(at_once)) == name("www.example"));
    CHECK(pending->wait(in(at_once)) == nullptr);
  }

  TEST_CASE("An engine that answers before ask() returns is as good as any") {
    const auto script = signed_host();
    script->answer_within_ask = true;
    const auto resolver = Resolver::create(settings(script));
    for (int round = 0; round < 3; ++round) CHECK(found(resolver->look_up(service())->wait(in(long_enough))));
    CHECK(script->times_asked(tlsa_host) == 1);
  }

  TEST_CASE(
      "R6698-4.1a: without an engine every lookup is the error that the factory names, and it is tried "
      "again") {
    const auto script = signed_host();
    script->no_engine = true;
    const auto resolver = Resolver::create(settings(script));
    CHECK(fault(resolver->look_up(service())->wait(in(long_enough))) == "no-trust-anchor");
    const auto answer = as<FailedAnswer>(resolver->ask(a)->wait(in(long_enough)));
    CHECK(answer);
    script->no_engine = false;
    CHECK(found(resolver->look_up(service())->wait(in(long_enough))));
  }
}

TEST_SUITE("The resolver: many at once") {
  TEST_CASE("Identical questions on their way are asked once") {
    const auto script = signed_host();
    script->delay = 50ms;
    const auto resolver = Resolver::create(settings(script));
    std::vector<std::shared_ptr<PendingTlsa>> pending;
    for (int i = 0; i < 20; ++i) pending.push_back(resolver->look_up(service()));
    const auto address = resolver->ask(a);
    for (const auto& one : pending) CHECK(found(one->wait(in(long_enough))));
    CHECK(as<SecureRrset>(address->wait(in(long_enough))));
    for (const Question& asked : {a, aaaa, tlsa_host}) CHECK(script->times_asked(asked) == 1);
  }

  TEST_CASE("Any number of threads may ask, wait and poll") {
    const auto script = signed_host();
    script->delay = 1ms;
    ResolverSettings made = settings(script);
    made.cache_entries = 2;  // so that questions go out again and again
    const auto resolver = Resolver::create(made);
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread)
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          const auto pending = resolver->look_up(service());
          if (i % 3 == 0) readable(pending->descriptor(), long_enough);
          if (i % 5 == 0) pending->wait_for_base_domain(in(long_enough));
          if (i % 7 == 0) continue;  // dropped
          if (found(pending->wait(in(long_enough)))) ++good;
        }
      });
    for (std::thread& thread : threads) thread.join();
    CHECK(good == 8 * 21);
  }

  TEST_CASE("Several threads may wait for one lookup") {
    const auto script = signed_host();
    script->delay = 20ms;
    const auto resolver = Resolver::create(settings(script));
    const auto pending = resolver->look_up(service());
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        if (readable(pending->descriptor(), long_enough) && found(pending->wait(in(long_enough)))) ++good;
      });
    for (std::thread& thread : threads) thread.join();
    CHECK(good == 4);
  }
}

TEST_SUITE("The resolver: an end to everything") {
  TEST_CASE("R6698-4.1f: an engine that never answers costs the deadline and is an error") {
    const auto script = std::make_shared<Script>();
    ResolverSettings made = settings(script);
    made.deadline = 60ms;
    const auto resolver = Resolver::create(made);
    const auto began = std::chrono::steady_clock::now();
    CHECK(fault(resolver->look_up(service())->wait(in(long_enough))) == "timeout");
    const auto answer = as<FailedAnswer>(resolver->ask(a)->wait(in(long_enough)));
    REQUIRE(answer);
    CHECK(answer->fault == LookupFault::Timeout);
    CHECK(std::chrono::steady_clock::now() - began >= 2 * made.deadline - 2ms);
    CHECK(soon([&] { return script->open == 0; }));  // nothing stays on its way for nobody
  }

  TEST_CASE(
      "R7671-7d: what came by the deadline counts: a question about an unsigned host that is never "
      "answered") {
    const auto script = std::make_shared<Script>();
    script->answers = {{a, unsigned_itself()}};
    ResolverSettings made = settings(script);
    made.deadline = 60ms;
    const auto resolver = Resolver::create(made);
    const auto answer = resolver->look_up(service())->wait(in(long_enough));
    REQUIRE(answer);
    CHECK(std::holds_alternative<TlsaInsecure>(answer->result));
  }

  TEST_CASE("A wait ends at its own time, before the deadline") {
    const auto script = std::make_shared<Script>();
    const auto resolver = Resolver::create(settings(script));
    const auto pending = resolver->look_up(service());
    CHECK(pending->wait(in(10ms)) == nullptr);
    CHECK_FALSE(pending->wait_for_base_domain(in(10ms)));
    CHECK_FALSE(readable(pending->descriptor(), 0ms));
  }

  TEST_CASE("A lookup that is dropped is withdrawn from the engine") {
    const auto script = std::make_shared<Script>();
    const auto resolver = Resolver::create(settings(script));
    auto first = resolver->look_up(service());
    auto second = resolver->look_up(service());
    REQUIRE(soon([&] { return script->open == 3; }));
    first.reset();
    std::this_thread::sleep_for(10ms);
    CHECK(script->cancelled == 0);  // the second still waits for the same
    second.reset();
    CHECK(soon([&] { return script->cancelled == 3; }));
    CHECK(script->open == 0);
  }

  TEST_CASE("Questions that the answer no longer needs are withdrawn") {
    const auto script = signed_host();
    script->answers.erase(aaaa);
    const auto resolver = Resolver::create(settings(script));
    CHECK(found(resolver->look_up(service())->wait(in(long_enough))));
    CHECK(soon([&] { return script->open == 0; }));
  }

  TEST_CASE("When the resolver goes, lookups on their way end as cancelled, and may outlive it") {
    const auto script = std::make_shared<Script>();
    auto resolver = Resolver::create(settings(script));
    const auto lookup = resolver->look_up(service());
    const auto answer = resolver->ask(a);
    const int descriptor = lookup->descriptor();
    resolver.reset();
    CHECK(readable(descriptor, 0ms));
    CHECK(fault(lookup->wait(in(at_once))) == "cancelled");
    const auto failed = as<FailedAnswer>(answer->wait(in(at_once)));
    REQUIRE(failed);
    CHECK(failed->fault == LookupFault::Cancelled);
    CHECK(lookup->wait_for_base_domain(in(at_once)) == name("www.example"));
    CHECK(script->open == 0);
  }

  TEST_CASE("An answer that is there outlives the resolver") {
    auto resolver = Resolver::create(settings(signed_host()));
    const auto lookup = resolver->look_up(service());
    REQUIRE(found(lookup->wait(in(long_enough))));
    resolver.reset();
    CHECK(found(lookup->wait(in(at_once))));
    CHECK(readable(lookup->descriptor(), 0ms));
  }

  TEST_CASE("The descriptor becomes readable when there is an answer, and stays so") {
    const auto script = signed_host();
    script->delay = 30ms;
    const auto resolver = Resolver::create(settings(script));
    const auto lookup = resolver->look_up(service());
    REQUIRE(lookup->descriptor() >= 0);
    CHECK(lookup->descriptor() == lookup->descriptor());
    CHECK(readable(lookup->descriptor(), long_enough));
    CHECK(found(lookup->wait(in(at_once))));
    CHECK(readable(lookup->descriptor(), 0ms));
    CHECK(readable(resolver->look_up(service())->descriptor(), 0ms));  // from the cache
  }
}

TEST_SUITE("The resolver: its cache") {
  TEST_CASE("An answer is used until it expires and not after") {
    const auto script = signed_host();
    script->answers[a] = secure("www.example", 1, the_time + 100);
    std::atomic<EpochSeconds> now{the_time};
    ResolverSettings made = settings(script);
    made.clock = [&now] { return now.load(); };
    const auto resolver = Resolver::create(made);
    for (const EpochSeconds time : {the_time, the_time + 99, the_time + 100}) {
      now = time;
      CHECK(as<SecureRrset>(resolver->ask(a)->wait(in(long_enough))));
    }
    CHECK(script->times_asked(a) == 2);
    now = the_time - 1;  // a clock that was set back is no reason to believe longer
    resolver->ask(a)->wait(in(long_enough));
    CHECK(script->times_asked(a) == 3);
  }

  TEST_CASE("R6698-4.1f: failures are never kept") {
    for (const LookupFault kind :
         {LookupFault::Bogus, LookupFault::ServerFailure, LookupFault::Indeterminate}) {
      const auto script = signed_host();
      script->answers[tlsa_host] = failed(kind);
      const auto resolver = Resolver::create(settings(script));
      for (int round = 0; round < 2; ++round)
        CHECK(fault(resolver->look_up(service())->wait(in(long_enough))) == to_string(kind));
      CHECK(script->times_asked(tlsa_host) == 2);
      CHECK(script->times_asked(a) == 1);
    }
  }

  TEST_CASE("Answers that last no time are not kept") {
    const auto script = signed_host();
    script->answers[a] = secure("www.example", 1, the_time);
    const auto resolver = Resolver::create(settings(script));
    for (int round = 0; round < 2; ++round) resolver->ask(a)->wait(in(long_enough));
    CHECK(script->times_asked(a) == 2);
  }

  TEST_CASE("The least recently used answer goes first") {
    const auto script = signed_host();
    ResolverSettings made = settings(script);
    made.cache_entries = 2;
    const auto resolver = Resolver::create(made);
    for (const Question& asked : {a, aaaa, a, tlsa_host, a, aaaa})
      resolver->ask(asked)->wait(in(long_enough));
    CHECK(script->times_asked(a) == 1);
    CHECK(script->times_asked(tlsa_host) == 1);
    CHECK(script->times_asked(aaaa) == 2);
  }

  TEST_CASE("Without a cache everything is asked again") {
    const auto script = signed_host();
    ResolverSettings made = settings(script);
    made.cache_entries = 0;
    const auto resolver = Resolver::create(made);
    for (int round = 0; round < 3; ++round) CHECK(found(resolver->look_up(service())->wait(in(long_enough))));
    CHECK(script->times_asked(tlsa_host) == 3);
  }
}

namespace {

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

/// Whether every other thread waits: then none holds a lock that a child would inherit.
bool others_rest() {
  std::error_code ended;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task", ended)) {
    if (entry.path().filename() == std::to_string(gettid())) continue;
    std::ifstream file(entry.path() / "stat");
    std::string stat;
    std::getline(file, stat);
    if (stat.find(") S ") == std::string::npos) return false;
  }
  return true;
}

/// The same, forked once the worker rests. AddressSanitizer's allocator has locks of its own, for which no fork waits; the
/// resolver's must do without such care, which the last case of the suite shows.
bool child_of_rest_says(const std::function<bool()>& in_child) {
  soon(others_rest);
  return child_says(in_child);
}

}  // namespace

// ThreadSanitizer takes no threads in the child of a process with threads, and every child here starts its worker.
TEST_SUITE("The resolver: forked children" * doctest::skip(under_tsan)) {
  TEST_CASE("A child asks with a worker of its own, and the parent goes on") {
    const auto script = signed_host();
    const auto resolver = Resolver::create(settings(script));
    CHECK(found(resolver->look_up(service())->wait(in(long_enough))));
    CHECK(child_of_rest_says(
        [&] { return found(resolver->look_up(service())->wait(in(long_enough))) && script->engines == 2; }));
    CHECK(found(resolver->look_up(service())->wait(in(long_enough))));
    CHECK(script->engines == 1);
  }

  TEST_CASE("A child of a parent that never asked can ask") {
    const auto resolver = Resolver::create(settings(signed_host()));
    CHECK(child_of_rest_says([&] { return found(resolver->look_up(service())->wait(in(long_enough))); }));
  }

  TEST_CASE("A lookup that was on its way at the fork begins anew in the child") {
    const auto script = signed_host();
    script->delay = 200ms;
    const auto resolver = Resolver::create(settings(script));
    const auto lookup = resolver->look_up(service());
    CHECK(soon([&] { return script->open > 0; }));
    CHECK(child_of_rest_says(
        [&] { return readable(lookup->descriptor(), long_enough) && found(lookup->wait(in(long_enough))); }));
    CHECK(found(lookup->wait(in(long_enough))));
  }

  TEST_CASE("A lookup that was done at the fork is done in the child") {
    const auto resolver = Resolver::create(settings(signed_host()));
    const auto lookup = resolver->look_up(service());
    CHECK(found(lookup->wait(in(long_enough))));
    CHECK(child_of_rest_says([&] { return found(lookup->wait(in(long_enough))); }));
  }

  TEST_CASE("A child may drop what it inherited, and its children may ask in turn") {
    const auto script = std::make_shared<Script>();
    auto resolver = Resolver::create(settings(script));
    auto lookup = resolver->look_up(service());
    CHECK(soon([&] { return script->open > 0; }));
    CHECK(child_of_rest_says([&] {
      lookup.reset();
      script->answers = signed_host()->answers;
      const auto again = resolver->look_up(service());
      if (!found(again->wait(in(long_enough)))) return false;
      return child_of_rest_says([&] {
        const bool good = found(again->wait(in(long_enough)));
        resolver.reset();
        return good;
      });
    }));
    CHECK(soon([&] { return script->open == 3; }));
  }

  TEST_CASE("Where a child has lost the resolver, a lookup it inherited fails") {
    const auto script = std::make_shared<Script>();
    auto resolver = Resolver::create(settings(script));
    const auto lookup = resolver->look_up(service());
    CHECK(soon([&] { return script->open > 0; }));
    CHECK(child_of_rest_says([&] {
      resolver.reset();
      return fault(lookup->wait(in(long_enough))) == "cancelled";
    }));
  }

  // Here other threads allocate all the time, so that children would inherit AddressSanitizer's locks locked.
  TEST_CASE("Forks while other threads ask leave every child able to ask" *
            doctest::skip(under_asan || under_tsan)) {
    const auto script = signed_host();
    ResolverSettings made = settings(script);
    made.cache_entries = 0;
    const auto resolver = Resolver::create(made);
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 3; ++thread)
      threads.emplace_back([&] {
        while (!stop) resolver->look_up(service())->wait(in(long_enough));
      });
    int good = 0;
    constexpr int forks = 20;
    for (int i = 0; i < forks; ++i) {
      const auto lookup = resolver->look_up(service());
      if (child_says([&] {
            return found(lookup->wait(in(long_enough))) &&
                   found(resolver->look_up(service())->wait(in(long_enough)));
          }))
        ++good;
    }
    stop = true;
    for (std::thread& thread : threads) thread.join();
    CHECK(good == forks);
  }
}

TEST_SUITE("The resolver: its thread") {
  TEST_CASE("The worker takes none of the host's signals") {
    const auto script = signed_host();
    const auto resolver = Resolver::create(settings(script));
    static std::atomic<bool> handled_here{false};
    static std::atomic<pid_t> main_thread{0};
    main_thread = gettid();
    resolver->look_up(service())->wait(in(long_enough));
    struct sigaction before {};
    struct sigaction ours {};
    ours.sa_handler = [](int) { handled_here = gettid() == main_thread; };
    sigaction(SIGUSR1, &ours, &before);
    kill(getpid(), SIGUSR1);
    CHECK(soon([] { return handled_here.load(); }));
    sigaction(SIGUSR1, &before, nullptr);
  }
}
