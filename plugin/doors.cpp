// The two ways in: as an object that is preloaded (LD_PRELOAD), and as a module that openssl.cnf names (config(5)).
//
// Both end in the same hooks. When a program starts nothing happens but that two indexes are registered.
#include <openssl/conf.h>

#include <exception>
#include <string>

#include "curl_peer.hpp"
#include "hooks.hpp"
#include "log.hpp"
#include "process.hpp"
#include "same_openssl.hpp"

namespace {

using namespace danelaw::plugin;

/// Whoever opened a door for this program counts on us: it must not stay without DANE in silence.
void say(const char* what) noexcept {
  try {
    LogSettings loudly;
    loudly.to = stderr_is_a_connection() ? LogTo::Syslog : LogTo::Stderr;
    write_log(loudly, std::string(what) + "; DANE is not enforced in this program");
  } catch (...) {
    // No memory for a line.
  }
}

constexpr const char* not_hooked = "OpenSSL cannot be hooked, because there is no memory left";

[[gnu::constructor]] void preloaded() {
  switch (openssl_is()) {
    case OpensslIs::Another:  // its connections are none of ours, and never were
      return;
    case OpensslIs::Mixed:
      return say("its OpenSSL is in several parts, of which not all are the system's");
    case OpensslIs::Whole:
      break;
  }
  if (!hook_openssl()) return say(not_hooked);
  watch_curl();
}

}  // namespace

// WARNING libcrypto has a function of its own named OPENSSL_init, of another type. OpenSSL looks these two up by name in
// the module; ours carry a version, so that nothing else is bound to them.
extern "C" [[gnu::visibility("default")]] int danelaw_module_init(CONF_IMODULE* module,
                                                                  const CONF* conf) noexcept
    asm("OPENSSL_init");
extern "C" [[gnu::visibility("default")]] void danelaw_module_finish(CONF_IMODULE* module) noexcept
    asm("OPENSSL_finish");

int danelaw_module_init(CONF_IMODULE* module, const CONF* conf) noexcept {
  if (!is_our_openssl(__builtin_return_address(0)) || openssl_is() != OpensslIs::Whole) return 1;
  try {
    Process::here().keep_section(conf, CONF_imodule_get_value(module));
  } catch (const std::exception&) {
    say(not_hooked);
    return 0;
  }
  if (hook_openssl()) return 1;
  say(not_hooked);
  return 0;
}

// The hooks stay: what the program has made is still attached.
void danelaw_module_finish(CONF_IMODULE*) noexcept {}
