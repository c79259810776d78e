// danelaw/proof_store.h over a resolver that asks a server of ours, about zones that are signed now: what a store can do to an
// answer, which is nothing.
#include "danelaw/proof_store.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/hex.hpp"
#include "dns/proof_entry.hpp"
#include "scripted_server.hpp"
#include "world.hpp"

using namespace danelaw;
using namespace std::chrono_literals;
namespace files = std::filesystem;

namespace {

constexpr const char* mx_host = "mx.signed.example";
constexpr const char* other_host = "other.signed.example";
constexpr const char* nobody = "nobody.signed.example";
constexpr const char* unsigned_host = "mx.unsigned.example";
constexpr std::int64_t most_ttl = 3600;

const lab::World& world() {
  static const lab::World made = [] {
    const EpochSeconds now = std::time(nullptr);
    const lab::Signing signing{now - 86400, now + 86400};
    lab::World tree;
    lab::Zone root(".", lab::Chain::Nsec);
    lab::Zone tld("example", lab::Chain::Nsec);
    lab::Zone is_signed("signed.example", lab::Chain::Nsec);
    lab::Zone is_unsigned("unsigned.example", lab::Chain::Unsigned);
    is_signed.add(mx_host, RrType::A, {192, 0, 2, 1}).add(other_host, RrType::A, {192, 0, 2, 2});
    is_unsigned.add(unsigned_host, RrType::A, {192, 0, 2, 3});
    tld.delegate("unsigned.example");
    tree.add(std::move(is_unsigned));
    tld.delegate("signed.example", {tree.add(std::move(is_signed.times(signing))).ds()});
    root.delegate("example", {tree.add(std::move(tld.times(signing))).ds()});
    tree.add(std::move(root.times(signing)));
    return tree;
  }();
  return made;
}

/// A path of its own, at which there is nothing; what is there goes with it.
struct Place {
  Place() {
    std::string pattern = (files::temp_directory_path() / "danelaw-store-XXXXXX").string();
    folder = mkdtemp(pattern.data());
  }
  ~Place() { files::remove_all(folder); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] std::string at(const char* name) const { return folder / name; }
  files::path folder;
};

/// A map of names to octets, as a store that anybody may write to.
class Shared {
 public:
  enum class Answers { AtOnce, FromAThread, Never };

  explicit Shared(Answers when = Answers::AtOnce) : m_when(when) {}
  ~Shared() { finish_all(); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  [[nodiscard]] danelaw_proof_store table(unsigned patience = 5000) {
    return {sizeof(danelaw_proof_store), this, fetch, keep, refuse, patience};
  }

  std::map<std::string, Buffer> entries() {
    const std::lock_guard lock(m_mutex);
    return m_entries;
  }
  void put(const std::string& name, Buffer entry) {
    const std::lock_guard lock(m_mutex);
    m_entries[name] = std::move(entry);
  }
  std::atomic<int> asked{0}, refused{0};
  std::atomic<std::int64_t> expiry{0};

  /// What was put off until now.
  void finish_all() {
    for (std::thread& thread : m_threads) thread.join();
    m_threads.clear();
    for (danelaw_proof_request* const request : m_open) danelaw_proof_request_finish(request, nullptr, 0);
    m_open.clear();
  }

 private:
  static void fetch(void* user, const char* name, danelaw_proof_request* request) {
    auto& self = *static_cast<Shared*>(user);
    const std::lock_guard lock(self.m_mutex);
    if (self.m_when == Answers::Never) self.m_open.push_back(request);
    ++self.asked;
    if (self.m_when == Answers::Never) return;
    const auto found = self.m_entries.find(name);
    const Buffer entry = found == self.m_entries.end() ? Buffer() : found->second;
    const auto finish = [request, entry] {
      danelaw_proof_request_finish(request, entry.empty() ? nullptr : entry.data(), entry.size());
    };
    if (self.m_when == Answers::AtOnce) return finish();
    self.m_threads.emplace_back(finish);
  }
  static void keep(void* user, const char* name, const std::uint8_t* entry, std::size_t octets,
                   std::int64_t expiry) {
    auto& self = *static_cast<Shared*>(user);
    self.put(name, Buffer(entry, entry + octets));
    self.expiry = expiry;
  }
  static void refuse(void* user, const char* /*name*/) { ++static_cast<Shared*>(user)->refused; }

  const Answers m_when;
  std::mutex m_mutex;
  std::map<std::string, Buffer> m_entries;
  std::vector<danelaw_proof_request*> m_open;
  std::vector<std::thread> m_threads;
};

/// A process that has asked nothing yet, with its own resolver.
class Asker {
 public:
  using Answer = std::unique_ptr<danelaw_answer, void (*)(danelaw_answer*)>;

