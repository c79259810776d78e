// RDATA of MX, SRV, DS, DNSKEY and TLSA as DNS delivers it: every input is explained, what is read is what is there, and octets that
// are none are told. The first octet chooses the type.
#include <string>
#include <vector>

#include "fuzz_assert.hpp"
#include "src/cli/explanation.hpp"
#include "src/cli/rdata_dnssec.hpp"
#include "src/cli/rdata_host.hpp"

using namespace danelaw::cli;

namespace {

void check(const Explanation& explanation, bool is_readable) {
  FUZZ_ASSERT(!explanation.lines.empty());
  for (const std::string& line : explanation.lines) FUZZ_ASSERT(!line.empty());
  if (!is_readable) FUZZ_ASSERT(explanation.object.contains("problem"));
}

/// The presentation form of a name is of characters that print, and no longer than all its octets escaped.
void check_name(const std::string& name) {
  FUZZ_ASSERT(!name.empty() && name.size() <= 4 * 255);
  for (const char c : name) FUZZ_ASSERT(c > ' ' && c < '\x7F');
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Octets rdata(data + 1, size - 1);
  const auto mx = mx_of_rdata(rdata);
  const auto srv = srv_of_rdata(rdata);
  const auto ds = ds_of_rdata(rdata);
  const auto key = dnskey_of_rdata(rdata);
  switch (data[0] % 5) {
    case 0:
      if (mx) check_name(mx->exchange);
      check(explain_mx(rdata), mx.has_value());
      break;
    case 1:
      if (srv) check_name(srv->target);
      // The same name at another place.
      FUZZ_ASSERT(!srv || mx_of_rdata(rdata.subspan(4))->exchange == srv->target);
      check(explain_srv(rdata), srv.has_value());
      break;
    case 2:
      FUZZ_ASSERT(ds.has_value() == (rdata.size() > 4));
      if (ds) FUZZ_ASSERT(ds->digest == std::string(rdata.begin() + 4, rdata.end()));
      check(explain_ds(rdata), ds.has_value());
      break;
    case 3:
      FUZZ_ASSERT(key.has_value() == (rdata.size() > 4));
      if (key && key->bits()) FUZZ_ASSERT(*key->bits() > 0 && *key->bits() <= key->key.size() * 8);
      check(explain_dnskey(rdata), key.has_value());
      break;
    default: {
      const std::vector<std::string> one = {std::string(rdata.begin(), rdata.end())};
      const auto explained = explain_tlsa(one);
      FUZZ_ASSERT(explained.size() == 1);
      check(explained.front(), rdata.size() >= 3);
    }
  }
  return 0;
}
