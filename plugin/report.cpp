#include "report.hpp"

namespace danelaw::plugin {
namespace {

std::string to_text(danelaw_transport transport) {
  switch (transport) {
    case DANELAW_TRANSPORT_TCP:
      return "tcp";
    case DANELAW_TRANSPORT_UDP:
      return "udp";
    case DANELAW_TRANSPORT_SCTP:
      return "sctp";
  }
  return "unknown-transport";
}

std::string to_text(const Peer& peer) {
  const bool ipv6 = peer.host.find(':') != std::string::npos;
  const std::string host = ipv6 ? "[" + peer.host + "]" : peer.host;
  return (host.empty() ? "unknown-host" : host) + ":" +
         (peer.port == 0 ? "unknown-port" : std::to_string(peer.port)) + "/" + to_text(peer.transport);
}

void append(std::string& line, const char* part) {
  if (part == nullptr || *part == '\0') return;
  line += "; ";
  line += part;
}

}  // namespace

std::string line_of(const danelaw_verdict* verdict) {
  std::string line = danelaw_verdict_summary(verdict);
  for (size_t i = 0; i < danelaw_verdict_record_count(verdict); ++i)
    append(line, danelaw_verdict_record_text(verdict, i));
  append(line, danelaw_verdict_chain(verdict));
  append(line, danelaw_verdict_hint(verdict));
  return line;
}

std::string with_peer(const std::string& line, const Peer& peer) {
  const std::size_t rest = line.find(": ");
  return rest == std::string::npos ? line : to_text(peer) + line.substr(rest);
}

}  // namespace danelaw::plugin
