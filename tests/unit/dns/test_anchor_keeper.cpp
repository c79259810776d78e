#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "dns/anchor_keeper.hpp"
#include "dns/resolver.hpp"
#include "dns/stub_engine.hpp"
#include "dnssec/anchor_state_text.hpp"
#include "scripted_server.hpp"
#include "support.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace danelaw::dns::test;
using namespace std::chrono_literals;
using dnssec::AnchorState;
using dnssec::KeyState;
namespace files = std::filesystem;

namespace {

constexpr EpochSeconds day = dnssec::day_seconds;
const DnsName root = name(".");
const lab::SigningKey old_key = lab::SigningKey::seeded(1, lab::entry_point);
const lab::SigningKey new_key = lab::SigningKey::seeded(2, lab::entry_point);
const TrustAnchors configured = {{root, RrType::Ds, old_key.ds(root)}};

class Folder final {
 public:
  Folder() {
    std::string pattern = (files::temp_directory_path() / "danelaw-anchors-XXXXXX").string();
    m_path = mkdtemp(pattern.data());
  }
  ~Folder() { files::remove_all(m_path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string state() const { return (m_path / "state").string(); }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(files::directory_iterator(m_path), {}));
  }

 private:
  files::path m_path;
};

void write_file(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

lab::Records rrset(const std::vector<lab::SigningKey>& keys, const std::vector<lab::SigningKey>& signers,
                   EpochSeconds now) {
  lab::Records records;
  for (const auto& key : keys) records.push_back(lab::record(root, RrType::Dnskey, key.dnskey()));
  lab::Records signatures;
  for (const auto& key : signers)
    signatures.push_back(lab::rrsig(records, key, root, {now - day, now + 10 * day}));
  lab::append(records, signatures);
  return records;
}

std::string word(const AnchorState& state, const lab::SigningKey& key) {
  for (const auto& followed : state.keys)
    if (followed.rdata == key.dnskey()) return std::string(to_string(followed.state));
  return "start";
}

}  // namespace

TEST_SUITE("RFC 5011: the file of the state") {
  TEST_CASE("R5011-a: without a file the configured anchors count, and the first look makes it") {
    const Folder folder;
    auto keeper = AnchorKeeper::open(folder.state(), configured);
    REQUIRE(keeper.ok());
    CHECK(keeper->anchors().size() == 1);
    CHECK(keeper->is_due(lab::now));
    CHECK_FALSE(keeper->feed(rrset({old_key}, {new_key}, lab::now), lab::now));  // signed by a stranger
    CHECK_FALSE(files::exists(folder.state()));
    keeper->feed(rrset({old_key, new_key}, {old_key}, lab::now), lab::now);
    const auto again = AnchorKeeper::open(folder.state(), configured);
    REQUIRE(again.ok());
    CHECK(again->state() == keeper->state());
    CHECK(word(again->state(), new_key) == "add-pending");
    CHECK_FALSE(again->is_due(lab::now + 60));
    CHECK(again->is_due(lab::now - 60));
    CHECK(again->is_due(lab::now + 5 * day));
    CHECK(folder.entries() == 1);
  }

  TEST_CASE("R5011-a: a file that is broken, another zone's, or others' to write is an error and stays") {
    const std::string good = to_text(AnchorState{root, 1, 2});
    const std::string other = to_text(AnchorState{name("example"), 1, 2});
    for (const std::string& text : {std::string(), good.substr(0, good.size() - 1), good + "x", other,
                                    std::string(dnssec::max_state_octets + 1, 'x')}) {
      INFO(text.substr(0, 100));
      const Folder folder;
      write_file(folder.state(), text);
      const auto keeper = AnchorKeeper::open(folder.state(), configured);
      REQUIRE_FALSE(keeper.ok());
      CHECK(keeper.problem().fault == Fault::Anchor);
      CHECK(keeper.problem().text.starts_with(folder.state()));
      CHECK(files::file_size(folder.state()) == text.size());
    }
    const Folder folder;
    write_file(folder.state(), good);
    CHECK(AnchorKeeper::open(folder.state(), configured).ok());
    chmod(folder.state().c_str(), 0666);
    CHECK_FALSE(AnchorKeeper::open(folder.state(), configured).ok());
    files::remove(folder.state());
    REQUIRE(mkfifo(folder.state().c_str(), 0600) == 0);
    CHECK_FALSE(AnchorKeeper::open(folder.state(), configured).ok());
  }

  TEST_CASE(
      "R5011-a: where every anchor is revoked there is an error, and anchors of several zones have no "
      "state") {
    const Folder folder;
    AnchorState state{root, 1, 2};
    state.keys.push_back({old_key.dnskey(), KeyState::Revoked, 1, 0});
    write_file(folder.state(), to_text(state));
    const auto keeper = AnchorKeeper::open(folder.state(), configured);
    REQUIRE_FALSE(keeper.ok());
    CHECK(keeper.problem().text.find("revoked") != std::string::npos);
    TrustAnchors two = configured;
    CHECK_FALSE(AnchorKeeper::open(folder.state() + "/below", configured).ok());
    CHECK_FALSE(AnchorKeeper::open("/nowhere/at/all", configured).ok());
    two.push_back({name("example"), RrType::Ds, old_key.ds(name("example"))});
    CHECK_FALSE(AnchorKeeper::open(folder.state() + "2", two).ok());
  }

  TEST_CASE("R5011-a: what another process has learned is taken over, not overwritten") {
    const Folder folder;
    auto one = AnchorKeeper::open(folder.state(), configured);
    auto two = AnchorKeeper::open(folder.state(), configured);
    REQUIRE(one.ok());
    REQUIRE(two.ok());
    one->feed(rrset({old_key, new_key}, {old_key}, lab::now), lab::now);
    two->feed(rrset({old_key}, {old_key}, lab::now), lab::now + 10);  // its look was not due any more
    CHECK(word(two->state(), new_key) == "add-pending");
    CHECK(word(AnchorKeeper::open(folder.state(), configured)->state(), new_key) == "add-pending");
  }

  TEST_CASE("R5011-a: the stub engine looks when it is due, and goes on with the new key alone") {
    const Folder folder;
    std::atomic<EpochSeconds> now{lab::now};
    std::atomic<int> phase{0};
    ScriptedServer server([&](const dnssec::Question&, const Buffer& query) {
      const auto gone = old_key.with_flags(lab::entry_point | lab::revoked);
      const lab::Records records = phase == 0   ? rrset({old_key, new_key}, {old_key}, now)
                                   : phase == 1 ? rrset({gone, new_key}, {gone, new_key}, now)
                                                : rrset({new_key}, {new_key}, now);
      return std::vector<Buffer>{reply_to(query, {records})};
    });
    const auto make = [&] {
      StubSettings stub;
      stub.anchors = configured;
      stub.resolvers = {server.address()};
      stub.clock = [&now] { return now.load(); };
      stub.anchor_state = folder.state();
      ResolverSettings settings;
      settings.engine = stub_engine(std::move(stub));
      settings.clock = [&now] { return now.load(); };
      settings.cache_entries = 0;
      return Resolver::create(std::move(settings));
    };
    const auto asks = [](const std::shared_ptr<Resolver>& resolver) {
      const auto answer = resolver->ask({root, RrType::Dnskey})->wait(std::chrono::steady_clock::now() + 20s);
      return answer && std::holds_alternative<SecureRrset>(*answer);
    };
    const auto seen_at = [&](EpochSeconds time) {
      for (int tries = 0; tries < 1000; ++tries) {
        const auto keeper = AnchorKeeper::open(folder.state(), configured);
        if (!keeper || keeper->state().seen == time) return true;
        std::this_thread::sleep_for(10ms);
      }
      return false;
    };
    auto resolver = make();
    for (int looks = 0; looks < 8; ++looks) {  // every five days
      CHECK(asks(resolver));
      CHECK(seen_at(now));
      now += 5 * day;
    }
    phase = 1;
    CHECK(asks(resolver));
    CHECK(seen_at(now));
    const auto keeper = AnchorKeeper::open(folder.state(), configured);
    REQUIRE(keeper.ok());
    CHECK(word(keeper->state(), old_key) == "revoked");
    CHECK(word(keeper->state(), new_key) == "valid");
    phase = 2;
    now += day;
    CHECK(asks(resolver));  // this process has gone over to it
    CHECK(asks(make()));    // and so has the next
    CHECK(seen_at(now));
    files::remove(folder.state());
    CHECK_FALSE(asks(make()));  // the configured one alone is not enough any more
  }
}
