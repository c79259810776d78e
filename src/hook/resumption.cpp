#include "hook/resumption.hpp"

#include <new>

#include "hook/session_tag.hpp"
#include "verify/action.hpp"

namespace danelaw::hook {
namespace {

/// True where the verification is not ours: no service, mode off, or the application's own DANE.
bool stands_aside(const verify::Plan& plan) {
  if (!std::holds_alternative<verify::ApplicationDecides>(verify::action_for(plan))) return false;
  if (plan.policy.mode == verify::Mode::Off) return true;
  const auto* not_asked = std::get_if<verify::NotAsked>(&plan.evidence);
  if (not_asked == nullptr) return false;
  switch (not_asked->why) {
    case verify::NotAsked::Why::ModeOff:
    case verify::NotAsked::Why::NoService:
    case verify::NotAsked::Why::OwnDane:
      return true;
    case verify::NotAsked::Why::AddressLiteral:
    case verify::NotAsked::Why::PrivateName:
      return false;
  }
  return false;
}

SessionTag::Kind kind_of(const verify::Verdict& verdict) {
  if (!verdict.accept) return SessionTag::Kind::Unresumable;
  if (std::holds_alternative<verify::Authenticated>(verdict.decision)) return SessionTag::Kind::Authenticated;
  if (std::holds_alternative<verify::NotApplicable>(verdict.decision)) return SessionTag::Kind::NotApplicable;
  return SessionTag::Kind::Unresumable;
}

}  // namespace

Resumption resumption_of(SSL* ssl, const verify::Plan& plan, EpochSeconds now) {
  if (SSL_session_reused(ssl) != 1) return Resumption::None;
  const auto tag = tag_of(SSL_get_session(ssl));
  if (!tag) return Resumption::Untagged;
  return tag->allows(plan, now) ? Resumption::Allowed : Resumption::Refused;
}

bool may_offer(SSL_SESSION* session, const verify::Plan* plan, EpochSeconds now) {
  if (plan == nullptr) return false;
  const auto tag = tag_of(session);
  return tag ? tag->allows(*plan, now) : stands_aside(*plan);
}

void tag_session(SSL* ssl, const verify::Verdict& verdict) {
  SSL_SESSION* session = SSL_get_session(ssl);
  if (session == nullptr) return;
  const SessionTag::Kind kind = kind_of(verdict);
  if (kind == SessionTag::Kind::Unresumable && stands_aside(*verdict.plan)) return;
  if (!put_tag(session, SessionTag::for_plan(kind, *verdict.plan))) throw std::bad_alloc();
}

}  // namespace danelaw::hook
