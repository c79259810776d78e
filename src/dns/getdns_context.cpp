#include "dns/getdns_context.hpp"

#include <arpa/inet.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>

#include "dns/query.hpp"

namespace danelaw::dns {
namespace {

// WARNING: the one global of this room, because what it guards is global too.
std::mutex setup_mutex;

/// The deadline is the resolver's; getdns's own timeout must never come first.
constexpr std::uint64_t timeout_far_away = std::chrono::milliseconds(std::chrono::hours(24)).count();

/// Those that libunbound validates here. With no other anchor than of an algorithm or digest that it does not know it would
/// take the names below for unsigned.
constexpr std::array<std::uint8_t, 7> algorithms = {5, 7, 8, 10, 13, 14, 15};
constexpr std::array<std::uint8_t, 3> digest_types = {1, 2, 4};

template <std::size_t n>
bool is_one_of(std::uint8_t number, const std::array<std::uint8_t, n>& known) {
  return std::find(known.begin(), known.end(), number) != known.end();
}

/// RFC 4034: DS is key tag, algorithm, digest type, digest; DNSKEY is flags, protocol, algorithm, key.
bool supported(const TrustAnchor& anchor) {
  constexpr std::size_t fixed_octets = 4;
  if (anchor.rdata.size() <= fixed_octets) return false;
  if (anchor.type == RrType::Dnskey) return is_one_of(anchor.rdata[3], algorithms);
  return is_one_of(anchor.rdata[2], algorithms) && is_one_of(anchor.rdata[3], digest_types);
}

bool every_owner_supported(const TrustAnchors& anchors) {
  return std::all_of(anchors.begin(), anchors.end(), [&](const TrustAnchor& wanted) {
    return std::any_of(anchors.begin(), anchors.end(), [&](const TrustAnchor& anchor) {
      return anchor.owner == wanted.owner && supported(anchor);
    });
  });
}

void append_u16(Buffer& wire, std::size_t value) {
  wire.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFFU));
  wire.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

/// A resource record in wire form (RFC 1035 section 3.2.1).
Buffer record_of(const TrustAnchor& anchor) {
  Buffer wire = to_buffer(anchor.owner.wire());
  append_u16(wire, static_cast<std::size_t>(anchor.type));
  append_u16(wire, 1);  // IN
  append_u16(wire, 0);  // TTL: of no use to an anchor
  append_u16(wire, 0);
  append_u16(wire, anchor.rdata.size());
  wire.insert(wire.end(), anchor.rdata.begin(), anchor.rdata.end());
  return wire;
}

GetdnsList list_of(const TrustAnchors& anchors) {
  GetdnsList list(getdns_list_create());
  std::size_t index = 0;
  for (const TrustAnchor& anchor : anchors) {
    if (!supported(anchor)) continue;
    const Buffer wire = record_of(anchor);
    getdns_dict* dict = nullptr;
    if (getdns_wire2rr_dict(wire.data(), wire.size(), &dict) != GETDNS_RETURN_GOOD) return nullptr;
    const GetdnsDict owned(dict);
    if (getdns_list_set_dict(list.get(), index++, dict) != GETDNS_RETURN_GOOD) return nullptr;
  }
  return list;
}

GetdnsList list_of(const std::vector<std::string>& addresses, std::string& problem) {
  GetdnsList list(getdns_list_create());
  std::size_t index = 0;
  for (const std::string& text : addresses) {
    std::array<std::uint8_t, 16> octets{};
    const int family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
    if (inet_pton(family, text.c_str(), octets.data()) != 1) {
      problem = "root server \"" + text + "\" is no IP address";
      return nullptr;
    }
    getdns_bindata address{family == AF_INET ? std::size_t{4} : std::size_t{16}, octets.data()};
    if (getdns_list_set_bindata(list.get(), index++, &address) != GETDNS_RETURN_GOOD) return nullptr;
  }
  return list;
}

/// We require a context that is defined to its last octet. Root servers reach libunbound in a file under /tmp, and the
/// context's end removes the file whose name the context holds: it must hold that name, or none.
void* zeroed(std::size_t octets) { return std::calloc(1, octets); }

getdns_return_t create_context(getdns_context** made) {
  constexpr int nothing_from_the_system = 0;
  return getdns_context_create_with_memory_functions(made, nothing_from_the_system, zeroed, std::realloc,
                                                     std::free);
}

bool good(getdns_return_t result, const char* what, std::string& problem) {
  if (result == GETDNS_RETURN_GOOD) return true;
  const char* const why = getdns_get_errorstr_by_id(static_cast<std::uint16_t>(result));
  problem = std::string("getdns cannot ") + what + ": " + (why == nullptr ? "unknown error" : why);
  return false;
}

/// Everything but the servers; the order of the calls does not matter.
bool configure(getdns_context* context, const TrustAnchors& trusted, GetdnsLoop& loop, std::string& problem) {
  const GetdnsList anchors = list_of(trusted);
  if (anchors == nullptr) {
    problem = "a trust anchor that getdns does not take";
    return false;
  }
  return good(getdns_context_set_eventloop(context, loop.get()), "use our event loop", problem) &&
         good(getdns_context_set_resolution_type(context, GETDNS_RESOLUTION_RECURSING), "recurse", problem) &&
         good(getdns_context_set_timeout(context, timeout_far_away), "set its timeout", problem) &&
         good(getdns_context_set_edns_maximum_udp_payload_size(context, udp_payload_octets), "set EDNS",
              problem) &&
         good(getdns_context_set_append_name(context, GETDNS_APPEND_NAME_NEVER), "leave names alone",
              problem) &&
         // With anchors set and no CA to check them with, it never fetches any and keeps no files.
         good(getdns_context_set_trust_anchors_verify_CA(context, ""), "stay off the network", problem) &&
         good(getdns_context_set_dnssec_trust_anchors(context, anchors.get()), "take the trust anchors",
              problem);
}

GetdnsContext new_context(std::string& problem) {
  const auto lock = lock_getdns_setup();
  getdns_context* made = nullptr;
  if (!good(create_context(&made), "make a context", problem)) return nullptr;
  return GetdnsContext(made);
}

/// Registered when the library is loaded: a fork that is on its way at the first use would find half of it. Where there is
/// no memory for it, a fork is as safe as without it.
[[maybe_unused]] const int unlocked_in_children =
    pthread_atfork([] { setup_mutex.lock(); }, [] { setup_mutex.unlock(); }, [] { setup_mutex.unlock(); });

}  // namespace