  explicit Asker(const danelaw_proof_store* store, const std::string& cache = "off")
      : m_server([](const dnssec::Question& asked, const Buffer& query) {
          return std::vector<Buffer>{dns::test::reply_to(query, {world().reply(asked)})};
        }) {
    const std::string anchors = m_place.at("anchors");
    std::ofstream(anchors) << ". DS " << text_of(world().zone(".").ds()) << "\n";
    danelaw_settings* const settings = danelaw_settings_new();
    const auto set = [&](const char* key, const std::string& value) {
      REQUIRE(danelaw_settings_set(settings, key, value.c_str(), nullptr) == DANELAW_OK);
    };
    set("trust_anchors", anchors);
    set("resolvers", "127.0.0.1@" + std::to_string(m_server.address().port));
    set("cache", cache);
    REQUIRE(danelaw_settings_set_proof_store(settings, store, nullptr) == DANELAW_OK);
    REQUIRE(danelaw_resolver_new(settings, &m_resolver, nullptr) == DANELAW_OK);
    danelaw_settings_free(settings);
  }
  ~Asker() { danelaw_resolver_free(m_resolver); }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  danelaw_status ask(const char* name) {
    const Answer answer = answer_about(name);
    text = danelaw_answer_count(answer.get()) == 0 ? "" : danelaw_answer_text(answer.get(), 0);
    ttl = danelaw_answer_ttl(answer.get());
    return danelaw_answer_status(answer.get());
  }
  /// Any thread.
  [[nodiscard]] Answer answer_about(const char* name) const {
    danelaw_answer* answer = nullptr;
    danelaw_query(m_resolver, name, "A", &answer, nullptr);
    return {answer, danelaw_answer_free};
  }
  [[nodiscard]] int questions() const { return m_server.questions(); }

  std::string text;
  std::uint32_t ttl = 0;

 private:
  static std::string text_of(const Buffer& ds) {
    return std::to_string(ds[0] * 256 + ds[1]) + " " + std::to_string(ds[2]) + " " + std::to_string(ds[3]) +
           " " + to_hex(Bytes(ds).subspan(4));
  }

