#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "dns/served_chain.hpp"
#include "dnssec/authentication_chain.hpp"
#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dns;
using namespace lab;

constexpr auto lab_now = lab::now;

namespace {

TlsaQuestion service(std::string_view host, std::uint16_t port = 443,
                     tlsa::Transport transport = tlsa::Transport::Tcp) {
  return {name(host), port, transport, AliasOrder::Follow};
}

const Buffer tlsa_data = [] {
  Buffer octets{3, 1, 1};
  octets.resize(3 + 32, 0xAB);
  return octets;
}();

/// Services in zones of every kind.
const World& services() {
  static const World world = [] {
    World made;
    Zone leaf("good.z", Chain::Nsec);
    leaf.add("_443._tcp.www.good.z", RrType::Tlsa, tlsa_data);
    leaf.add("_853._udp.dns.good.z", RrType::Tlsa, tlsa_data);
    leaf.add("plain.good.z", RrType::A, {192, 0, 2, 1});
    leaf.add("host.good.z", RrType::Cname, name_rdata("www.good.z"));
    leaf.add("_443._tcp.alias.good.z", RrType::Cname, name_rdata("_443._tcp.www.good.z"));
    leaf.add("old.good.z", RrType::Dname, name_rdata("good.z"));
    Zone hashed("hashed.z", Chain::Nsec3);
    hashed.add("plain.hashed.z", RrType::A, {192, 0, 2, 1});
    hashed.add("*.wild.hashed.z", RrType::Tlsa, tlsa_data);
    Zone middle("z", Chain::Nsec);
    middle.delegate("good.z", {leaf.ds()});
    middle.delegate("hashed.z", {hashed.ds()});
    middle.delegate("open.z");
    Zone root(".", Chain::Nsec);
    root.delegate("z", {middle.ds()});
    made.add(std::move(leaf));
    made.add(std::move(hashed));
    made.add(std::move(middle));
    made.add(std::move(root));
    return made;
  }();
  return world;
}

Records records_for(std::string_view owner) { return services().collect(question(owner)); }

Buffer extension(const Records& records, std::uint16_t lifetime = 0) {
  return dnssec::DnssecChainExtension{lifetime, records}.to_wire().value();
}

Result<ServedAnswer> judged(const TlsaQuestion& question, const Buffer& data, EpochSeconds now) {
  return judge_served_chain(question, data, services().anchors(), now);
}

/// In one word.
std::string word(const TlsaQuestion& question, const Buffer& data, EpochSeconds now = lab_now) {
  const auto served = judged(question, data, now);
  if (!served) return "nothing";
  if (std::holds_alternative<TlsaFound>(served->answer.result)) return "records";
  if (std::holds_alternative<TlsaAbsent>(served->answer.result)) return "absent";
  return std::holds_alternative<TlsaInsecure>(served->answer.result) ? "insecure" : "error";
}

}  // namespace

