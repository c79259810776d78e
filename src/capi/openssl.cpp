// openssl.h: the hook behind the C ABI.
#include "danelaw/openssl.h"

#include <openssl/err.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "capi/errors.hpp"
#include "capi/known_part.hpp"
#include "capi/plan.hpp"
#include "capi/plan_source.hpp"
#include "capi/resolver.hpp"
#include "capi/settings.hpp"
#include "capi/verdict.hpp"
#include "hook/attach.hpp"
#include "service/host.hpp"

using namespace danelaw;

namespace {

std::function<void(SSL*, const verify::Verdict&)> reporter_of(const danelaw_settings& settings) {
  const auto callback = settings.verdict_callback;
  if (callback == nullptr) return {};
  return [callback, user = settings.verdict_user](SSL* ssl, const verify::Verdict& verdict) {
    const danelaw_verdict snapshot(verify::copy_of(verdict));
    callback(user, ssl, &snapshot);
  };
}

std::function<Result<std::monostate>(SSL*)> namer_of(const danelaw_settings& settings) {
  const auto callback = settings.service_callback;
  if (callback == nullptr) return {};
  return [callback, user = settings.service_user](SSL* ssl) -> Result<std::monostate> {
    danelaw_problem problem{};
    if (callback(user, ssl, &problem) == DANELAW_OK) return std::monostate();
    problem.text[sizeof problem.text - 1] = '\0';
    return Problem{Fault::State, problem.text[0] == '\0' ? "the service callback says no" : problem.text};
  };
}

int attach(SSL_CTX* ctx, std::shared_ptr<verify::PlanSource> source, const danelaw_settings* settings,
           danelaw_problem* problem) {
  const danelaw_settings known = capi::or_defaults(settings);
  auto engine = verify::DaneEngine::create();
  if (!engine) return capi::report(problem, engine.problem());
  hook::AttachSettings made;
  static_cast<hook::ConnectionSettings&>(made) = capi::connection_settings_of(known);
  made.waiting = capi::waiting_of(known);
  made.source = std::move(source);
  made.engine = std::move(engine).value();
  made.on_verdict = reporter_of(known);
  made.name_service = namer_of(known);
  const auto attached = hook::attach(ctx, std::move(made));
  return attached ? DANELAW_OK : capi::report(problem, attached.problem());
}

int done_or_report(const Result<std::monostate>& done, danelaw_problem* problem) {
  return done ? DANELAW_OK : capi::report(problem, done.problem());
}

int argument_is_missing(danelaw_problem* problem, const char* line) {
  return capi::report(problem, DANELAW_ERR_ARGUMENT, line);
}

}  // namespace

int danelaw_settings_set_verdict_callback(danelaw_settings* settings,
                                          void (*callback)(void* user, const SSL* ssl,
                                                           const danelaw_verdict* verdict),
                                          void* user) {
  if (settings == nullptr) return DANELAW_ERR_ARGUMENT;
  settings->verdict_callback = callback;
  settings->verdict_user = user;
  return DANELAW_OK;
}

int danelaw_settings_set_service_callback(danelaw_settings* settings,
                                          int (*callback)(void* user, SSL* ssl, danelaw_problem* problem),
                                          void* user) {
  if (settings == nullptr) return DANELAW_ERR_ARGUMENT;
  settings->service_callback = callback;
  settings->service_user = user;
  return DANELAW_OK;
}

int danelaw_ssl_ctx_attach(SSL_CTX* ctx, danelaw_resolver* resolver, const danelaw_settings* settings,
                           danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (ctx == nullptr) return argument_is_missing(problem, "danelaw_ssl_ctx_attach: an SSL_CTX is needed");
    return attach(ctx, resolver == nullptr ? nullptr : resolver->source, settings, problem);
  });
}

int danelaw_ssl_ctx_attach_source(SSL_CTX* ctx, const danelaw_plan_source* source,
                                  const danelaw_settings* settings, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    const auto known = capi::known_part(source);
    if (ctx == nullptr || !known || known->start == nullptr)
      return argument_is_missing(
          problem,
          "danelaw_ssl_ctx_attach_source: an SSL_CTX and a source with its size and start are needed");
    return attach(ctx, capi::application_plan_source(*known), settings, problem);
  });
}

int danelaw_ssl_set_settings(SSL* ssl, const danelaw_settings* settings, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (ssl == nullptr || settings == nullptr)
      return argument_is_missing(problem, "danelaw_ssl_set_settings: an SSL and settings are needed");
    return done_or_report(hook::configure(ssl, capi::connection_settings_of(*settings)), problem);
  });
}

int danelaw_ssl_set_resolver(SSL* ssl, danelaw_resolver* resolver, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (ssl == nullptr || resolver == nullptr)
      return argument_is_missing(problem, "danelaw_ssl_set_resolver: an SSL and a resolver are needed");
    return done_or_report(hook::set_source(ssl, resolver->source), problem);
  });
}

int danelaw_ssl_watch(SSL* ssl, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (ssl == nullptr) return argument_is_missing(problem, "danelaw_ssl_watch: an SSL is needed");
    return done_or_report(hook::watch(ssl), problem);
  });
}

int danelaw_ssl_set_service(SSL* ssl, const char* host, unsigned port, danelaw_transport transport,
                            danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (ssl == nullptr) return argument_is_missing(problem, "danelaw_ssl_set_service: an SSL is needed");
    const auto service = capi::service_of(host, port, transport);
    if (!service) return capi::report(problem, service.problem());
    return done_or_report(hook::set_service(ssl, *service), problem);
  });
}

int danelaw_ssl_set_plan(SSL* ssl, const danelaw_plan* plan, danelaw_problem* problem) {
  return capi::guarded(problem, [&] {
    if (ssl == nullptr || plan == nullptr)
      return argument_is_missing(problem, "danelaw_ssl_set_plan: an SSL and a plan are needed");
    return done_or_report(hook::set_plan(ssl, plan->plan), problem);
  });
}

int danelaw_ssl_descriptor(const SSL* ssl) {
  return capi::guarded_value(-1, [&] { return ssl == nullptr ? -1 : hook::descriptor(ssl); });
}

unsigned danelaw_ssl_patience(const SSL* ssl) {
  return capi::guarded_value(0U, [&] {
    if (ssl == nullptr) return 0U;
    return static_cast<unsigned>(std::max<std::int64_t>(0, hook::patience(ssl).count()));
  });
}

int danelaw_ssl_ready(const SSL* ssl) {
  return capi::guarded_value(0, [&] { return ssl != nullptr && hook::plan_is_ready(ssl) ? 1 : 0; });
}

int danelaw_ssl_get_verdict(const SSL* ssl, danelaw_verdict** verdict) {
  return capi::guarded(nullptr, [&]() -> int {
    if (ssl == nullptr || verdict == nullptr) return DANELAW_ERR_ARGUMENT;
    const verify::Verdict* reached = hook::verdict(ssl);
    if (reached == nullptr) return hook::has_service(ssl) ? DANELAW_ERR_PENDING : DANELAW_ERR_STATE;
    *verdict = new danelaw_verdict(verify::copy_of(*reached));
    return DANELAW_OK;
  });
}
