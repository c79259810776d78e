#include "dnssec/evidence.hpp"

#include "dnssec/descent.hpp"
#include "dnssec/names.hpp"

namespace danelaw::dnssec {

namespace {

bool is_signed_delegation(const TypeBitmap& types) { return types.is_delegation() && types.has(RrType::Ds); }

/// What is proven about one name; nothing where it is no cut, or where it is not known.
std::optional<Evidence> evidence_at(Denials& denials, const DnsName& name) {
  // Where records contradict each other, the one that makes the name secure counts.
  if (denials.matched(name, is_signed_delegation)) return SecureCut{name};
  if (const auto cut = denials.matched(name, &TypeBitmap::is_delegation))
    return Insecure{InsecureReason::UnsignedDelegation, name, {}, {}, cut->expires};
  const auto absence = denials.absent(name);
  if (!absence) return std::nullopt;
  if (absence->opt_out == OptOut::Yes)
    return Insecure{InsecureReason::OptOut, name, {}, {}, absence->expires};
  return NextCloser{name, absence->expires};
}

}  // namespace

Evidence evidence_for(Denials& denials, const DnsName& apex, const Question& question, Work& work) {
  Open open;
  const std::size_t most = deepest_apex_labels(question);
  for (std::size_t labels = apex.label_count() + 1; labels <= most; ++labels) {
    if (!work.may_examine_name()) break;
    const DnsName name = question.name.ancestor(labels);
    if (auto evidence = evidence_at(denials, name)) return std::move(*evidence);
    if (!denials.claimed(name)) open.unknown.push_back(name);
  }
  return open;
}

}  // namespace danelaw::dnssec
