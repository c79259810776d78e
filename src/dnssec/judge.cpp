#include "dnssec/judge.hpp"

#include <algorithm>

#include "dnssec/hop.hpp"
#include "dnssec/session.hpp"

namespace danelaw::dnssec {

namespace {

/// RFC 6895 section 3.1: questions and transport, not data; RRSIG records are signed by nobody.
bool is_data(RrType type) {
  const auto number = static_cast<unsigned>(type);
  return number != 0 && (number < 128 || number > 255) && type != RrType::Opt && type != RrType::Rrsig;
}

Bogus limit_bogus(BogusReason reason) {
  return Bogus{reason, "past a limit that no ordinary answer comes near: " + std::string(to_string(reason))};
}

/// What speaks against any judgement from the start.
std::optional<Bogus> refused(const Session& session, const Question& question) {
  if (!is_data(question.type))
    return Bogus{BogusReason::NotJudged,
                 shown(question.name, question.type) + ": this type cannot be validated"};
  if (session.anchors.empty()) return Bogus{BogusReason::NoTrustAnchor, "no trust anchor is loaded"};
  const Limits& limits = session.work.limits();
  if (session.bag.size() > limits.records) return limit_bogus(BogusReason::TooManyRecords);
  if (session.bag.nsecs().size() + session.bag.nsec3s().size() > limits.denial_records)
    return limit_bogus(BogusReason::TooManyDenialRecords);
  return std::nullopt;
}

/// Adds to a hop's end what the way to it was like.
struct Conclude {
  std::vector<DnsName> aliases;
  EpochSeconds expires;

  Verdict operator()(Bogus end) const { return end; }
  Verdict operator()(Missing end) const { return end; }
  Verdict operator()(const Alias&) const { return limit_bogus(BogusReason::TooManyAliases); }
  template <class End>
  Verdict operator()(End end) const {
    end.aliases = aliases;
    end.expires = std::min(end.expires, expires);
    return end;
  }
};

Verdict follow(Session& session, Question question) {
  Conclude conclude{{}, Insecure::never};
  while (true) {
    session.signatures.note<LookedInto>(question);
    HopEnd end = Hop(session, question).run();
    if (const auto stopped = session.work.stopped()) return limit_bogus(*stopped);
    const auto* const alias = std::get_if<Alias>(&end);
    if (alias == nullptr || conclude.aliases.size() >= session.work.limits().alias_hops)
      return std::visit(conclude, std::move(end));
    conclude.aliases.push_back(question.name);
    conclude.expires = std::min(conclude.expires, alias->expires);
    question.name = alias->target;
  }
}

/// Only what holds for every name below the cut, whatever else is signed.
bool is_worth_keeping(const Insecure& cut) {
  return cut.reason == InsecureReason::UnsignedDelegation ||
         cut.reason == InsecureReason::UnsupportedAlgorithms;
}

}  // namespace

Verdict verdict_of(Session& session, const Question& question) {
  if (auto bogus = refused(session, question)) return std::move(*bogus);
  return follow(session, question);
}

std::string shown(const DnsName& name, RrType type) {
  return name.to_text() + " TYPE" + std::to_string(static_cast<unsigned>(type));
}

Judgement judge(const Question& question, std::span<const ResourceRecord> records,
                const TrustAnchors& anchors, EpochSeconds now, const JudgeOptions& options) {
  Session session(records, anchors, now, options.sha1, options.limits, options.known);
  Judgement judgement;
  judgement.verdict = verdict_of(session, question);
  judgement.learned.zones = std::move(session.zones.entered());
  judgement.learned.verified = std::move(session.signatures.verified());
  if (const auto* const cut = std::get_if<Insecure>(&judgement.verdict);
      cut != nullptr && is_worth_keeping(*cut))
    judgement.learned.cuts.emplace(cut->cut, Insecure{cut->reason, cut->cut, {}, {}, cut->expires});
  judgement.counts = session.work.counts();
  return judgement;
}

}  // namespace danelaw::dnssec
