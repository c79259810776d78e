#include "dns/trust_anchors.hpp"

#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "os/system_errors.hpp"

namespace danelaw::dns {
namespace {

namespace files = std::filesystem;

constexpr const char* system_anchors = "/usr/share/dns/root.key";
/// Far more than any set of anchors; a bound on what a file may make us read.
constexpr std::uintmax_t max_file_octets = 1024 * 1024;

Problem broken(const std::string& where, const std::string& what) {
  return Problem{Fault::Anchor,
                 where + ": " + what +
                     "; trust anchors are DS or DNSKEY records, such as those of /usr/share/dns/root.key"};
}

/// One record of a master file, perhaps of several lines.
struct Entry {
  std::size_t line = 0;  ///< where it begins
  std::string text;
  bool trusted = true;  ///< unless a note behind it says otherwise
};

/// Resolvers that follow RFC 5011 note a key's state behind it (";;state=2 [ VALID ]", numbered in the order of its section
/// 4.2). Only valid keys and missing ones are anchors: any other is not trusted yet, or no more.
bool is_trusted(std::string_view comment) {
  constexpr std::string_view note = ";state=";
  const auto at = comment.find(note);
  if (at == std::string_view::npos) return true;
  const std::string_view state = comment.substr(at + note.size(), 1);
  return state == "2" || state == "3";
}

/// RFC 1035 section 5.1: comments go, parentheses join lines. Nothing where a parenthesis stays open or was never opened.
std::optional<std::vector<Entry>> entries_of(std::istream& in) {
  std::vector<Entry> entries;
  Entry entry;
  int depth = 0;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (depth == 0) entry = {number, {}};
    const std::size_t comment = std::min(line.find(';'), line.size());
    entry.trusted = entry.trusted && is_trusted(std::string_view(line).substr(comment));
    for (const char character : line.substr(0, comment)) {
      depth += character == '(' ? 1 : character == ')' ? -1 : 0;
      if (depth < 0) return std::nullopt;
      entry.text += character == '(' || character == ')' || character == '\r' ? ' ' : character;
    }
    entry.text += ' ';
    const bool blank = entry.text.find_first_not_of(" \t") == std::string::npos;
    if (depth == 0 && !blank) entries.push_back(entry);
  }
  if (depth != 0) return std::nullopt;
  return entries;
}

/// The wire form of a record in presentation form, by getdns.
std::optional<Buffer> wire_of(const std::string& text) {
  constexpr std::uint32_t any_ttl = 3600;
  getdns_dict* made = nullptr;
  if (getdns_str2rr_dict(text.c_str(), &made, nullptr, any_ttl) != GETDNS_RETURN_GOOD || made == nullptr)
    return std::nullopt;
  const std::unique_ptr<getdns_dict, decltype(&getdns_dict_destroy)> record(made, getdns_dict_destroy);
  std::uint8_t* octets = nullptr;
  std::size_t size = 0;
  if (getdns_rr_dict2wire(made, &octets, &size) != GETDNS_RETURN_GOOD) return std::nullopt;
  const std::unique_ptr<std::uint8_t, decltype(&std::free)> owned(octets, std::free);
  return Buffer(octets, octets + size);
}

/// RFC 4034 sections 2.1 and 5.1: is the RDATA long enough to be what its type says?
bool plausible(RrType type, Bytes rdata) {
  constexpr std::size_t fixed_octets = 4;
  if (rdata.size() <= fixed_octets) return false;
  return type == RrType::Ds || (type == RrType::Dnskey && rdata[2] == 3);
}

std::optional<TrustAnchor> anchor_of(const std::string& text) {
  const auto wire = wire_of(text);
  if (!wire) return std::nullopt;
  ByteReader reader(*wire);
  const auto owner = DnsName::from_wire(reader);
  const auto type = reader.take_u16();
  const auto dns_class = reader.take_u16();
  const auto ttl = reader.take_u32();
  const auto length = reader.take_u16();
  if (!owner || !type || !dns_class || !ttl || !length) return std::nullopt;
  const auto rdata = reader.take(*length);
  if (!rdata || *dns_class != 1 || !plausible(static_cast<RrType>(*type), *rdata)) return std::nullopt;
  return TrustAnchor{*owner, static_cast<RrType>(*type), to_buffer(*rdata)};
}

/// RFC 5011 section 7: a key with the REVOKE bit is an anchor no more; RFC 4034 section 2.1.1: without the zone bit it
/// never was.
bool is_in_force(const TrustAnchor& anchor) {
  if (anchor.type == RrType::Ds) return true;
  constexpr unsigned zone_key = 0x0100;
  constexpr unsigned revoked = 0x0080;
  const unsigned flags = static_cast<unsigned>(anchor.rdata[0]) << 8 | anchor.rdata[1];
  return (flags & zone_key) != 0 && (flags & revoked) == 0;
}

Result<TrustAnchors> parse(std::istream& in, const std::string& where) {
  const auto entries = entries_of(in);
  if (!entries) return broken(where, "a parenthesis has no partner");
  TrustAnchors anchors;
  for (const Entry& entry : *entries) {
    auto anchor = anchor_of(entry.text);
    if (!anchor) return broken(where + ":" + std::to_string(entry.line), "this is no DS or DNSKEY record");
    if (entry.trusted && is_in_force(*anchor)) anchors.push_back(*std::move(anchor));
  }
  if (anchors.empty()) return broken(where, "holds no trust anchor");
  return anchors;
}

Result<TrustAnchors> load_file(const std::string& path) {
  std::error_code error;
  if (!files::is_regular_file(path, error)) return broken(path, "is no file that can be read");
  if (files::file_size(path, error) > max_file_octets) return broken(path, "is larger than 1 MiB");
  std::ifstream in(path, std::ios::binary);
  if (!in) return broken(path, "cannot be read: " + text_of_error(errno));
  return parse(in, path);
}

Result<TrustAnchors> load_directory(const std::string& path) {
  std::vector<std::string> found;
  std::error_code error;
  for (files::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    const std::string extension = at->path().extension();
    if (extension == ".key" || extension == ".ds" || extension == ".anchor") found.push_back(at->path());
  }
  if (error) return broken(path, "cannot be read: " + text_of_error(error.value()));
  if (found.empty()) return broken(path, "holds no *.key, *.ds or *.anchor file");
  std::sort(found.begin(), found.end());
  TrustAnchors anchors;
  for (const std::string& file : found) {
    auto loaded = load_file(file);
    if (!loaded) return loaded;  // a broken file beside good ones is still broken
    anchors.insert(anchors.end(), loaded->begin(), loaded->end());
  }
  return anchors;
}

}  // namespace

Result<TrustAnchors> load_trust_anchors(const std::string& path) {
  std::error_code error;
  if (!files::exists(path, error)) return broken(path, "does not exist or cannot be reached");
  return files::is_directory(path, error) ? load_directory(path) : load_file(path);
}

Result<TrustAnchors> default_trust_anchors() {
  std::error_code error;
  const auto status = files::status(system_anchors, error);
  // Only where it is certain that there is no such file; one that cannot be read is broken, not absent.
  if (status.type() == files::file_type::not_found) return built_in_trust_anchors();
  return load_trust_anchors(system_anchors);
}

const TrustAnchors& built_in_trust_anchors() {
  // https://data.iana.org/root-anchors/: KSK-2017 and KSK-2024.
  static const TrustAnchors anchors = [] {
    std::istringstream text(
        ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"
        ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16\n");
    return parse(text, "built-in trust anchors").value();
  }();
  return anchors;
}

}  // namespace danelaw::dns