  Place m_place;
  dns::test::ScriptedServer m_server;
  danelaw_resolver* m_resolver = nullptr;
};

/// What a first process leaves in `store` about these names.
void fill(Shared& store, const std::vector<const char*>& names) {
  const danelaw_proof_store table = store.table();
  Asker first(&table);
  for (const char* name : names) first.ask(name);
}

/// The one entry about a host of the signed zone, and its name.
std::pair<std::string, Buffer> entry_about(const char* host) {
  Shared store;
  fill(store, {host});
  const auto entries = store.entries();
  REQUIRE(entries.size() == 1);
  return *entries.begin();
}

Buffer at_other_times(const Buffer& octets, EpochSeconds fetched, EpochSeconds expires) {
  dns::ProofEntry entry = dns::read_entry(octets).value();
  entry.fetched = fetched;
  entry.expires = expires;
  return dns::write_entry(entry).value();
}

}  // namespace

TEST_SUITE("An application's store of proofs") {
  TEST_CASE("What one resolver has proved, another finds there and asks no DNS") {
    for (const auto when : {Shared::Answers::AtOnce, Shared::Answers::FromAThread}) {
      Shared store(when);
      fill(store, {mx_host, other_host});
      CHECK(store.entries().size() == 2);
      CHECK(store.expiry > std::time(nullptr));
      CHECK(store.expiry <= std::time(nullptr) + most_ttl);
      store.asked = 0;
      const danelaw_proof_store table = store.table();
      Asker second(&table);
      CHECK(second.ask(mx_host) == DANELAW_STATUS_SECURE);
      CHECK(second.text == "192.0.2.1");
      CHECK(second.ask(other_host) == DANELAW_STATUS_SECURE);
      CHECK(second.text == "192.0.2.2");
      CHECK(second.questions() == 0);
      CHECK(second.ask(mx_host) == DANELAW_STATUS_SECURE);
      CHECK(store.asked == 2);  // what is in memory is not fetched again
      CHECK(store.refused == 0);
    }
  }

  TEST_CASE("Denials and insecure answers are not given to it") {
    Shared store;
    fill(store, {nobody, unsigned_host});
    CHECK(store.entries().empty());
    fill(store, {nobody, mx_host, unsigned_host});
    CHECK(store.entries().size() == 1);
  }

  TEST_CASE("Beside a directory it is given its part of what the directory is") {
    const Place place;
    Shared store;
    {
      const danelaw_proof_store table = store.table();
      Asker keeps_both(&table, place.at("cache"));
      for (const char* name : {nobody, mx_host, unsigned_host}) keeps_both.ask(name);
    }
    CHECK(std::distance(files::directory_iterator(place.at("cache")), files::directory_iterator()) == 3);
    CHECK(store.entries().size() == 1);
  }

  TEST_CASE("Denials and insecure answers are not taken from it, however well they are proven") {
    const Place place;
    {
      Asker keeps_files(nullptr, place.at("cache"));
      CHECK(keeps_files.ask(nobody) == DANELAW_STATUS_SECURE_ABSENT);
      CHECK(keeps_files.ask(unsigned_host) == DANELAW_STATUS_INSECURE);
    }
    Shared store;
    for (const auto& file : files::directory_iterator(place.at("cache"))) {
      std::ifstream in(file.path(), std::ios::binary);
      store.put(file.path().filename(), Buffer(std::istreambuf_iterator<char>(in), {}));
    }
    REQUIRE(store.entries().size() == 2);
    const danelaw_proof_store table = store.table();
    Asker second(&table);
    CHECK(second.ask(nobody) == DANELAW_STATUS_SECURE_ABSENT);
    CHECK(store.refused == 1);
    const int before = second.questions();
    CHECK(before > 0);
    CHECK(second.ask(unsigned_host) == DANELAW_STATUS_INSECURE);
    CHECK(store.refused == 2);
    CHECK(second.questions() > before);
  }

  TEST_CASE(
      "Forged, cut short, another's or endless, an entry costs the questions that it would have spared") {
    const auto [name, entry] = entry_about(mx_host);
    const auto about_another = entry_about(other_host);
    std::vector<Buffer> rows{Buffer(1, 0x00), Buffer(3000, 0xAA), about_another.second,
                             Buffer(dns::max_entry_octets + 1, 0x55)};
    for (std::size_t cut = 1; cut < entry.size(); cut += 97)
      rows.emplace_back(entry.begin(), entry.begin() + static_cast<std::ptrdiff_t>(cut));
    Buffer forged = entry;  // another address, with the signature of the right one
    const Buffer address{192, 0, 2, 1};
    const auto at = std::search(forged.begin(), forged.end(), address.begin(), address.end());
    REQUIRE(at != forged.end());
    *(at + 3) = 66;
    rows.push_back(forged);
    for (const Buffer& row : rows) {
      Shared store;
      store.put(name, row);
      const danelaw_proof_store table = store.table();
      Asker asker(&table);
      CHECK(asker.ask(mx_host) == DANELAW_STATUS_SECURE);
      CHECK(asker.text == "192.0.2.1");
      CHECK(asker.questions() > 0);
      CHECK(store.refused == (row.size() > dns::max_entry_octets ? 0 : 1));
    }
  }

  TEST_CASE("With any octet changed an entry proves what it did, or nothing") {
    const auto [name, entry] = entry_about(mx_host);
    for (std::size_t place = 0; place < entry.size(); place += 23) {
      Shared store;
      Buffer changed = entry;
      changed[place] ^= 0x20;
      store.put(name, changed);
      const danelaw_proof_store table = store.table();
      Asker asker(&table);
      CHECK(asker.ask(mx_host) == DANELAW_STATUS_SECURE);
      CHECK(asker.text == "192.0.2.1");
      CHECK((asker.questions() > 0) == (store.refused == 1));
    }
  }

  TEST_CASE("An entry is not used past its TTL, whatever it says of its end") {
    const auto [name, entry] = entry_about(mx_host);
    const EpochSeconds now = std::time(nullptr);
    Shared store;
    const danelaw_proof_store table = store.table();
    // Ended; ended by its TTL, though it says otherwise; and from the future.
    for (const auto& times : {std::pair{now - 100, now - 1}, std::pair{now - most_ttl - 1, now + 60},
                              std::pair{now + 3600, now + 7000}}) {
      store.refused = 0;
      store.put(name, at_other_times(entry, times.first, times.second));
      Asker asker(&table);
      CHECK(asker.ask(mx_host) == DANELAW_STATUS_SECURE);
      CHECK(asker.questions() > 0);
      CHECK(store.refused == 1);
    }
    store.put(name, at_other_times(entry, now - most_ttl + 100, now + most_ttl));
    Asker asker(&table);
    CHECK(asker.ask(mx_host) == DANELAW_STATUS_SECURE);
    CHECK(asker.questions() == 0);
    CHECK(asker.ttl <= 100);
  }

  TEST_CASE("A store that never answers costs its patience, and one that answers when all is over nothing") {
    Shared store(Shared::Answers::Never);
    {
      const danelaw_proof_store table = store.table(1);
      Asker asker(&table);
      CHECK(asker.ask(mx_host) == DANELAW_STATUS_SECURE);
      CHECK(asker.questions() > 0);
      CHECK(store.asked == 1);
      store.finish_all();
      CHECK(asker.ask(other_host) == DANELAW_STATUS_SECURE);
    }
    store.finish_all();  // the resolver is gone
    CHECK(store.entries().size() == 2);
  }

  TEST_CASE("While a store is silent, others' questions are answered") {
    const Place place;
    {
      Asker keeps_files(nullptr, place.at("cache"));
      CHECK(keeps_files.ask(mx_host) == DANELAW_STATUS_SECURE);
    }
    Shared store(Shared::Answers::Never);
    const danelaw_proof_store table = store.table(60'000);  // longer than the whole lookup may take
    Asker asker(&table, place.at("cache"));
    danelaw_status late = DANELAW_STATUS_ERROR;
    std::thread waits([&] { late = danelaw_answer_status(asker.answer_about(other_host).get()); });
    while (store.asked == 0) std::this_thread::sleep_for(1ms);
    CHECK(asker.ask(mx_host) == DANELAW_STATUS_SECURE);  // the directory comes first
    CHECK(store.asked == 1);
    CHECK(asker.questions() == 0);
    store.finish_all();
    waits.join();
    CHECK(late == DANELAW_STATUS_SECURE);
  }

  TEST_CASE("Bad tables are refused, and engines that keep no proofs") {
    danelaw_settings* const settings = danelaw_settings_new();
    Shared store;
    danelaw_proof_store table = store.table();
    danelaw_problem problem{};
    CHECK(danelaw_settings_set_proof_store(nullptr, &table, &problem) == DANELAW_ERR_ARGUMENT);
    table.fetch = nullptr;
    CHECK(danelaw_settings_set_proof_store(settings, &table, &problem) == DANELAW_ERR_ARGUMENT);
    table = store.table();
    table.size = 8;
    CHECK(danelaw_settings_set_proof_store(settings, &table, &problem) == DANELAW_ERR_ARGUMENT);
    table = store.table();
    CHECK(danelaw_settings_set_proof_store(settings, &table, &problem) == DANELAW_OK);
    REQUIRE(danelaw_settings_set(settings, "engine", "recursing", nullptr) == DANELAW_OK);
    danelaw_resolver* resolver = nullptr;
    CHECK(danelaw_resolver_new(settings, &resolver, &problem) == DANELAW_ERR_UNSUPPORTED);
    CHECK(std::string(problem.text).find("proof store") == 0);
    CHECK(danelaw_settings_set_proof_store(settings, nullptr, &problem) == DANELAW_OK);
    CHECK(danelaw_resolver_new(settings, &resolver, &problem) == DANELAW_OK);
    danelaw_resolver_free(resolver);
    danelaw_settings_free(settings);
    danelaw_proof_request_finish(nullptr, nullptr, 0);
  }
}
