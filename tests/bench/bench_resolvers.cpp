// A validated TLSA lookup by our stub engine, by getdns's own stub and by libunbound forwarding, side by side: questions, round
// trips and time. Each asks a relay in this process, which takes what was asked together to the world's warm resolver and back
// after 20 ms. tests/bench/run_cold starts it in the world. Questions and round trips are exact, so they are held against what is
// promised and against the others; what is missed is marked and makes the exit code 1. Times are shown.
//
// usage: bench_resolvers NAME SECOND: two owner names of TLSA records in one zone
#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>
#include <unbound.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "danelaw/danelaw.h"
#include "scripted_server.hpp"

using namespace danelaw::dns::test;

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;
constexpr int rounds = 7;
constexpr std::uint16_t tlsa_type = 52;

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "bench_resolvers: %s\n", what.c_str());
  std::exit(1);
}

std::string from_world(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr
             ? value
             : throw std::runtime_error(std::string(variable) + " is not set: run this in the world");
}

/// The world's resolver, asked over UDP.
std::vector<danelaw::Buffer> relayed(const danelaw::Buffer& query) {
  static const std::string address = from_world("DANELAW_WORLD_RESOLVER");
  sockaddr_in resolver{};
  resolver.sin_family = AF_INET;
  resolver.sin_port = htons(53);
  inet_pton(AF_INET, address.c_str(), &resolver.sin_addr);
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  danelaw::Buffer reply(4096);
  ssize_t octets = -1;
  pollfd ready{fd, POLLIN, 0};
  constexpr int patience = 5000;  // milliseconds
  if (sendto(fd, query.data(), query.size(), 0, reinterpret_cast<const sockaddr*>(&resolver),
             sizeof resolver) > 0 &&
      poll(&ready, 1, patience) > 0)
    octets = recv(fd, reply.data(), reply.size(), 0);
  close(fd);
  if (octets <= 0) return {};
  reply.resize(static_cast<std::size_t>(octets));
  return {reply};
}

/// One process's resolver, from its beginning to its end.
class Asker {
 public:
  virtual ~Asker() = default;
  /// Gives up where the answer is not secure.
  virtual void ask(const std::string& owner) = 0;
};

class Ours final : public Asker {
 public:
  explicit Ours(std::uint16_t port) {
    danelaw_settings* settings = danelaw_settings_new();
    danelaw_problem problem{};
    const auto set = [&](const char* key, const std::string& value) {
      if (danelaw_settings_set(settings, key, value.c_str(), &problem) != DANELAW_OK) give_up(problem.text);
    };
    set("engine", "stub");
    set("resolvers", "127.0.0.1@" + std::to_string(port));
    set("trust_anchors", from_world("DANELAW_WORLD_ANCHORS"));
    if (danelaw_resolver_new(settings, &m_resolver, &problem) != DANELAW_OK) give_up(problem.text);
    danelaw_settings_free(settings);
  }
  ~Ours() override { danelaw_resolver_free(m_resolver); }
  Ours(const Ours&) = delete;
  Ours& operator=(const Ours&) = delete;

  void ask(const std::string& owner) override {
    danelaw_answer* answer = nullptr;
    danelaw_problem problem{};
    if (danelaw_query(m_resolver, owner.c_str(), "TLSA", &answer, &problem) != DANELAW_OK)
      give_up(problem.text);
    if (danelaw_answer_status(answer) != DANELAW_STATUS_SECURE) give_up("ours: not secure");
    danelaw_answer_free(answer);
  }

 private:
  danelaw_resolver* m_resolver = nullptr;
};

class Getdns final : public Asker {
 public:
  explicit Getdns(std::uint16_t port) {
    getdns_dict* resolver = getdns_dict_create();
    getdns_dict_util_set_string(resolver, "address_type", "IPv4");
    std::array<std::uint8_t, 4> loopback{127, 0, 0, 1};
    getdns_bindata address{loopback.size(), loopback.data()};
    getdns_dict_set_bindata(resolver, "address_data", &address);
    getdns_dict_set_int(resolver, "port", port);
    getdns_list* resolvers = getdns_list_create();
    getdns_list_set_dict(resolvers, 0, resolver);
    std::FILE* const file = std::fopen(from_world("DANELAW_WORLD_ANCHORS").c_str(), "r");
    getdns_list* anchors = nullptr;
    if (file == nullptr || getdns_fp2rr_list(file, &anchors, nullptr, 3600) != GETDNS_RETURN_GOOD)
      give_up("no anchors");
    std::fclose(file);
    constexpr int from_nothing = 0;
    if (getdns_context_create(&m_context, from_nothing) != GETDNS_RETURN_GOOD ||
        getdns_context_set_resolution_type(m_context, GETDNS_RESOLUTION_STUB) != GETDNS_RETURN_GOOD ||
        getdns_context_set_dnssec_trust_anchors(m_context, anchors) != GETDNS_RETURN_GOOD ||
        getdns_context_set_upstream_recursive_servers(m_context, resolvers) != GETDNS_RETURN_GOOD)
      give_up("no getdns context");
    getdns_list_destroy(anchors);
    getdns_list_destroy(resolvers);
    getdns_dict_destroy(resolver);
  }
  ~Getdns() override { getdns_context_destroy(m_context); }
  Getdns(const Getdns&) = delete;
  Getdns& operator=(const Getdns&) = delete;

