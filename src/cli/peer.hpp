// One address of a service: connection, STARTTLS, handshake, verdict. Every step ends by the timeout.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "addresses.hpp"
#include "danelaw/smtp.h"
#include "handles.hpp"
#include "records_report.hpp"
#include "starttls.hpp"
#include "target.hpp"

namespace danelaw::cli {

struct Approach {
  SSL_CTX& context;
  const danelaw_plan& plan;
  danelaw_resolver* resolver = nullptr;  ///< for what a server proves itself; null: that is not asked for
  const StartTls* starttls = nullptr;    ///< null: TLS at once
  Target target;
  std::chrono::milliseconds timeout{};
  const danelaw_route* route = nullptr;  ///< where the plan is that of its host `host`
  std::size_t host = 0;
};

struct PeerReport {
  std::string address;
  bool connected = false;    ///< by TCP
  bool encrypted = false;    ///< the handshake was finished
  bool has_verdict = false;  ///< false: the members to `hint` are as they are here
  danelaw_decision verdict = DANELAW_UNDECIDED;
  danelaw_reason reason = DANELAW_REASON_NONE;
  bool accepted = false;
  int verify_result = X509_V_ERR_UNSPECIFIED;
  int match_depth = -1;
  int record = -1;  ///< index in `records`
  std::string matched_name;
  std::string chain;
  std::string summary;
  RecordLines records;
  std::string hint;
  danelaw_outcome outcome = DANELAW_OUTCOME_ERROR;  ///< of the plan by which the verdict was reached
  std::string fault;
  std::string lookup_text;
  std::string source;        ///< where that plan's evidence came from
  std::string dnssec_chain;  ///< what became of the server's own proof; may be empty
  std::string protocol;
  std::int64_t certificate_until =
      0;                    ///< when the end-entity certificate ends, in seconds since 1970; 0: not seen
  std::string certificate;  ///< that certificate in DER; "": not seen, because the handshake was not finished
  std::string error;        ///< what ended the attempt, other than the verdict
};

/// Never throws for what the network or the peer does.
[[nodiscard]] PeerReport try_peer(const Address& address, const Approach& approach);

}  // namespace danelaw::cli
