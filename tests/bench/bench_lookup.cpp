// What lookups of the stub engine cost in questions, round trips and time, against a resolver in this process that answers after
// 20 ms, and what is remembered costs in memory. A target that is missed is marked and makes the exit code 1.
#include <dirent.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "dns/resolver.hpp"
#include "dns/stub_engine.hpp"
#include "scripted_server.hpp"
#include "support.hpp"
#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;
constexpr std::chrono::milliseconds one_round{20};
constexpr int rounds = 9;
constexpr int zones = 400;
constexpr int at_once = 1000;

int missed = 0;

const char* mark(bool good) {
  missed += !good;
  return good ? "" : "  missed";
}

/// Many zones below one, each with a host, and a wildcard for as many names as one likes.
const lab::World& world() {
  static const lab::World made = [] {
    lab::World all;
    lab::Zone example("example", lab::Chain::Nsec);
    std::vector<lab::Zone> children;
    for (int i = 0; i < zones; ++i) {
      const std::string apex = "z" + std::to_string(i) + ".example";
      lab::Zone child(apex, lab::Chain::Nsec);
      child.add("_443._tcp.www." + apex, RrType::Tlsa, Buffer(35, 1));
      child.add("_443._tcp.mail." + apex, RrType::Tlsa, Buffer(35, 2));
      child.add("*.many." + apex, RrType::Tlsa, Buffer(35, 3));
      example.delegate(apex, {child.ds()});
      children.push_back(std::move(child));
    }
    lab::Zone root(".", lab::Chain::Nsec);
    root.delegate("example", {example.ds()});
    all.add(std::move(root));
    all.add(std::move(example));
    for (lab::Zone& child : children) all.add(std::move(child));
    return all;
  }();
  return made;
}

std::vector<Buffer> honest(const dnssec::Question& asked, const Buffer& query) {
  return {reply_to(query, {world().reply(asked)})};
}

std::shared_ptr<Resolver> resolver_at(const ScriptedServer& server) {
  StubSettings stub;
  stub.anchors = world().anchors();
  stub.resolvers = {server.address()};
  stub.clock = [] { return lab::now; };
  ResolverSettings settings;
  settings.engine = stub_engine(std::move(stub));
  settings.deadline = std::chrono::seconds(60);
  settings.cache_entries = 100000;
  settings.clock = [] { return lab::now; };
  return Resolver::create(std::move(settings));
}

Question tlsa(const std::string& host) { return question("_443._tcp." + host, RrType::Tlsa); }

bool secure_answer(Pending<Answer>& pending) {
  const auto answer = pending.wait(Clock::now() + std::chrono::seconds(60));
  const bool good = answer && std::holds_alternative<SecureRrset>(*answer);
  if (!good) {
    std::printf("no answer\n");
    ++missed;
  }
  return good;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

struct Cost {
  int questions = 0;
  int round_trips = 0;
  double ms = 0;
};

/// `ask` after `prepare`, with a resolver that knows nothing before.
Cost cost_of(const std::function<void(Resolver&)>& prepare, const std::function<void(Resolver&)>& ask) {
  Cost cost;
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    ScriptedServer server(honest, one_round);
    const auto resolver = resolver_at(server);
    prepare(*resolver);
    const int questions = server.questions();
    const int round_trips = server.round_trips();
    const auto begun = Clock::now();
    ask(*resolver);
    times.push_back(Milliseconds(Clock::now() - begun).count());
    cost.questions = std::max(cost.questions, server.questions() - questions);
    cost.round_trips = std::max(cost.round_trips, server.round_trips() - round_trips);
  }
  cost.ms = median(std::move(times));
  return cost;
}

void show(const char* what, const Cost& cost, int most_questions, int most_round_trips) {
  const bool good = cost.questions <= most_questions && cost.round_trips <= most_round_trips;
  std::printf("%-46s %9d %12d %9.2f%s\n", what, cost.questions, cost.round_trips, cost.ms, mark(good));
}

