#include "dnssec/rdata.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace danelaw::dnssec {

namespace {

/// What RDATA of one type is made of, in order: 'n' a name, 's' a character string (its length in front), a
/// digit so many octets.
struct Layout {
  std::uint16_t type;
  std::string_view fields;
};

// RFC 4034 section 6.2 as changed by RFC 6840 section 5.1. Left out: NSEC and RRSIG, whose names are never
// compressed; HINFO, which has none; SIG, NXT and A6, which nobody signs any more.
constexpr std::array layouts{
    Layout{2, "n"},        // NS
    Layout{3, "n"},        // MD
    Layout{4, "n"},        // MF
    Layout{5, "n"},        // CNAME
    Layout{6, "nn44444"},  // SOA
    Layout{7, "n"},        // MB
    Layout{8, "n"},        // MG
    Layout{9, "n"},        // MR
    Layout{12, "n"},       // PTR
    Layout{14, "nn"},      // MINFO
    Layout{15, "2n"},      // MX
    Layout{17, "nn"},      // RP
    Layout{18, "2n"},      // AFSDB
    Layout{21, "2n"},      // RT
    Layout{26, "2nn"},     // PX
    Layout{33, "222n"},    // SRV
    Layout{35, "22sssn"},  // NAPTR
    Layout{36, "2n"},      // KX
    Layout{39, "n"},       // DNAME
};

void append(Buffer& rdata, Bytes octets) { rdata.insert(rdata.end(), octets.begin(), octets.end()); }

bool take_field(WireReader& part, char field, Buffer& rdata) {
  if (field == 'n') {
    const auto name = part.take_name();
    if (name) append(rdata, name->wire());
    return name.has_value();
  }
  std::size_t octets = static_cast<std::size_t>(field - '0');
  if (field == 's') {
    const auto length = part.take_u8();
    if (!length) return false;
    rdata.push_back(*length);
    octets = *length;
  }
  const auto taken = part.take(octets);
  if (taken) append(rdata, *taken);
  return taken.has_value();
}

}  // namespace

std::optional<Buffer> take_canonical_rdata(WireReader part, RrType type) {
  const auto layout = std::ranges::find(layouts, static_cast<std::uint16_t>(type), &Layout::type);
  if (layout == layouts.end()) return to_buffer(*part.take(part.remaining()));
  Buffer rdata;
  for (const char field : layout->fields) {
    if (!take_field(part, field, rdata)) return std::nullopt;
  }
  if (part.remaining() != 0) return std::nullopt;
  return rdata;
}

}  // namespace danelaw::dnssec
