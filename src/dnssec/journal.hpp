// What a judgement looked at and found, in order, for somebody who wants to see how it came about (trace.hpp). The judge
// writes it as it decides; nothing is decided here. Pointers go into the bag that is judged.
#pragma once

#include <variant>
#include <vector>

#include "dnssec/bag.hpp"
#include "dnssec/judgement.hpp"

namespace danelaw::dnssec {

/// A name of the alias chain is looked into.
struct LookedInto {
  Question question;
};
/// An RRset's signatures were held against the keys of a zone.
struct Checked {
  const Rrset* rrset = nullptr;
  DnsName zone;
};
/// The keys of a zone were looked for. It was entered, or else the judgement ended here.
struct Entering {
  DnsName zone;
  const Rrset* ds = nullptr;  ///< null: by trust anchors
};
/// What a signed NSEC or NSEC3 record proves about a name.
enum class Denies {
  Types,             ///< it exists, with the types of the record and no others
  Encloser,          ///< it exists, and is the closest encloser of what does not
  Name,              ///< it does not exist, or is an unsigned delegation where the record has Opt-Out
  EmptyNonTerminal,  ///< it exists without any record
  Uncounted,         ///< nothing that we look into: more iterations than our limit
};
struct Denied {
  const Rrset* rrset = nullptr;
  DnsName about;
  Denies what = Denies::Types;
};
/// A CNAME or DNAME that leads on.
struct Led {
  const Rrset* rrset = nullptr;
  DnsName from;
  DnsName to;
};

using Journal = std::vector<std::variant<LookedInto, Checked, Entering, Denied, Led>>;

}  // namespace danelaw::dnssec