TEST_SUITE("RFC 9102: what a server's chain proves") {
  TEST_CASE("R9102-2b: records, denials and insecurity, through aliases and wildcards") {
    struct Row {
      const char* host;
      const char* owner;
      const char* want;
    };
    const Row rows[] = {
        {"www.good.z", "_443._tcp.www.good.z", "records"},
        {"alias.good.z", "_443._tcp.alias.good.z", "records"},
        {"www.old.good.z", "_443._tcp.www.old.good.z", "records"},
        {"plain.good.z", "_443._tcp.plain.good.z", "absent"},
        {"plain.hashed.z", "_443._tcp.plain.hashed.z", "absent"},
        {"any.wild.hashed.z", "_443._tcp.any.wild.hashed.z", "records"},
        {"www.open.z", "_443._tcp.www.open.z", "insecure"},
    };
    for (const Row& row : rows) {
      INFO(row.host);
      Records records = records_for(row.owner);
      CHECK(word(service(row.host), extension(records)) == row.want);
      std::ranges::reverse(records);
      append(records, records_for("_853._udp.dns.good.z"));  // which has nothing to do with it
      CHECK(word(service(row.host), extension(records)) == row.want);
    }
  }

  TEST_CASE("R9102-2b: a DNAME needs no synthesized CNAME") {
    Records records = records_for("_443._tcp.www.old.good.z");
    std::erase_if(records, [](const auto& record) {
      return record.type == RrType::Cname && record.owner == name("_443._tcp.www.old.good.z");
    });
    CHECK(word(service("www.old.good.z"), extension(records)) == "records");
  }

  TEST_CASE("R9102-3a: host aliases are not chased") {
    const Records records = records_for("_443._tcp.host.good.z");
    CHECK(word(service("host.good.z"), extension(records)) == "absent");
    CHECK(word(service("host.good.z"), extension(records_for("_443._tcp.www.good.z"))) == "nothing");
  }

  TEST_CASE("R9102-3a: port and transport are the service's") {
    const Buffer of_dns = extension(records_for("_853._udp.dns.good.z"));
    CHECK(word(service("dns.good.z", 853, tlsa::Transport::Udp), of_dns) == "records");
    CHECK(word(service("dns.good.z", 853), of_dns) == "nothing");
    CHECK(word(service("dns.good.z", 443, tlsa::Transport::Udp), of_dns) == "nothing");
  }

  TEST_CASE("R9102-2a: the answer says what DNS would, for the host as it was sent") {
    const auto served =
        judged(service("www.good.z"), extension(records_for("_443._tcp.www.good.z"), 7), lab_now);
    REQUIRE(served.ok());
    CHECK(served->support_lifetime == std::chrono::hours(7));
    CHECK(served->answer.base_domain == name("www.good.z"));
    CHECK_FALSE(served->answer.expanded);
    CHECK(served->answer.expires > lab_now);
    CHECK(served->answer.expires <= lab_now + 86400);
    CHECK(std::get<TlsaFound>(served->answer.result).rdatas == std::vector<Buffer>{tlsa_data});
  }

  TEST_CASE("R9102-2c: what is missing, forged, expired, truncated or under no anchor proves nothing") {
    const Records records = records_for("_443._tcp.www.good.z");
    const Buffer whole = extension(records);
    REQUIRE(word(service("www.good.z"), whole) == "records");
    for (const RrType type : {RrType::Tlsa, RrType::Dnskey, RrType::Ds, RrType::Rrsig}) {
      INFO(static_cast<int>(type));
      Records fewer = records;
      std::erase_if(fewer, [type](const auto& record) { return record.type == type; });
      CHECK(word(service("www.good.z"), extension(fewer)) == "nothing");
    }
    Records forged = records;
    const auto found = std::ranges::find(forged, RrType::Tlsa, &ResourceRecord::type);
    REQUIRE(found != forged.end());
    found->rdata.back() ^= 1;
    CHECK(word(service("www.good.z"), extension(forged)) == "nothing");
    constexpr EpochSeconds ten_years = 10LL * 365 * 86400;
    CHECK(word(service("www.good.z"), whole, lab_now + ten_years) == "nothing");
    CHECK(word(service("www.good.z"), whole, lab_now - ten_years) == "nothing");
    CHECK_FALSE(judge_served_chain(service("www.good.z"), whole, {}, lab_now).ok());
    for (std::size_t octets = 0; octets < whole.size(); octets += 13)
      CHECK(word(service("www.good.z"), Buffer(whole.begin(), whole.begin() + static_cast<long>(octets))) ==
            "nothing");
  }

  TEST_CASE("R9102-2c: no lifetime is longer than DNS's would be, and no name too long is judged") {
    const auto absent =
        judged(service("plain.good.z"), extension(records_for("_443._tcp.plain.good.z")), lab_now);
    REQUIRE(absent.ok());
    CHECK(absent->answer.expires <= lab_now + 3600);
    const std::string label(62, 'a');
    const std::string long_name = label + "." + label + "." + label + "." + label;
    CHECK(word(service(long_name), extension(records_for("_443._tcp.www.good.z"))) == "nothing");
  }
}