std::unique_lock<std::mutex> lock_getdns_setup() { return std::unique_lock(setup_mutex); }

void GetdnsFree::operator()(getdns_context* context) const {
  const auto lock = lock_getdns_setup();
  getdns_context_destroy(context);
}

GetdnsContext recursing_context(const RecursingSettings& settings, GetdnsLoop& loop, FailedAnswer& failure) {
  failure.fault = tlsa::LookupFault::NoTrustAnchor;
  failure.reason = "no trust anchor is loaded";
  if (settings.anchors.empty()) return nullptr;
  failure.reason = "a trust anchor's algorithm or digest is none that this engine knows";
  if (!every_owner_supported(settings.anchors)) return nullptr;

  failure.fault = tlsa::LookupFault::Internal;
  GetdnsContext context = new_context(failure.reason);
  if (context == nullptr || !configure(context.get(), settings.anchors, loop, failure.reason)) return nullptr;
  if (settings.root_servers.empty()) return context;
  const GetdnsList servers = list_of(settings.root_servers, failure.reason);
  if (servers == nullptr) return nullptr;
  if (!good(getdns_context_set_dns_root_servers(context.get(), servers.get()), "take the root servers",
            failure.reason))
    return nullptr;
  return context;
}

}  // namespace danelaw::dns
