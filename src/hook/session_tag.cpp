#include "hook/session_tag.hpp"

#include <array>
#include <concepts>
#include <new>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace danelaw::hook {
namespace {

constexpr std::string_view magic = "danelaw";
constexpr std::uint8_t version = 3;

/// Of a binding that is kept as it is. A digest would be shorter, and costs every handshake more than half a microsecond.
constexpr std::size_t longest_in_full = 512;
enum class Form : std::uint8_t { InFull = 0, Sha2_256 = 1 };

void append(Buffer& out, Bytes octets) { out.insert(out.end(), octets.begin(), octets.end()); }

template <std::unsigned_integral Number>
void append_number(Buffer& out, Number value) {
  std::array<std::uint8_t, sizeof value> octets{};
  for (std::uint8_t& octet : octets)
    octet = static_cast<std::uint8_t>(value >> (8 * (&octets.back() - &octet)));
  append(out, octets);
}

/// With its length in front: no two lists of parts have the same octets.
void append_part(Buffer& out, Bytes octets) {
  append_number(out, std::uint64_t{octets.size()});
  append(out, octets);
}

template <class Enum>
void append_enum(Buffer& out, Enum value) {
  out.push_back(static_cast<std::uint8_t>(value));
}

Buffer what_decides(const verify::Plan& plan) {
  Buffer out;
  out.reserve(longest_in_full);
  append_enum(out, Form::InFull);
  append_part(out, as_bytes(plan.service.host));
  append_number(out, plan.service.port);
  append_part(out, as_bytes(tlsa::to_string(plan.service.transport)));
  append_enum(out, plan.policy.mode);
  append_enum(out, plan.policy.profile);
  append_enum(out, plan.policy.dane_ee_names);
  append_enum(out, plan.policy.lookup_errors);
  append_part(out, as_bytes(verify::evidence_name(plan)));
  append_part(out, as_bytes(plan.base_domain));
  append_number(out, std::uint64_t{plan.reference_identifiers.size()});
  for (const std::string& name : plan.reference_identifiers) append_part(out, as_bytes(name));
  const tlsa::RecordSet* records = verify::records_of(plan);
  if (records == nullptr) return out;
  const std::vector<Bytes> rdatas = records->sorted_rdatas();
  append_number(out, std::uint64_t{rdatas.size()});
  for (const Bytes rdata : rdatas) append_part(out, rdata);
  return out;
}

Buffer make_binding(const verify::Plan& plan) {
  Buffer whole = what_decides(plan);
  if (whole.size() <= longest_in_full) return whole;
  const Buffer digest = digest_of(whole, sha2_256());
  if (digest.empty()) throw std::bad_alloc();
  Buffer binding;
  append_enum(binding, Form::Sha2_256);
  append(binding, digest);
  return binding;
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

const Buffer& binding_of(const verify::Plan& plan) {
  return plan.kept.binding.get([&plan] { return make_binding(plan); });
}

SessionTag SessionTag::for_plan(Kind kind, const verify::Plan& plan) {
  SessionTag tag;
  tag.m_kind = kind;
  tag.m_binding = binding_of(plan);
  tag.m_expires = plan.expires;
  return tag;
}

std::optional<SessionTag> SessionTag::parse(Bytes octets) {
  ByteReader reader(octets);
  const auto start = reader.take(magic.size());
  if (!start || !equal(*start, as_bytes(magic))) return std::nullopt;

  const auto tag_version = reader.take_u8();
  const auto kind_octet = reader.take_u8();
  const auto length = reader.take_u16();
  const auto binding = reader.take(length.value_or(0));
  const auto expires = take_time(reader);
  if (!tag_version || *tag_version != version || !kind_octet || !length || !binding || !expires ||
      reader.remaining() != 0)
    return SessionTag();
  const auto kind = kind_of(*kind_octet);
  if (!kind) return SessionTag();

  SessionTag tag;
  tag.m_kind = *kind;
  tag.m_binding = to_buffer(*binding);
  tag.m_expires = *expires;
  return tag;
}

Buffer SessionTag::serialize() const {
  Buffer out;
  out.reserve(magic.size() + 2 + sizeof(std::uint64_t) + sizeof(std::uint16_t) + m_binding.size());
  append(out, as_bytes(magic));
  out.push_back(version);
  append_enum(out, m_kind);
  append_number(out, static_cast<std::uint16_t>(m_binding.size()));
  append(out, m_binding);
  append_number(out, static_cast<std::uint64_t>(m_expires));
  return out;
}

bool SessionTag::allows(const verify::Plan& plan, EpochSeconds now) const {
  if (m_kind == Kind::Unresumable || now >= m_expires || now >= plan.expires) return false;
  return binding_of(plan) == m_binding;
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
