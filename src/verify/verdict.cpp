#include "verify/verdict.hpp"

#include <openssl/x509.h>

namespace danelaw::verify {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::None:
      return "none";
    case Reason::Matched:
      return "matched";
    case Reason::Resumed:
      return "resumed";
    case Reason::NoMatch:
      return "no-match";
    case Reason::NameMismatch:
      return "name-mismatch";
    case Reason::DaneEeNameMismatch:
      return "dane-ee-name-mismatch";
    case Reason::ChainInvalid:
      return "chain-invalid";
    case Reason::NoCertificate:
      return "no-certificate";
    case Reason::LookupFailed:
      return "lookup-failed";
    case Reason::MandatoryWithoutDane:
      return "mandatory-without-dane";
    case Reason::SecureAbsent:
      return "secure-absent";
    case Reason::Insecure:
      return "insecure";
    case Reason::NoUsableRecord:
      return "no-usable-record";
    case Reason::NotAsked:
      return "not-asked";
    case Reason::SecondOpinion:
      return "second-opinion";
    case Reason::Engine:
      return "engine";
    case Reason::HookBypassed:
      return "hook-bypassed";
    case Reason::Application:
      return "application";
  }
  return "unknown";
}

std::string_view name_of(const Decision& decision) {
  return std::visit(Overloaded{[](const Undecided&) { return "undecided"; },
                               [](const Authenticated&) { return "authenticated"; },
                               [](const Rejected&) { return "rejected"; },
                               [](const NotApplicable&) { return "not-applicable"; }},
                    decision);
}

Reason reason_of(const Decision& decision) {
  return std::visit([](const auto& it) { return it.reason; }, decision);
}

void StackOfX509Free::operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }

OwnedChain share(STACK_OF(X509) * chain) {
  return OwnedChain(chain == nullptr ? nullptr : X509_chain_up_ref(chain));
}

Verdict copy_of(const Verdict& verdict) {
  Verdict copy;
  copy.decision = verdict.decision;
  copy.plan = verdict.plan;
  copy.verify_result = verdict.verify_result;
  copy.error_depth = verdict.error_depth;
  copy.accept = verdict.accept;
  copy.dnssec_chain = verdict.dnssec_chain;
  copy.presented = share(verdict.presented.get());
  copy.verified = share(verdict.verified.get());
  return copy;
}

}  // namespace danelaw::verify
