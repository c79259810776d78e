// Every kind of proof, cut down to the records that it needs, with every bit of every field of every record flipped: a
// failure each time, unless the bit is one of those that by definition say nothing (matters()).
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "world.hpp"

using namespace danelaw;
using namespace danelaw::dnssec;
using namespace lab;

namespace {

constexpr std::size_t signer_at = 18;  // in an RRSIG's RDATA

/// What a verdict says but for its times.
std::string said(const Verdict& verdict) {
  std::string text = summary(verdict);
  if (const auto* const secure = std::get_if<SecureRrset>(&verdict)) {
    for (const Buffer& rdata : secure->rdatas) text.append(" ").append(rdata.begin(), rdata.end());
  }
  return text;
}

bool is_failure(const Verdict& verdict) {
  return std::holds_alternative<Bogus>(verdict) || std::holds_alternative<Missing>(verdict);
}

/// A root of that chain with everything in it that a proof can be about, and zones below it.
World world_of(Chain chain) {
  World world;
  Zone root(".", chain);
  const Buffer address{192, 0, 2, 1};
  root.add("www", RrType::A, address).add("_443._tcp.www", RrType::Tlsa, Buffer(35, 1));
  for (std::uint8_t last = 1; last < 4; ++last) root.add("many", RrType::A, {192, 0, 2, last});
  root.add("*.wild", RrType::A, address).add("there.wild", RrType::A, address);
  root.add("alias", RrType::Cname, name_rdata("www")).add("*.walias", RrType::Cname, name_rdata("www"));
  root.add("moved", RrType::Dname, name_rdata("wild")).add("deep.empty", RrType::A, address);
  root.delegate("bare").delegate("odd", {SigningKey::seeded(98).ds(name("odd"), 200)});
  root.delegate("strange", {SigningKey::seeded(99).claiming(200).ds(name("strange"))});
  for (const std::uint8_t digest_type : Buffer{1, 2, 4}) {
    const std::string apex = "d" + std::to_string(digest_type);
    Zone child(apex, chain);
    child.add("www." + apex, RrType::Tlsa, Buffer(35, 2));
    root.delegate(apex, {world.add(std::move(child)).ds(digest_type)});
  }
  for (const char* apex : {"bare", "odd", "strange"}) world.add(Zone(apex, Chain::Unsigned));
  world.add(std::move(root));
  return world;
}

struct Kind {
  std::string name;
  RrType type;
  std::array<std::string, 3> truth;  // under NSEC, NSEC3, Opt-Out
};

std::vector<Kind> kinds() {
  const auto always = [](const std::string& truth) { return std::array{truth, truth, truth}; };
  return {
      {"_443._tcp.www", RrType::Tlsa, always("secure _443._tcp.www")},
      {"many", RrType::A, always("secure many")},
      {".", RrType::Dnskey, always("secure .")},
      {"d2", RrType::Ds, always("secure d2")},
      {"x.wild", RrType::A, {"secure x.wild", "secure x.wild", "insecure opt-out x.wild"}},
      {"alias", RrType::A, always("secure www")},
      {"x.walias", RrType::A, {"secure www", "secure www", "insecure opt-out x.walias"}},
      {"there.moved", RrType::A, always("secure there.wild")},
      {"www.d1", RrType::Tlsa, always("secure www.d1")},
      {"www.d2", RrType::Tlsa, always("secure www.d2")},
      {"www.d4", RrType::Tlsa, always("secure www.d4")},
      {"www", RrType::Mx, always("denied no-data www")},
      {"empty", RrType::A, always("denied no-data empty")},
      {"x.wild", RrType::Mx, {"denied no-data x.wild", "denied no-data x.wild", "insecure opt-out x.wild"}},
      {"no", RrType::A, {"denied name-error no", "denied name-error no", "insecure opt-out no"}},
      {"a.no.www",
       RrType::A,
       {"denied name-error a.no.www", "denied name-error a.no.www", "insecure opt-out no.www"}},
      {"bare", RrType::Ds, {"denied no-data bare", "denied no-data bare", "insecure opt-out bare"}},
      {"www.bare",
       RrType::A,
       {"insecure unsigned-delegation bare", "insecure unsigned-delegation bare", "insecure opt-out bare"}},
      {"www.strange", RrType::A, always("insecure unsupported-algorithms strange")},
      {"www.odd", RrType::A, always("insecure unsupported-algorithms odd")},
      {"no.d2", RrType::A, {"denied name-error no.d2", "denied name-error no.d2", "insecure opt-out no.d2"}},
  };
}

enum class Part { Owner, Type, Class, Ttl, Rdata };

std::size_t octets_of(const ResourceRecord& record, Part part) {
  switch (part) {
    case Part::Owner:
      return record.owner.wire().size();
    case Part::Type:
    case Part::Class:
      return 2;
    case Part::Ttl:
      return 4;
    case Part::Rdata:
      return record.rdata.size();
  }
  return 0;
}

/// Nothing where what comes out is no record at all.
std::optional<ResourceRecord> flipped(ResourceRecord record, Part part, std::size_t bit) {
  switch (part) {
    case Part::Owner: {
      Buffer wire = to_buffer(record.owner.wire());
      wire[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      ByteReader reader(wire);
      auto owner = DnsName::from_wire(reader);
      if (!owner || reader.remaining() != 0) return std::nullopt;
      record.owner = std::move(*owner);
      return record;
    }
    case Part::Type:
      record.type = static_cast<RrType>(static_cast<unsigned>(record.type) ^ 1U << bit);
      return record;
    case Part::Class:
      record.dns_class = static_cast<std::uint16_t>(record.dns_class ^ 1U << bit);
      return record;
    case Part::Ttl:
      record.ttl ^= 1U << bit;
      return record;
    case Part::Rdata:
      record.rdata[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      return record;
  }
  return std::nullopt;
}

/// False for the bits that say nothing: the TTL is not signed, and only ever capped; names have no case, and of all names it is
/// the owner's and the signer's that a receiver folds (RFC 4034 section 6.2).
bool matters(const ResourceRecord& record, Part part, std::size_t bit) {
  if (part == Part::Ttl) return false;
  if (part == Part::Owner) return flipped(record, part, bit)->owner != record.owner;
  if (part != Part::Rdata || record.type != RrType::Rrsig) return true;
  ByteReader reader(Bytes(record.rdata).subspan(signer_at));
  const std::size_t signer_octets = DnsName::from_wire(reader).value().wire().size();
  const bool in_signer = bit / 8 >= signer_at && bit / 8 < signer_at + signer_octets;
  return !(in_signer && bit % 8 == 5 && std::isalpha(record.rdata[bit / 8]) != 0);
}

/// One proof: only what it needs, so that all of it has to be right.
class Proof final {
 public:
  Proof(const World& world, Question asked) : m_world(world), m_asked(std::move(asked)) {
    m_records = world.collect(m_asked);
    Judgement judgement = world.judge(m_asked, m_records);
    m_truth = said(judgement.verdict);
    m_summary = summary(judgement.verdict);
    // Signatures that verified once are remembered: quick, and blind to no bit, because what was verified is remembered whole.
    m_known.verified = std::move(judgement.learned.verified);
    for (std::size_t at = 0; at < m_records.size();) {
      Records fewer = m_records;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
      if (said(judged(fewer)) == m_truth)
        m_records = std::move(fewer);
      else
        ++at;
    }
  }

  [[nodiscard]] const std::string& summary_of_truth() const { return m_summary; }
  [[nodiscard]] const Records& records() const { return m_records; }

  /// What is wrong with the judgement once this bit is flipped; empty where nothing is.
  [[nodiscard]] std::string fault_after(std::size_t at, Part part, std::size_t bit) const {
    auto record = flipped(m_records[at], part, bit);
    if (!record) return "";
    Records forged = m_records;
    forged[at] = std::move(*record);
    const Verdict verdict = judged(forged);
    const bool unchanged = said(verdict) == m_truth;
    if (matters(m_records[at], part, bit)) return is_failure(verdict) ? "" : "gives " + summary(verdict);
    return unchanged ? "" : "says nothing, and gives " + summary(verdict);
  }

 private:
  [[nodiscard]] Verdict judged(const Records& records) const {
    return m_world.judge(m_asked, records, {.limits = {}, .sha1 = Sha1Signatures::Verify, .known = &m_known})
        .verdict;
  }

  const World& m_world;
  Question m_asked;
  Records m_records;
  Known m_known;
  std::string m_truth;
  std::string m_summary;
};

/// Of records that stood in an earlier proof already, as the keys do, only some bits of each octet are flipped again.
void check_every_bit(const Proof& proof, Records& seen) {
  constexpr std::size_t step_again = 9;
  for (std::size_t at = 0; at < proof.records().size(); ++at) {
    const ResourceRecord& record = proof.records()[at];
    const std::size_t step = std::ranges::find(seen, record) == seen.end() ? 1 : step_again;
    for (const Part part : {Part::Owner, Part::Type, Part::Class, Part::Ttl, Part::Rdata}) {
      for (std::size_t bit = 0; bit < octets_of(record, part) * 8; bit += step) {
        const std::string fault = proof.fault_after(at, part, bit);
        if (fault.empty()) continue;
        INFO(record.owner.to_text() << " TYPE" << static_cast<unsigned>(record.type) << " part "
                                    << static_cast<int>(part) << " bit " << bit << " " << fault);
        FAIL_CHECK("another judgement");
      }
    }
  }
}

}  // namespace

TEST_SUITE("Every bit of every proof") {
  TEST_CASE("R4035-5.3b, R5155-8a, R6840-4.4a: flipped, it makes the proof fail, unless it says nothing") {
    constexpr std::array chains{Chain::Nsec, Chain::Nsec3, Chain::OptOut};
    for (std::size_t which = 0; which < chains.size(); ++which) {
      const World world = world_of(chains[which]);
      Records seen;
      for (const Kind& kind : kinds()) {
        INFO("chain " << which << ": " << kind.name << " TYPE" << static_cast<unsigned>(kind.type));
        const Proof proof(world, question(kind.name, kind.type));
        CHECK(proof.summary_of_truth() == kind.truth[which]);
        CHECK_FALSE(proof.records().empty());
        check_every_bit(proof, seen);
        append(seen, proof.records());
      }
    }
  }
}
