#include "dnssec/authentication_chain.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>

#include "dnssec/names.hpp"
#include "dnssec/rdata.hpp"
#include "dnssec/wire_reader.hpp"

namespace danelaw::dnssec {

namespace {

Problem malformed(std::string_view what) {
  return Problem{Fault::Lookup, "malformed authentication chain: " + std::string(what)};
}

Problem malformed_record(std::size_t number, std::string_view what) {
  return malformed("record " + std::to_string(number) + ": " + std::string(what));
}

Result<ResourceRecord> take_record(ByteReader& reader, std::size_t number) {
  // RFC 1035 section 3.2.1: NAME, TYPE, CLASS, TTL, RDLENGTH, RDATA.
  auto owner = DnsName::from_wire(reader);
  if (!owner) return malformed_record(number, "its owner: " + owner.problem().text);
  const auto type = reader.take_u16();
  const auto dns_class = reader.take_u16();
  const auto ttl = reader.take_u32();
  const auto length = reader.take_u16();
  if (!type || !dns_class || !ttl || !length) return malformed_record(number, "it ends in its fixed fields");
  if (*dns_class != class_in) return malformed_record(number, "its class is not IN");
  const auto octets = reader.take(*length);
  if (!octets) return malformed_record(number, "its data run over the end");
  auto rdata = take_canonical_rdata(WireReader::uncompressed(*octets), static_cast<RrType>(*type));
  if (!rdata) return malformed_record(number, "its data cannot be read, or a name in them is compressed");
  // RFC 2181 section 8: a TTL with the most significant bit set counts as zero.
  const std::uint32_t lifetime = (*ttl & 0x80000000U) != 0 ? 0 : *ttl;
  return ResourceRecord{std::move(*owner), static_cast<RrType>(*type), class_in, lifetime, std::move(*rdata)};
}

void append_u16(Buffer& octets, std::size_t value) {
  octets.push_back(static_cast<std::uint8_t>(value >> 8));
  octets.push_back(static_cast<std::uint8_t>(value));
}

void append(Buffer& octets, const ResourceRecord& record) {
  const Bytes owner = record.owner.wire();
  octets.insert(octets.end(), owner.begin(), owner.end());
  append_u16(octets, static_cast<std::uint16_t>(record.type));
  append_u16(octets, record.dns_class);
  append_u16(octets, record.ttl >> 16);
  append_u16(octets, record.ttl & 0xFFFFU);
  append_u16(octets, record.rdata.size());
  octets.insert(octets.end(), record.rdata.begin(), record.rdata.end());
}

/// Where a record stands: its RRset by the depth and order of its name, a zone's keys behind its data and its DS records, which
/// are the parent's, behind those; then the records before the signatures over them.
struct Place {
  explicit Place(const ResourceRecord& the_record) : record(&the_record) {
    const bool is_signature = record->type == RrType::Rrsig;
    const auto rrsig = is_signature ? Rrsig::from_rdata(record->rdata) : Problem{};
    covered = rrsig ? rrsig->type_covered : record->type;
    rank = covered == RrType::Ds ? 2 : covered == RrType::Dnskey ? 1 : 0;
    labels = record->owner.label_count();
    owner = canonical_key(record->owner);
  }
  [[nodiscard]] auto key() const {
    return std::tuple(-static_cast<int>(labels), std::string_view(owner), rank, covered,
                      record->type == RrType::Rrsig);
  }
  [[nodiscard]] bool operator<(const Place& other) const {
    if (key() != other.key()) return key() < other.key();
    return std::tie(record->rdata, record->ttl) < std::tie(other.record->rdata, other.record->ttl);
  }

  const ResourceRecord* record;
  RrType covered{};
  int rank = 0;
  std::size_t labels = 0;
  std::string owner;
};

bool same_record(const Place& a, const Place& b) {
  return a.record->owner == b.record->owner && a.record->type == b.record->type &&
         a.record->rdata == b.record->rdata;
}

}  // namespace

Result<std::vector<ResourceRecord>> read_chain(Bytes octets) {
  if (octets.empty()) return malformed("it is empty");
  if (octets.size() > max_chain_octets) return malformed("longer than 65535 octets");
  std::vector<ResourceRecord> records;
  ByteReader reader(octets);
  while (reader.remaining() != 0) {
    if (records.size() == max_chain_records) return malformed("more than 4096 records");
    auto record = take_record(reader, records.size() + 1);
    if (!record) return record.problem();
    records.push_back(std::move(*record));
  }
  return records;
}

Result<Buffer> write_chain(std::span<const ResourceRecord> records) {
  std::vector<Place> places;
  for (const ResourceRecord& record : records) {
    if (record.dns_class != class_in) return malformed("a record's class is not IN");
    if (record.rdata.size() > 0xFFFFU) return malformed("a record's data are longer than 65535 octets");
    places.emplace_back(record);
  }
  std::ranges::sort(places, std::less<>());
  places.erase(std::unique(places.begin(), places.end(), same_record), places.end());
  if (places.empty()) return malformed("it would be empty");
  if (places.size() > max_chain_records) return malformed("it would have more than 4096 records");
  Buffer octets;
  for (const Place& place : places) append(octets, *place.record);
  if (octets.size() > max_chain_octets) return malformed("it would be longer than 65535 octets");
  return octets;
}

Result<DnssecChainExtension> DnssecChainExtension::from_wire(Bytes extension_data) {
  ByteReader reader(extension_data);
  const auto lifetime = reader.take_u16();
  if (!lifetime) return malformed("the extension ends in its support lifetime");
  const Bytes rest = reader.take_rest();
  ByteReader vector(rest);
  const auto length = vector.take_u16();
  const bool has_length = length && *length == vector.remaining();
  auto records = read_chain(has_length ? vector.take_rest() : rest);
  if (!records && has_length) {
    if (auto without = read_chain(rest)) records = std::move(without);
  }
  if (!records) return records.problem();
  return DnssecChainExtension{*lifetime, std::move(*records)};
}

Result<Buffer> DnssecChainExtension::to_wire() const {
  auto chain = write_chain(records);
  if (!chain) return chain;
  Buffer octets;
  append_u16(octets, support_lifetime);
  append_u16(octets, chain->size());
  octets.insert(octets.end(), chain->begin(), chain->end());
  return octets;
}

}  // namespace danelaw::dnssec
