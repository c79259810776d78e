// What the tests of this layer share: one identity, made once, and the error queue as a host program has it.
#pragma once

#include <openssl/err.h>

#include <string>
#include <vector>

#include "pki.hpp"
#include "tlsa/usability.hpp"

namespace support {

inline const pki::Identity& leaf() {
  static const pki::Identity made = pki::issue({.common_name = "leaf", .dns_names = {"www.example"}});
  return made;
}
inline const pki::Identity& other() {
  static const pki::Identity made = pki::issue({.common_name = "other", .dns_names = {"www.example"}});
  return made;
}

inline danelaw::tlsa::Record record(int usage, int selector, int matching_type, danelaw::Bytes data) {
  danelaw::Buffer rdata{static_cast<std::uint8_t>(usage), static_cast<std::uint8_t>(selector),
                        static_cast<std::uint8_t>(matching_type)};
  rdata.insert(rdata.end(), data.begin(), data.end());
  return danelaw::tlsa::Record::from_rdata(rdata).value();
}

inline danelaw::tlsa::RecordSet set_of(const std::vector<danelaw::tlsa::Record>& records) {
  return danelaw::tlsa::RecordSet::from_records(records, danelaw::tlsa::Usages::All);
}

/// Fills the queue with one error of the host's and says afterwards whether it is all there is.
class HostErrors final {
 public:
  HostErrors() {
    ERR_clear_error();
    ERR_raise(ERR_LIB_USER, 4711);
  }
  [[nodiscard]] bool untouched() const {
    return ERR_GET_REASON(ERR_peek_error()) == 4711 && ERR_GET_REASON(ERR_peek_last_error()) == 4711;
  }
  ~HostErrors() { ERR_clear_error(); }
};

}  // namespace support
