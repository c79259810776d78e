// Stores of proofs that answer when the test says, in front of a resolver that lies or is silent when the test says: searches that
// nobody waits for any more, and addresses of which one family comes from a store and the other from DNS.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dns/proof_store.hpp"
#include "dns/resolver.hpp"
#include "stub_client.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;

namespace {

const Question both_a = question("both.signed.example", RrType::A);
const Question both_aaaa = question("both.signed.example", RrType::Aaaa);

const lab::World& world() {
  static const lab::World made = [] {
    const Buffer four{192, 0, 2, 1};
    const Buffer six{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    lab::World tree;
    lab::Zone root(".", lab::Chain::Nsec);
    lab::Zone tld("example", lab::Chain::Nsec);
    lab::Zone zone("signed.example", lab::Chain::Nsec);
    for (const char* host : {"both.signed.example", "four.signed.example", "six.signed.example"}) {
      Buffer tlsa(35, 0x11);
      tlsa[0] = 3;
      zone.add(std::string("_443._tcp.") + host, RrType::Tlsa, tlsa);
      if (host[0] != 's') zone.add(host, RrType::A, four);
      if (host[0] != 'f') zone.add(host, RrType::Aaaa, six);
    }
    zone.add("alias.signed.example", RrType::Cname, lab::name_rdata("both.signed.example"));
    zone.add("bare.signed.example", RrType::A, four).add("bare.signed.example", RrType::Aaaa, six);
    tld.delegate("signed.example", {tree.add(std::move(zone)).ds()});
    root.delegate("example", {tree.add(std::move(tld)).ds()});
    tree.add(std::move(root));
    return tree;
  }();
  return made;
}

/// As a resolver does, which follows aliases.
Datagrams truth(const dnssec::Question& asked, const Buffer& query) {
  lab::Records records = world().reply(asked);
  if (asked.name == name("alias.signed.example") && asked.type != RrType::Cname)
    lab::append(records, world().reply({name("both.signed.example"), asked.type}));
  return {reply_to(query, {records})};
}

/// A map, which takes validated records only, as an application's store does.
class MapStore final : public ProofStore {
 public:
  std::map<std::string, Buffer> entries;
  bool holds_back = false;  ///< nobody is answered before tell()
  int asked = 0, refused = 0;

  [[nodiscard]] bool takes(const Answer& answer) const override {
    return std::holds_alternative<SecureRrset>(answer);
  }
  [[nodiscard]] std::chrono::milliseconds patience() const override { return 1h; }
  void find(const std::string& entry, Found found) override {
    ++asked;
    m_held.emplace_back(entry, std::move(found));
    if (!holds_back) tell();
  }
  void keep(const std::string& entry, Bytes octets, EpochSeconds, EpochSeconds) override {
    entries[entry] = to_buffer(octets);
  }
  void refuse(const std::string&) override { ++refused; }

  /// All that wait, what there is.
  void tell() {
    for (const auto& [entry, found] : std::exchange(m_held, {})) {
      const auto at = entries.find(entry);
      found(at == entries.end() ? std::nullopt : std::optional(at->second));
    }
  }

 private:
  std::vector<std::pair<std::string, Found>> m_held;
};

StubSettings settings_for(const ResolverAddress& resolver, std::vector<std::shared_ptr<ProofStore>> stores) {
  StubSettings settings = Client::settings_for({resolver}, 1h, world().anchors());
  settings.stores = std::move(stores);
  settings.most_patience = 1h;
  return settings;
}

/// An engine with a store that is silent and one behind it, in a loop that runs only when a test says so.
struct Searching {
  Searching() {
    first->holds_back = true;
    FailedAnswer failure;
    engine = stub_engine(settings_for(server.address(), {first, second}))(*loop, failure);
  }
  Engine::Ticket ask(const Question& question) {
    return engine->ask(question, [this, question](const Answer& answer) { got[question] = word(answer); });
  }
  bool is_told(const Question& question) {
    for (int i = 0; i < 1000 && !got.contains(question); ++i) loop->run_once(20ms);
    return got.contains(question);
  }
  void run() const {
    for (int i = 0; i < 10; ++i) loop->run_once(1ms);
  }

  ScriptedServer server{truth};
  std::string problem;
  const std::unique_ptr<EventLoop> loop = EventLoop::create(problem);
  const std::shared_ptr<MapStore> first = std::make_shared<MapStore>();
  const std::shared_ptr<MapStore> second = std::make_shared<MapStore>();
  std::unique_ptr<Engine> engine;
  std::map<Question, std::string> got;
};

}  // namespace

TEST_SUITE("Stores of proofs: a search that nobody waits for") {
  TEST_CASE("It ends at once, and what the store says later is heard by nobody") {
    for (const bool store_lies : {false, true}) {
      INFO(store_lies);
      Searching searching;
      const auto ticket = searching.ask(both_a);
      REQUIRE(searching.first->asked == 1);
      CHECK_FALSE(searching.loop->is_idle());
      searching.engine->cancel(ticket);
      CHECK(searching.loop->is_idle());
      if (store_lies) searching.first->entries = {{std::string(64, '0'), Buffer(100)}};
      searching.first->tell();
      searching.run();
      CHECK(searching.got.empty());
      CHECK(searching.second->asked == 0);
      CHECK(searching.server.questions() == 0);
      searching.engine->cancel(ticket);
      CHECK(searching.loop->is_idle());
    }
  }

  TEST_CASE("Those of others go on, also for the same name") {
    Searching searching;
    const auto one = searching.ask(both_a);
    const auto two = searching.ask(both_a);
    searching.ask(both_aaaa);
    searching.engine->cancel(one);
    CHECK_FALSE(searching.loop->is_idle());
    searching.first->tell();
    CHECK(searching.is_told(both_a));
    CHECK(searching.is_told(both_aaaa));
    CHECK(searching.got[both_a] == "secure both.signed.example");
    CHECK(searching.got[both_aaaa] == "secure both.signed.example");
    CHECK(searching.second->asked == 2);
    searching.engine->cancel(two);
    searching.run();
    CHECK(searching.loop->is_idle());
  }

  TEST_CASE("At the second store as at the first, and before DNS is asked") {
    Searching searching;
    searching.second->holds_back = true;
    const auto ticket = searching.ask(both_a);
    searching.first->tell();
    searching.run();
    REQUIRE(searching.second->asked == 1);
    CHECK_FALSE(searching.loop->is_idle());
    searching.engine->cancel(ticket);
    CHECK(searching.loop->is_idle());
    searching.second->tell();
    searching.run();
    CHECK(searching.got.empty());
    CHECK(searching.server.questions() == 0);
  }
}

namespace {

enum class Dns { IsHonest, Lies, Refuses, IsSilent };

std::string words(const TlsaAnswer& answer) {
  const std::string base = " at " + answer.base_domain.to_text() + (answer.expanded ? " expanded" : "");
  if (const auto* error = std::get_if<tlsa::LookupError>(&answer.result))
    return "error " + std::string(to_string(error->fault));
  if (const auto* found = std::get_if<TlsaFound>(&answer.result))
    return std::to_string(found->rdatas.size()) + " found" + base;
  if (std::holds_alternative<TlsaInsecure>(answer.result)) return "insecure" + base;
  return "absent" + base;
}

using Entries = std::map<std::string, Buffer>;

std::shared_ptr<MapStore> store_with(Entries entries) {
  auto store = std::make_shared<MapStore>();
  store->entries = std::move(entries);
  return store;
}

/// What a store is given of the answers to these.
Entries kept_of(const std::vector<Question>& questions) {
  const auto store = std::make_shared<MapStore>();
  ScriptedServer server(truth);
  Client(settings_for(server.address(), {store})).ask_all(questions);
  return store->entries;
}

/// What a resolver of its own finds about the host; `dns` is what its server does with questions for these types.
std::string looked_up(const char* host, const std::shared_ptr<ProofStore>& store,
                      const std::set<RrType>& types = {}, Dns dns = Dns::IsHonest) {
  ScriptedServer server([types, dns](const dnssec::Question& asked, const Buffer& query) {
    Datagrams replies = truth(asked, query);
    if (!types.contains(asked.type) || dns == Dns::IsHonest) return replies;
    if (dns == Dns::IsSilent) return Datagrams();
    if (dns == Dns::Refuses) return Datagrams{reply_to(query, {{}, 0x8182})};
    replies.front().back() ^= 1;  // of the last signature
    return replies;
  });
  ResolverSettings settings;
  settings.engine = stub_engine(settings_for(server.address(), {store}));
  settings.clock = [] { return lab::now; };
  settings.deadline = 60s;
  const auto resolver = Resolver::create(std::move(settings));
  const auto answer = resolver->look_up({name(host), 443, tlsa::Transport::Tcp})
                          ->wait(std::chrono::steady_clock::now() + 20s);
  return answer ? words(*answer) : "late";
}

}  // namespace

TEST_SUITE("Decision 0009: one family of addresses from a store of proofs, the other from DNS") {
  TEST_CASE("The outcome is the one without a store, whatever DNS says of the other family, and at once") {
    struct Row {
      const char* host;
      const char* end;  ///< of its aliases
      const char* want;
    };
    const std::vector<Row> rows{
        {"both.signed.example", "both.signed.example", "1 found at both.signed.example"},
        {"four.signed.example", "four.signed.example", "1 found at four.signed.example"},
        {"six.signed.example", "six.signed.example", "1 found at six.signed.example"},
        {"alias.signed.example", "both.signed.example", "1 found at both.signed.example expanded"},
        {"bare.signed.example", "bare.signed.example", "absent at bare.signed.example"},
    };
    for (const Row& row : rows) {
      INFO(row.host);
      const Question tlsa = question(std::string("_443._tcp.") + row.end, RrType::Tlsa);
      CHECK(looked_up(row.host, store_with({})) == row.want);
      for (const RrType kept : {RrType::A, RrType::Aaaa}) {
        const RrType other = kept == RrType::A ? RrType::Aaaa : RrType::A;
        const Question address{name(row.host), kept};
        // A family that the host does not have is denied, and no store is given that: DNS tells it, as well as the other.
        if (kept_of({address}).empty()) continue;
        for (const Entries& entries : {kept_of({address}), kept_of({address, tlsa})}) {
          for (const Dns dns : {Dns::IsHonest, Dns::Lies, Dns::Refuses, Dns::IsSilent}) {
            INFO(static_cast<int>(kept)
                 << " is kept, in " << entries.size() << ", DNS " << static_cast<int>(dns));
            const auto store = store_with(entries);
            CHECK(looked_up(row.host, store, {other}, dns) == row.want);
            CHECK(store->refused == 0);
          }
        }
      }
    }
  }

  TEST_CASE("What DNS says of the other family counts where the store's entry is of no use") {
    for (const auto& [kept, other] : {std::pair{both_a, both_aaaa}, std::pair{both_aaaa, both_a}}) {
      Entries entries = kept_of({kept});
      REQUIRE(entries.size() == 1);
      entries.begin()->second.back() ^= 1;
      for (const Dns dns : {Dns::Lies, Dns::Refuses, Dns::IsSilent}) {
        const auto store = store_with(entries);
        CHECK(looked_up("both.signed.example", store, {kept.type}, dns) == "1 found at both.signed.example");
        CHECK(store->refused == 1);
      }
      CHECK(looked_up("both.signed.example", store_with(entries), {kept.type, other.type}, Dns::Lies) ==
            "error bogus");
    }
  }
}
