// TLSA RDATA and sets of it, as DNS delivers them. An input is a row of RDATAs, each with its length in two octets
// in front; what does not fit is the last one.
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "fuzz_assert.hpp"
#include "tlsa/outcome.hpp"
#include "tlsa/usability.hpp"

using danelaw::Buffer;
using danelaw::ByteReader;
using danelaw::Bytes;
using namespace danelaw::tlsa;

namespace {

std::vector<Buffer> rdatas_in(Bytes input) {
  std::vector<Buffer> rdatas;
  ByteReader reader(input);
  while (reader.remaining() > 0) {
    const auto length = reader.take_u16();
    const auto octets = length ? reader.take(*length) : std::nullopt;
    rdatas.push_back(danelaw::to_buffer(octets ? *octets : reader.take_rest()));
  }
  return rdatas;
}

bool has_digest(const RecordSet::Entry& entry) { return entry.record->matching_type() != 0; }

bool same_kind(const RecordSet::Entry& a, const RecordSet::Entry& b) {
  return a.record->usage() == b.record->usage() && a.record->selector() == b.record->selector();
}

void check_record(Bytes rdata) {
  const auto record = Record::from_rdata(rdata);
  FUZZ_ASSERT(record.ok() == (rdata.size() >= 3 && rdata.size() <= Record::max_rdata_octets));
  if (!record) return;
  FUZZ_ASSERT(danelaw::equal(record->to_rdata(), rdata));
  const auto from_text = Record::from_text(record->to_text());
  FUZZ_ASSERT(from_text.ok() && *from_text == *record);
}

struct Freed final {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

/// OpenSSL's DANE engine, asked about one record after the other; it takes each by itself, without digest agility.
class Engine final {
 public:
  Engine() : m_ssl(SSL_new(context())) {
    FUZZ_ASSERT(m_ssl != nullptr && SSL_dane_enable(m_ssl.get(), "www.example") == 1);
  }

  bool takes(const Record& record) {
    const Bytes data = record.association_data();
    const std::uint8_t nothing = 0;  // OpenSSL wants an address even for no data
    const int taken =
        SSL_dane_tlsa_add(m_ssl.get(), record.usage(), record.selector(), record.matching_type(),
                          data.empty() ? &nothing : data.data(), data.size());
    ERR_clear_error();
    return taken == 1;
  }

 private:
  static SSL_CTX* context() {
    static const std::unique_ptr<SSL_CTX, Freed> made(SSL_CTX_new(TLS_client_method()));
    static const bool enabled = made && SSL_CTX_dane_enable(made.get()) == 1;
    FUZZ_ASSERT(enabled);
    return made.get();
  }
  std::unique_ptr<SSL, Freed> m_ssl;
};

void check_entry(const RecordSet& set, const RecordSet::Entry& entry, Engine& engine) {
  FUZZ_ASSERT(entry.record.has_value() == (entry.standing != Standing::Malformed));
  FUZZ_ASSERT(entry.record.has_value() == Record::from_rdata(entry.rdata).ok());
  if (!entry.record) return;
  FUZZ_ASSERT(entry.record->to_rdata() == entry.rdata);
  const bool usable_alone = entry.standing == Standing::Usable || entry.standing == Standing::WeakerDigest;
  FUZZ_ASSERT(usable_alone == engine.takes(*entry.record));
  if (!usable_alone || !has_digest(entry)) {
    FUZZ_ASSERT(entry.standing != Standing::WeakerDigest);
    return;
  }
  // RFC 7671 section 9: weaker where, and only where, a stronger usable digest stands beside it.
  const bool beaten = std::ranges::any_of(set.entries(), [&entry](const RecordSet::Entry& other) {
    return other.standing == Standing::Usable && same_kind(entry, other) && has_digest(other) &&
           other.record->matching_type() > entry.record->matching_type();
  });
  FUZZ_ASSERT(beaten == (entry.standing == Standing::WeakerDigest));
}

void check_usable(const RecordSet& set) {
  const auto usable = set.usable();
  const auto count = std::ranges::count(set.entries(), Standing::Usable, &RecordSet::Entry::standing);
  FUZZ_ASSERT(usable.size() == static_cast<std::size_t>(count));
  FUZZ_ASSERT(set.any_usable() == !usable.empty());
  for (const UsableRecord& record : usable) {
    const RecordSet::Entry& entry = set.entries().at(record.index());
    FUZZ_ASSERT(entry.standing == Standing::Usable);
    FUZZ_ASSERT(set.any_usable(record.usage()));
    FUZZ_ASSERT(record.association_data().data() == entry.record->association_data().data());
  }
  FUZZ_ASSERT(std::holds_alternative<SecureUsable>(outcome_of(set)) == !usable.empty());
  FUZZ_ASSERT(std::holds_alternative<SecureUnusable>(outcome_of(set)) == usable.empty());
}

std::map<Buffer, Standing> standings(const RecordSet& set) {
  std::map<Buffer, Standing> all;
  for (const auto& entry : set.entries()) {
    FUZZ_ASSERT(all.emplace(entry.rdata, entry.standing).second);  // every RDATA once
  }
  return all;
}

bool same_rdatas(const RecordSet& one, const RecordSet& other) {
  const auto equal_octets = [](Bytes a, Bytes b) { return danelaw::equal(a, b); };
  return std::ranges::equal(one.sorted_rdatas(), other.sorted_rdatas(), equal_octets);
}

void check_order(std::vector<Buffer> rdatas, const RecordSet& set) {
  std::ranges::reverse(rdatas);
  if (!rdatas.empty()) rdatas.push_back(rdatas.front());
  const RecordSet other = RecordSet::from_rdatas(rdatas, Usages::All);
  FUZZ_ASSERT(standings(other) == standings(set));
  FUZZ_ASSERT(same_rdatas(other, set));

  // One more record, of an unknown usage, changes nothing of the others.
  rdatas.push_back({255, 1, 1});
  const RecordSet more = RecordSet::from_rdatas(rdatas, Usages::All);
  FUZZ_ASSERT(same_rdatas(more, set) == (more.entries().size() == set.entries().size()));
  const auto with_it = standings(more);
  for (const auto& [rdata, standing] : standings(set)) FUZZ_ASSERT(with_it.at(rdata) == standing);
}

void check_dane_only(const std::vector<Buffer>& rdatas, const RecordSet& all) {
  const RecordSet set = RecordSet::from_rdatas(rdatas, Usages::DaneOnly);
  check_usable(set);
  FUZZ_ASSERT(!set.any_usable(Usage::PkixTa) && !set.any_usable(Usage::PkixEe));
  FUZZ_ASSERT(set.entries().size() == all.entries().size());
  for (std::size_t index = 0; index < set.entries().size(); ++index) {
    const auto& entry = set.entries()[index];
    if (!entry.record || entry.record->usage() >= 2)
      FUZZ_ASSERT(entry.standing == all.entries()[index].standing);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most_records = 64;  // the oracle above compares each with each
  check_record({data, size});
  std::vector<Buffer> rdatas = rdatas_in({data, size});
  if (rdatas.size() > most_records) rdatas.resize(most_records);
  for (const Buffer& rdata : rdatas) check_record(rdata);
  const RecordSet set = RecordSet::from_rdatas(rdatas, Usages::All);
  FUZZ_ASSERT(ERR_peek_error() == 0);
  Engine engine;
  for (const auto& entry : set.entries()) check_entry(set, entry, engine);
  check_usable(set);
  check_order(rdatas, set);
  check_dane_only(rdatas, set);
  FUZZ_ASSERT(ERR_peek_error() == 0);
  return 0;
}
