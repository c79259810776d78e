// CERT RDATA as DNS delivers it: what is read can be written again and is the same, every input is explained, and OpenSSL leaves no
// error behind.
#include <openssl/err.h>

#include <string>
#include <vector>

#include "fuzz_assert.hpp"
#include "src/cli/explanation.hpp"
#include "src/cli/rdata_cert.hpp"

using namespace danelaw::cli;

namespace {

std::string length_and(const std::string& octets) {
  return std::string(1, static_cast<char>(octets.size())) + octets;
}

struct Body final {
  std::uint16_t type;

  std::string operator()(const CertWithOid& body) const {
    return body.oid.empty() ? body.content : length_and(body.oid) + body.content;
  }
  std::string operator()(const CertWithUri& body) const { return body.uri + '\0' + body.content; }
  std::string operator()(const CertElsewhere& body) const {
    FUZZ_ASSERT(!body.uri.empty() || !body.fingerprint.empty());
    return type == 6 ? length_and(body.fingerprint) + body.uri : body.uri;
  }
  std::string operator()(const CertOctets& body) const { return body.content; }
  std::string operator()(const CertMalformed& body) const {
    FUZZ_ASSERT(!body.why.empty());
    return "";
  }
};

/// A certificate is all of what stands there, or there is none.
void check_certificate(Octets rdata) {
  std::vector<std::uint8_t> longer(rdata.begin(), rdata.end());
  longer.push_back(0);
  FUZZ_ASSERT(rdata[1] == 1 && !explain_cert(longer).object.contains("subject"));
  FUZZ_ASSERT(!explain_cert(rdata.first(rdata.size() - 1)).object.contains("subject"));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t header_octets = 5;
  const auto record = cert_of_rdata({data, size});
  FUZZ_ASSERT(record.has_value() == (size >= header_octets));
  const Explanation explanation = explain_cert({data, size});
  FUZZ_ASSERT(!explanation.lines.empty() && ERR_peek_error() == 0);
  if (!record) return 0;
  const bool is_malformed = std::holds_alternative<CertMalformed>(record->body);
  if (is_malformed) FUZZ_ASSERT(explanation.object.contains("problem"));
  if (explanation.object.contains("subject")) check_certificate({data, size});
  const std::string again = std::visit(Body{record->type}, record->body);
  FUZZ_ASSERT(is_malformed || again == std::string(data + header_octets, data + size));
  return 0;
}
