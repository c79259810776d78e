#include "watch_guard.hpp"

#include <ctime>
#include <new>

#include "numbers.hpp"
#include "settings.hpp"

namespace danelaw::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t longest_interval = 366 * 24 * 60 * 60;  // seconds
constexpr std::int64_t most_days = 3660;
constexpr std::int64_t day = 24 * 60 * 60;

Settings settings_of(const WatchOptions& options, const char* profile) {
  Settings settings = make_settings();
  set_dns(*settings, options.dns);
  set(*settings, "profile", profile, "the profile");
  return settings;
}

/// The trusted certificates are loaded now: later several threads use the context.
SslContext make_context(const danelaw_settings& settings) {
  SslContext context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_default_verify_paths(context.get());
  danelaw_problem problem{};
  require(danelaw_ssl_ctx_attach(context.get(), nullptr, &settings, &problem), problem);
  return context;
}

std::shared_ptr<danelaw_resolver> make_resolver(const danelaw_settings& settings) {
  danelaw_problem problem{};
  danelaw_resolver* resolver = nullptr;
  require(danelaw_resolver_new(&settings, &resolver, &problem), problem);
  return {resolver, Free<danelaw_resolver_free>()};
}

std::int64_t seconds_of_days(const std::optional<std::string>& text, const char* option, const char* normal) {
  return day * parse_number<std::int64_t>(text.value_or(normal), option, "days, 0 to 3660", most_days);
}

/// Whose engine keeps no proofs cannot be asked when signatures end; who asked for it is told.
bool wants_signatures(const danelaw_settings& settings, const WatchOptions& options, const WarnTimes& warn) {
  const std::string engine = danelaw_settings_get(&settings, "engine");
  if (warn.signature > 0 && options.warn_signatures && engine != "stub")
    throw usage("--warn-signatures: the engine " + engine +
                " does not show signatures; leave one of the options out");
  return warn.signature > 0 && engine == "stub";
}

Observation failed(const char* why) {
  Observation observation;
  observation.outcome = danelaw_outcome_name(DANELAW_OUTCOME_ERROR);
  observation.reason = danelaw_reason_name(DANELAW_REASON_LOOKUP_FAILED);
  observation.text = why;
  return observation;
}

}  // namespace

WatchTimes times_of(const WatchOptions& options) {
  WatchTimes times;
  times.interval = std::chrono::seconds(parse_number<std::int64_t>(
      options.interval.value_or("900"), "--interval", "seconds, 1 to 31622400", longest_interval));
  if (times.interval.count() == 0) throw usage("--interval: 0 is not seconds, 1 to 31622400");
  times.warn.certificate = seconds_of_days(options.warn_certificates, "--warn-certificates", "14");
  times.warn.signature = seconds_of_days(options.warn_signatures, "--warn-signatures", "1");
  return times;
}

WatchGuard::WatchGuard(const WatchOptions& options, const WatchTimes& times)
    : m_settings(settings_of(options, "generic")),
      m_mail_settings(settings_of(options, "smtp")),
      m_context(make_context(*m_settings)),
      m_mail_context(make_context(*m_mail_settings)),
      m_tools{*m_settings, *m_mail_settings, *m_context, *m_mail_context,
              wants_signatures(*m_settings, options, times.warn)},
      m_renewal(times.interval),
      m_resolver(make_resolver(*m_settings)),
      m_made(Clock::now()) {}

/// One resolver's answers are those of one interval: each look sees what is published, and the keys of zones are asked for
/// once an interval, not once a service.
std::shared_ptr<danelaw_resolver> WatchGuard::resolver() {
  const std::lock_guard lock(m_mutex);
  if (Clock::now() - m_made >= m_renewal) {
    m_resolver = make_resolver(*m_settings);
    m_made = Clock::now();
  }
  return m_resolver;
}

Observation WatchGuard::look(const WatchedService& service) {
  const Clock::time_point begun = Clock::now();
  Observation observation;
  try {
    observation = look_at(m_tools, *resolver(), service);
  } catch (const std::exception& error) {
    observation = failed(error.what());
  }
  observation.when = std::time(nullptr);
  observation.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun).count();
  return observation;
}

}  // namespace danelaw::cli
