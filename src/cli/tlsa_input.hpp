// What the options of `danelaw tlsa` name: services, kinds of records, and where certificates and keys are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "credential.hpp"
#include "options.hpp"
#include "published_records.hpp"
#include "starttls.hpp"
#include "target.hpp"
#include "tlsa_advice.hpp"
#include "tlsa_output.hpp"

namespace danelaw::cli {

constexpr std::uint32_t longest_ttl = 0x7FFFFFFF;  // RFC 2181 section 8

/// What --from and --starttls name.
struct Server {
  Target target;
  const StartTls* starttls = nullptr;
};

/// Null without --starttls. All of these throw a Failure with Exit::Usage.
[[nodiscard]] const StartTls* starttls_of(const TlsaOptions& options);
/// Mail servers at port 25, and wherever TLS is started inside SMTP.
[[nodiscard]] Clients clients_of(const TlsaService& service, const TlsaOptions& options);

/// Nothing without --from.
[[nodiscard]] std::optional<Server> server_of(const TlsaOptions& options);

/// Those of --service and --mx; the server where none is named.
[[nodiscard]] std::vector<TlsaService> services_of(const TlsaOptions& options,
                                                   const std::optional<Server>& server);

/// The kinds that an option names with three words each; each once.
[[nodiscard]] std::vector<Parameters> parameters_of(const std::vector<std::string>& words,
                                                    const char* option);

/// --format, --replace, --server and --zone, for records of these services.
[[nodiscard]] RecordStyle style_of(const TlsaOptions& options, const std::vector<TlsaService>& services);

/// --ttl, or nothing.
[[nodiscard]] std::optional<std::uint32_t> ttl_of(const TlsaOptions& options);

/// What the server shows at each of its addresses, and where that could not be seen.
struct Seen {
  std::vector<Credential> credentials;
  std::vector<Advice> warnings;
};
[[nodiscard]] Seen ask_server(const Server& server, const TlsaOptions& options);

}  // namespace danelaw::cli
