// Trust anchors: DS or DNSKEY records at any name, from a file, from a directory, or built in.
//
// A file that is missing, unreadable, empty or garbage is a Problem, never "no anchors": without anchors everything
// would look unsigned. Nothing is fetched from the network.
#pragma once

#include <string>

#include "base/result.hpp"
#include "dns/answer.hpp"
#include "dnssec/trust_anchor.hpp"

namespace danelaw::dns {

using dnssec::TrustAnchor;
using dnssec::TrustAnchors;  ///< never empty where a function below returned it

/// A master file of DS and DNSKEY records, or every such file (*.key, *.ds, *.anchor) of a directory.
Result<TrustAnchors> load_trust_anchors(const std::string& path);
/// The system's (/usr/share/dns/root.key) where that file exists, else the two root keys built in:
/// KSK-2017 (key tag 20326) and KSK-2024 (key tag 38696).
Result<TrustAnchors> default_trust_anchors();
[[nodiscard]] const TrustAnchors& built_in_trust_anchors();

}  // namespace danelaw::dns