void time_lookups() {
  const auto nothing = [](Resolver&) {};
  const auto one = [](const char* host) {
    return [host](Resolver& resolver) { secure_answer(*resolver.ask(tlsa(host))); };
  };
  std::printf("%-46s %9s %12s %9s\n", "a validated TLSA lookup, resolver at 20 ms", "questions",
              "round trips", "ms");
  show("cold", cost_of(nothing, one("www.z1.example")), 8, 1);
  show("a second zone below a known one", cost_of(one("www.z1.example"), one("www.z2.example")), 4, 1);
  show("a second name in a known zone", cost_of(one("www.z1.example"), one("mail.z1.example")), 1, 1);
  show("cold, the same asked ten times at once",
       cost_of(nothing,
               [](Resolver& resolver) {
                 std::vector<std::shared_ptr<Pending<Answer>>> all;
                 for (int i = 0; i < 10; ++i) all.push_back(resolver.ask(tlsa("www.z1.example")));
                 for (const auto& each : all) secure_answer(*each);
               }),
       8, 1);

  constexpr int repetitions = 20000;
  constexpr double most_us = 5;
  ScriptedServer server(honest);
  const auto resolver = resolver_at(server);
  one("www.z1.example")(*resolver);
  const int before = server.questions();
  const auto begun = Clock::now();
  for (int i = 0; i < repetitions; ++i) one("www.z1.example")(*resolver);
  const double us = std::chrono::duration<double, std::micro>(Clock::now() - begun).count() / repetitions;
  const int asked = server.questions() - before;
  std::printf("%-46s %9d %12d %9.4f%s\n", "repeated", asked, 0, us / 1000, mark(asked == 0 && us <= most_us));
}

int open_descriptors() {
  int count = 0;
  DIR* const all = opendir("/proc/self/fd");
  while (readdir(all) != nullptr) ++count;
  closedir(all);
  return count;
}

/// On the heap, of all threads.
std::size_t in_use() {
  const struct mallinfo2 now = mallinfo2();
  return now.uordblks + now.hblkhd;
}

void many_at_once() {
  constexpr int most_descriptors = 100;  // a socket for each question on the wire, and some of the loop's
  ScriptedServer server(honest, std::chrono::milliseconds(5));
  const auto resolver = resolver_at(server);
  secure_answer(*resolver->ask(tlsa("www.z1.example")));
  const int descriptors = open_descriptors();
  const std::size_t heap = in_use();
  std::atomic<bool> done{false};
  int most = 0;
  std::size_t most_heap = 0;
  std::thread watcher([&] {
    while (!done) {
      most = std::max(most, open_descriptors());
      most_heap = std::max(most_heap, in_use());
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  const auto begun = Clock::now();
  std::vector<std::shared_ptr<Pending<Answer>>> all;
  for (int i = 0; i < at_once; ++i)
    all.push_back(
        resolver->ask(tlsa("h" + std::to_string(i) + ".many.z" + std::to_string(i % zones) + ".example")));
  for (const auto& each : all) secure_answer(*each);
  const double ms = Milliseconds(Clock::now() - begun).count();
  done = true;
  watcher.join();
  std::printf(
      "%d lookups at once in %d zones: %.0f ms, at most %d more descriptors%s, %zu KiB more on the heap\n",
      at_once, zones, ms, most - descriptors, mark(most - descriptors <= most_descriptors),
      most_heap > heap ? (most_heap - heap) / 1024 : 0);
}

void memory() {
  ScriptedServer server(honest);
  const auto resolver = resolver_at(server);
  const auto grown = [&](int count, const std::function<std::string(int)>& host) {
    const std::size_t before = in_use();
    for (int i = 0; i < count; ++i) secure_answer(*resolver->ask(tlsa(host(i))));
    return static_cast<double>(in_use() - before) / count;
  };
  secure_answer(*resolver->ask(tlsa("www.z0.example")));
  const double set = grown(2000, [](int i) { return "h" + std::to_string(i) + ".many.z0.example"; });
  const double zone_and_set =
      grown(zones - 1, [](int i) { return "www.z" + std::to_string(i + 1) + ".example"; });
  std::printf("remembered: %.0f octets for a TLSA set, with its signature; %.0f more for a zone\n", set,
              zone_and_set - set);
}

}  // namespace

int main() {
  mallopt(M_ARENA_MAX, 1);  // or what a thread has freed would count as used
  time_lookups();
  many_at_once();
  memory();
  return missed == 0 ? 0 : 1;
}
