#include "dnssec/missing.hpp"

#include <algorithm>

#include "dnssec/descent.hpp"
#include "dnssec/names.hpp"

namespace danelaw::dnssec {

namespace {

void put_unless_there(const Session& session, std::vector<Question>& out, const DnsName& name, RrType type) {
  const Question question{name, type};
  const bool there = !session.bag.find(name, type).empty() || std::ranges::find(out, question) != out.end();
  if (!there) out.push_back(question);
}

void put_signers(const Bag& bag, const DnsName& owner, RrType type, std::vector<DnsName>& out) {
  for (const Rrset& rrset : bag.find(owner, type)) {
    for (const Signature& signature : rrset.signatures) {
      const DnsName& signer = signature.rrsig.signer;
      if (std::ranges::find(out, signer) == out.end()) out.push_back(signer);
    }
  }
}

}  // namespace

bool has_answer(const Bag& bag, const Question& question) {
  if (!bag.find(question.name, question.type).empty()) return true;
  if (!bag.find(question.name, RrType::Cname).empty()) return true;
  for (DnsName above = question.name; !above.is_root();) {
    above = above.parent();
    if (!bag.find(above, RrType::Dname).empty()) return true;
  }
  return false;
}

std::vector<DnsName> signers_below(const Bag& bag, const Question& question, const DnsName& apex) {
  std::vector<DnsName> signers;
  put_signers(bag, question.name, question.type, signers);
  put_signers(bag, question.name, RrType::Cname, signers);
  for (DnsName above = question.name; !above.is_root();) {
    above = above.parent();
    put_signers(bag, above, RrType::Dname, signers);
  }
  // DS records between here and there may have been signed by a zone between them.
  for (std::size_t labels = apex.label_count() + 1; labels <= deepest_apex_labels(question); ++labels)
    put_signers(bag, question.name.ancestor(labels), RrType::Ds, signers);
  std::erase_if(signers, [&](const DnsName& signer) {
    return !is_below(signer, apex) || !question.name.is_within(signer) ||
           signer.label_count() > deepest_apex_labels(question);
  });
  return signers;
}

Missing missing_chain(const Session& session, const std::vector<DnsName>& signers) {
  Missing missing;
  for (const DnsName& signer : signers) {
    put_unless_there(session, missing.needed, signer, RrType::Ds);
    put_unless_there(session, missing.needed, signer, RrType::Dnskey);
    // Its DS records name the zone above as their signer, and so on upwards.
    std::vector<DnsName> above;
    put_signers(session.bag, signer, RrType::Ds, above);
    for (const DnsName& zone : above) {
      if (!is_below(signer, zone) || zone.is_root()) continue;
      put_unless_there(session, missing.needed, zone, RrType::Ds);
      put_unless_there(session, missing.needed, zone, RrType::Dnskey);
    }
  }
  return missing;
}

Missing missing_keys(const Session& session, const Question& question, const DnsName& zone) {
  Missing missing;
  missing.needed.push_back({zone, RrType::Dnskey});
  if (!has_answer(session.bag, question)) missing.needed.push_back(question);
  const auto signers = signers_below(session.bag, question, zone);
  for (const Question& link : missing_chain(session, signers).needed)
    put_unless_there(session, missing.needed, link.name, link.type);
  const std::size_t most = deepest_apex_labels(question);
  for (std::size_t labels = zone.label_count() + 1; labels <= most; ++labels) {
    const DnsName name = question.name.ancestor(labels);
    const bool cut = !session.bag.find(name, RrType::Ds).empty();
    if (cut) put_unless_there(session, missing.needed, name, RrType::Dnskey);
    if (std::ranges::find(missing.needed, Question{name, RrType::Ds}) == missing.needed.end())
      put_unless_there(session, missing.cuts, name, RrType::Ds);
  }
  return missing;
}

Missing missing_answer(const Session& session, const Question& question,
                       const std::vector<DnsName>& unknown) {
  Missing missing;
  if (!has_answer(session.bag, question)) missing.needed.push_back(question);
  for (const DnsName& name : unknown) put_unless_there(session, missing.cuts, name, RrType::Ds);
  return missing;
}

}  // namespace danelaw::dnssec
