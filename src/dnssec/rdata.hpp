// RDATA as it stands in a message turned into RDATA that stands alone: names decompressed and in lower case,
// in the types whose RDATA RFC 4034 section 6.2 wants so. Inside only.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "base/rr_type.hpp"
#include "dnssec/wire_reader.hpp"

namespace danelaw::dnssec {

/// Reads all of `part`. Nothing where a name in it cannot be read or the fields do not fill it exactly; types
/// without such names are taken as they come.
[[nodiscard]] std::optional<Buffer> take_canonical_rdata(WireReader part, RrType type);

}  // namespace danelaw::dnssec
