#include "hook/session_tag.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace danelaw::hook {
namespace {

constexpr std::string_view magic = "danelaw";
constexpr std::uint8_t version = 2;

void append(Buffer& out, Bytes octets) { out.insert(out.end(), octets.begin(), octets.end()); }

void append_u64(Buffer& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

/// With its length in front: no two lists of parts have the same octets.
void append_part(Buffer& out, Bytes octets) {
  append_u64(out, octets.size());
  append(out, octets);
}

template <class Enum>
void append_enum(Buffer& out, Enum value) {
  append_u64(out, static_cast<std::uint64_t>(value));
}

Buffer what_decides(const verify::Plan& plan) {
  constexpr std::size_t ordinary_octets = 256;
  Buffer out;
  out.reserve(ordinary_octets);
  append_part(out, as_bytes(plan.service.host));
  append_u64(out, plan.service.port);
  append_part(out, as_bytes(tlsa::to_string(plan.service.transport)));
  append_enum(out, plan.policy.mode);
  append_enum(out, plan.policy.profile);
  append_enum(out, plan.policy.dane_ee_names);
  append_enum(out, plan.policy.lookup_errors);
  append_part(out, as_bytes(verify::evidence_name(plan)));
  append_part(out, as_bytes(plan.base_domain));
  append_u64(out, plan.reference_identifiers.size());
  for (const std::string& name : plan.reference_identifiers) append_part(out, as_bytes(name));
  const tlsa::RecordSet* records = verify::records_of(plan);
  if (records == nullptr) return out;
  const std::vector<Bytes> rdatas = records->sorted_rdatas();
  append_u64(out, rdatas.size());
  for (const Bytes rdata : rdatas) append_part(out, rdata);
  return out;
}

std::optional<SessionTag::Kind> kind_of(std::uint8_t octet) {
  for (const auto kind :
       {SessionTag::Kind::Unresumable, SessionTag::Kind::Authenticated, SessionTag::Kind::NotApplicable})
    if (octet == static_cast<std::uint8_t>(kind)) return kind;
  return std::nullopt;
}

std::optional<EpochSeconds> take_time(ByteReader& reader) {
  const auto high = reader.take_u32();
  const auto low = reader.take_u32();
  if (!high || !low) return std::nullopt;
  return static_cast<EpochSeconds>(static_cast<std::uint64_t>(*high) << 32 | *low);
}

}  // namespace

std::optional<SessionTag::Digest> digest_of(const verify::Plan& plan) {
  const Buffer value = danelaw::digest_of(what_decides(plan), sha2_256());
  SessionTag::Digest digest{};
  if (value.size() != digest.size()) return std::nullopt;
  std::copy(value.begin(), value.end(), digest.begin());
  return digest;
}

std::optional<SessionTag> SessionTag::for_plan(Kind kind, const verify::Plan& plan) {
  const auto digest = digest_of(plan);
  if (!digest) return std::nullopt;
  SessionTag tag;
  tag.m_kind = kind;
  tag.m_digest = *digest;
  tag.m_expires = plan.expires;
  return tag;
}

std::optional<SessionTag> SessionTag::parse(Bytes octets) {
  ByteReader reader(octets);
  const auto start = reader.take(magic.size());
  if (!start || !equal(*start, as_bytes(magic))) return std::nullopt;

  const auto tag_version = reader.take_u8();
  const auto kind_octet = reader.take_u8();
  const auto digest = reader.take(Digest().size());
  const auto expires = take_time(reader);
  if (!tag_version || *tag_version != version || !kind_octet || !digest || !expires ||
      reader.remaining() != 0)
    return SessionTag();
  const auto kind = kind_of(*kind_octet);
  if (!kind) return SessionTag();

  SessionTag tag;
  tag.m_kind = *kind;
  std::copy(digest->begin(), digest->end(), tag.m_digest.begin());
  tag.m_expires = *expires;
  return tag;
}

Buffer SessionTag::serialize() const {
  Buffer out = to_buffer(as_bytes(magic));
  out.push_back(version);
  out.push_back(static_cast<std::uint8_t>(m_kind));
  append(out, m_digest);
  append_u64(out, static_cast<std::uint64_t>(m_expires));
  return out;
}

bool SessionTag::allows(const verify::Plan& plan, EpochSeconds now) const {
  if (m_kind == Kind::Unresumable || now >= m_expires || now >= plan.expires) return false;
  const auto digest = digest_of(plan);
  return digest && *digest == m_digest;
}

std::optional<SessionTag> tag_of(SSL_SESSION* session) {
  void* data = nullptr;
  std::size_t octets = 0;
  if (session == nullptr || SSL_SESSION_get0_ticket_appdata(session, &data, &octets) != 1 || data == nullptr)
    return std::nullopt;
  return SessionTag::parse({static_cast<const std::uint8_t*>(data), octets});
}

bool put_tag(SSL_SESSION* session, const SessionTag& tag) {
  const Buffer octets = tag.serialize();
  return SSL_SESSION_set1_ticket_appdata(session, octets.data(), octets.size()) == 1;
}

}  // namespace danelaw::hook
