// What danelaw_answer holds: the answer to a lookup (query.cpp), or what a proof says that came without DNS (proof.cpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "danelaw/danelaw.h"
#include "dnssec/message.hpp"

struct danelaw_answer {
  danelaw_status status = DANELAW_STATUS_ERROR;
  std::string fault;
  std::string code;
  std::string reason;
  std::string owner;
  danelaw::EpochSeconds expires = 0;
  std::uint32_t ttl = 0;
  std::vector<danelaw::Buffer> rdatas;
  std::vector<std::string> texts;

  struct ProofRrset {
    std::string text;
    danelaw::EpochSeconds signed_until = 0;
  };
  danelaw::Buffer proof;           // an AuthenticationChain; empty where there is none
  danelaw::Buffer extension_data;  // made from it when asked for
  std::vector<ProofRrset> proof_rrsets;
  int support_lifetime = -1;

  /// By danelaw_trace_word and danelaw_trace_number.
  struct TraceStep {
    std::array<std::string, 8> words;
    std::array<std::int64_t, 9> numbers{};
    std::vector<std::size_t> basis;
  };
  std::vector<TraceStep> trace;  // empty where there is none
};

namespace danelaw::capi {

struct NameAndType {
  DnsName name;
  RrType type{};
};

/// Owner names may carry underscores and escapes; names in other scripts are host names.
[[nodiscard]] Result<NameAndType> question_of(const char* name, const char* type);

void put_rdatas(danelaw_answer& answer, RrType type, const std::vector<Buffer>& rdatas);

/// The records that prove the answer, which were all signed at `now`.
[[nodiscard]] Result<std::monostate> put_proof(danelaw_answer& answer,
                                               const std::vector<dnssec::ResourceRecord>& records,
                                               EpochSeconds now);

}  // namespace danelaw::capi
