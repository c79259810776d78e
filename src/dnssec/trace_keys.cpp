// The steps from DS records and anchors to keys, and from keys by their signatures to RRsets.
#include <algorithm>

#include "dnssec/signed_data.hpp"
#include "dnssec/trace_steps.hpp"

namespace danelaw::dnssec {

namespace {

/// More of them at one RRset are nobody's mistake.
constexpr std::size_t most_signatures_shown = 32;

TraceStep ds_step(const DnsName& owner, const Ds& ds) {
  TraceStep step;
  step.kind = StepKind::Ds;
  step.owner = owner;
  step.type = RrType::Ds;
  step.key_tag = ds.key_tag;
  step.algorithm = ds.algorithm;
  step.digest_type = ds.digest_type;
  return step;
}

TraceStep dnskey_step(const DnsName& zone, const Dnskey& key) {
  TraceStep step;
  step.kind = StepKind::Dnskey;
  step.owner = zone;
  step.type = RrType::Dnskey;
  step.zone = zone;
  step.key_tag = key.tag;
  step.algorithm = key.algorithm;
  step.flags = key.flags;
  return step;
}

/// Whether it leads anywhere; that the other records of its RRset do not is no fault of this one.
void judge_ds(TraceStep& step, const Ds& ds, const std::vector<Ds>& usable_ones, Sha1Signatures sha1) {
  step.state = StepState::Secure;
  if (std::ranges::find(usable_ones, ds) != usable_ones.end()) return;
  step.state = StepState::Unused;
  const bool is_known = supported_algorithm(ds.algorithm, sha1) && supported_digest(ds.digest_type);
  step.code = is_known ? "weak-digest" : "unknown-algorithm";
}

std::vector<Ds> ds_of(const Rrset& rrset) {
  std::vector<Ds> all;
  for (const Bytes rdata : rrset.rdatas) {
    auto ds = Ds::from_rdata(rdata);
    if (ds) all.push_back(std::move(*ds));
  }
  return all;
}

std::vector<Ds> ds_of(const TrustAnchors& anchors, const DnsName& zone) {
  std::vector<Ds> all;
  for (const TrustAnchor& anchor : anchors) {
    if (anchor.type != RrType::Ds || anchor.owner != zone) continue;
    auto ds = Ds::from_rdata(anchor.rdata);
    if (ds) all.push_back(std::move(*ds));
  }
  return all;
}

}  // namespace

std::vector<TraceSteps::Lead> TraceSteps::put_ds_records(const Rrset& rrset, std::size_t of) {
  std::vector<Lead> leads;
  if (rrset.rdatas.size() > m_session.work.limits().ds_records) return leads;
  const std::vector<Ds> all = ds_of(rrset);
  const std::vector<Ds> good = usable(all, m_signatures.sha1());
  for (const Ds& ds : all) {
    TraceStep step = ds_step(rrset.owner, ds);
    step.zone = m_steps[of].zone;
    step.rrset = of;
    judge_ds(step, ds, good, m_signatures.sha1());
    const bool leads_on = step.state == StepState::Secure;
    if (leads_on) step.state = m_steps[of].state;
    const std::size_t at = put(std::move(step));
    if (leads_on) leads.push_back({ds, at});
  }
  return leads;
}

std::vector<TraceSteps::Lead> TraceSteps::put_anchors(const DnsName& zone) {
  std::vector<Lead> leads;
  const std::vector<Ds> all = ds_of(m_session.anchors, zone);
  const std::vector<Ds> good = usable(all, m_signatures.sha1());
  for (const Ds& ds : all) {
    TraceStep step = ds_step(zone, ds);
    step.kind = StepKind::Anchor;
    judge_ds(step, ds, good, m_signatures.sha1());
    const bool leads_on = step.state == StepState::Secure;
    const std::size_t at = put(std::move(step));
    if (leads_on) leads.push_back({ds, at});
  }
  for (const TrustAnchor& anchor : m_session.anchors) {
    if (anchor.type != RrType::Dnskey || anchor.owner != zone) continue;
    const auto key = Dnskey::from_rdata(anchor.rdata);
    if (!key) continue;
    TraceStep step = dnskey_step(zone, *key);
    step.kind = StepKind::Anchor;
    step.state = StepState::Secure;
    leads.push_back({anchor.rdata, put(std::move(step))});
  }
  return leads;
}

bool TraceSteps::leads_to(const Lead& lead, const DnsName& zone, const Dnskey& key) {
  if (!key.may_sign_zone()) return false;
  if (const auto* const rdata = std::get_if<Buffer>(&lead.to)) return *rdata == key.rdata;
  return std::get<Ds>(lead.to).matches(m_signatures.hashers(), zone, key);
}

void TraceSteps::put_keys(const Rrset& rrset, std::size_t of, const std::vector<Lead>& leads) {
  std::vector<ShownKey>& keys = m_keys[rrset.owner];
  if (rrset.rdatas.size() > m_session.work.limits().zone_keys) return;
  for (const Bytes rdata : rrset.rdatas) {
    auto key = Dnskey::from_rdata(rdata);
    if (!key) continue;
    TraceStep step = dnskey_step(rrset.owner, *key);
    step.rrset = of;
    for (const Lead& lead : leads)
      if (leads_to(lead, rrset.owner, *key)) step.basis.push_back(lead.step);
    const bool is_linked = !step.basis.empty();
    step.state = is_linked ? StepState::Secure : m_steps[of].state;
    if (!key->may_sign_zone()) {
      step.state = StepState::Unused;
      step.code = "may-not-sign";
    }
    const std::size_t at = put(std::move(step));
    keys.push_back({{std::move(*key), nullptr}, at, is_linked});
  }
}

void TraceSteps::put_signatures(const Rrset& rrset, std::size_t of, const DnsName& zone) {
  const std::size_t shown = std::min(rrset.signatures.size(), most_signatures_shown);
  for (const Signature& signature : rrset.signatures.first(shown)) {
    const Rrsig& rrsig = signature.rrsig;
    TraceStep step;
    step.kind = StepKind::Signature;
    step.owner = rrset.owner;
    step.type = rrset.type;
    step.zone = rrsig.signer;
    step.rrset = of;
    step.key_tag = rrsig.key_tag;
    step.algorithm = rrsig.algorithm;
    step.inception = nearest(rrsig.inception, m_signatures.now());
    step.expiration = nearest(rrsig.expiration, m_signatures.now());
    judge_signature(step, rrset, signature, zone);
    put(std::move(step));
  }
}

void TraceSteps::judge_signature(TraceStep& step, const Rrset& rrset, const Signature& signature,
                                 const DnsName& zone) {
  Rrset with_one = rrset;
  with_one.signatures = {&signature, 1};
  auto reason = std::get<BogusReason>(m_signatures.check_with(with_one, zone, {}));
  for (ShownKey& shown : m_keys[zone]) {
    const Dnskey& key = shown.key.dnskey;
    if (key.tag != signature.rrsig.key_tag || key.algorithm != signature.rrsig.algorithm) continue;
    const SignatureVerdict by_key = m_signatures.check_with(with_one, zone, {&shown.key, 1});
    if (const auto* const fault = std::get_if<BogusReason>(&by_key)) {
      reason = std::max(reason, *fault);
      continue;
    }
    // The keys themselves count only where those sign them that the parent, or an anchor, names.
    const bool counts = shown.is_linked || rrset.type != RrType::Dnskey || rrset.owner != zone;
    step.state = counts ? StepState::Secure : StepState::Unused;
    step.code = counts ? "" : "not-linked";
    step.basis = {shown.step};
    return;
  }
  const bool is_elsewhere = reason == BogusReason::WrongSigner || reason == BogusReason::UnsupportedAlgorithm;
  step.state = is_elsewhere || m_work.stopped() ? StepState::Unused : StepState::Bogus;
  step.code = m_work.stopped() ? "not-looked-at" : to_string(reason);
}

}  // namespace danelaw::dnssec