  void ask(const std::string& owner) override {
    getdns_dict* extensions = getdns_dict_create();
    getdns_dict_set_int(extensions, "dnssec_return_status", GETDNS_EXTENSION_TRUE);
    getdns_dict* response = nullptr;
    if (getdns_general_sync(m_context, owner.c_str(), tlsa_type, extensions, &response) != GETDNS_RETURN_GOOD)
      give_up("getdns: no answer");
    std::uint32_t status = 0;
    getdns_dict_get_int(response, "/replies_tree/0/dnssec_status", &status);
    if (status != GETDNS_DNSSEC_SECURE) give_up("getdns: not secure");
    getdns_dict_destroy(response);
    getdns_dict_destroy(extensions);
  }

 private:
  getdns_context* m_context = nullptr;
};

class Unbound final : public Asker {
 public:
  explicit Unbound(std::uint16_t port) : m_context(ub_ctx_create()) {
    const std::string resolver = "127.0.0.1@" + std::to_string(port);
    if (m_context == nullptr || ub_ctx_set_fwd(m_context, resolver.c_str()) != 0 ||
        ub_ctx_set_option(m_context, "do-not-query-localhost:", "no") != 0 ||
        ub_ctx_add_ta_file(m_context, from_world("DANELAW_WORLD_ANCHORS").c_str()) != 0)
      give_up("no libunbound context");
  }
  ~Unbound() override { ub_ctx_delete(m_context); }
  Unbound(const Unbound&) = delete;
  Unbound& operator=(const Unbound&) = delete;

  void ask(const std::string& owner) override {
    ub_result* result = nullptr;
    if (ub_resolve(m_context, owner.c_str(), tlsa_type, 1, &result) != 0 || result->secure == 0)
      give_up("libunbound: not secure");
    ub_resolve_free(result);
  }

 private:
  ub_ctx* m_context;
};

using Make = std::function<std::unique_ptr<Asker>(std::uint16_t port)>;

struct Cost {
  int questions = 0;
  int round_trips = 0;
  double ms = 0;
};

/// What `measured` costs after `before` were asked: the median of the time, the most of the rest.
Cost cost_of(const Make& make, const std::vector<std::string>& before, const std::string& measured) {
  Cost cost;
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    ScriptedServer relay([](const auto&, const danelaw::Buffer& query) { return relayed(query); },
                         std::chrono::milliseconds(20));
    const auto asker = make(relay.address().port);
    for (const std::string& owner : before) asker->ask(owner);
    const int questions = relay.questions();
    const int round_trips = relay.round_trips();
    const auto begun = Clock::now();
    asker->ask(measured);
    times.push_back(Milliseconds(Clock::now() - begun).count());
    cost.questions = std::max(cost.questions, relay.questions() - questions);
    cost.round_trips = std::max(cost.round_trips, relay.round_trips() - round_trips);
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  cost.ms = times[rounds / 2];
  return cost;
}

/// What a lookup by the stub engine may cost (decision 0017), or any other costs.
struct Most {
  int questions;
  int round_trips;
};

bool within(const Cost& cost, const Most& most) {
  return cost.questions <= most.questions && cost.round_trips <= most.round_trips;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_resolvers NAME SECOND\n");
    return 2;
  }
  const std::string name = argv[1];
  const std::string second = argv[2];
  const Make ours = [](std::uint16_t port) { return std::make_unique<Ours>(port); };
  const std::vector<std::pair<std::string, Make>> others{
      {"getdns stub", [](std::uint16_t port) { return std::make_unique<Getdns>(port); }},
      {"libunbound forwarding", [](std::uint16_t port) { return std::make_unique<Unbound>(port); }},
  };
  struct Row {
    const char* what;
    std::vector<std::string> before;
    std::string measured;
    Most most;
  };
  constexpr int any = 1000;
  const std::vector<Row> rows{{"cold", {}, name, {any, 2}},
                              {"a second name of the zone", {name}, second, {1, 1}},
                              {"repeated", {name}, name, {0, 0}}};
  bool good = true;
  const auto show = [&good](const std::string& what, const Cost& cost, bool is_good) {
    good = good && is_good;
    std::printf("%-46s %9d %12d %9.2f%s\n", what.c_str(), cost.questions, cost.round_trips, cost.ms,
                is_good ? "" : "  missed");
  };
  std::printf("%-46s %9s %12s %9s\n", "real zones, warm resolver at 20 ms", "questions", "round trips", "ms");
  for (const Row& row : rows) {
    const Cost mine = cost_of(ours, row.before, row.measured);
    show(std::string("danelaw stub, ") + row.what, mine, within(mine, row.most));
    for (const auto& [who, make] : others) {
      const Cost theirs = cost_of(make, row.before, row.measured);
      show(who + ", " + row.what, theirs, mine.round_trips <= theirs.round_trips);
    }
  }
  return good ? 0 : 1;
}
