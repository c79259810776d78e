#include "tlsa_service.hpp"

#include <fmt/format.h>

#include "exit.hpp"
#include "settings.hpp"
#include "target.hpp"

namespace danelaw::cli {
namespace {

constexpr std::size_t longest_name = 253;  // in text, without the last dot (RFC 1035 section 2.3.4)

}  // namespace

std::string TlsaService::owner() const { return fmt::format("_{}._{}.{}", port, transport, host); }

TlsaService parse_service(const std::string& text, unsigned default_port) {
  refuse_url(text, "--service");
  const std::size_t slash = text.find('/');
  const std::string transport = slash == std::string::npos ? "tcp" : text.substr(slash + 1);
  if (transport != "tcp" && transport != "udp" && transport != "sctp")
    throw usage(fmt::format("{}: \"{}\" is not a transport: tcp, udp or sctp", text, transport));
  const Target target = parse_target(text.substr(0, slash), default_port);
  if (target.is_address)
    throw usage(fmt::format("{} is an IP address; TLSA records stand at a DNS name", target.host));
  TlsaService service{target.host, target.port, transport};
  if (service.owner().size() > longest_name)
    throw usage(fmt::format("{}: too long a name for {}", text, service.owner().substr(0, 12) + "..."));
  return service;
}

}  // namespace danelaw::cli
