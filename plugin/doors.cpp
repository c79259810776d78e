// The two ways in: as an object that is preloaded (LD_PRELOAD), and as a module that openssl.cnf names (config(5)).
//
// Both end in the same hooks. When a program starts nothing happens but that two indexes are registered.
#include <openssl/conf.h>

#include <exception>

#include "curl_peer.hpp"
#include "hooks.hpp"
#include "process.hpp"
#include "same_openssl.hpp"

namespace {

[[gnu::constructor]] void preloaded() {
  using namespace danelaw::plugin;
  if (!openssl_is_whole() || !hook_openssl()) return;
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
  using namespace danelaw::plugin;
  if (!is_our_openssl(__builtin_return_address(0)) || !openssl_is_whole()) return 1;
  try {
    Process::here().keep_section(conf, CONF_imodule_get_value(module));
  } catch (const std::exception&) {
    return 0;
  }
  return hook_openssl() ? 1 : 0;
}

// The hooks stay: what the program has made is still attached.
void danelaw_module_finish(CONF_IMODULE*) noexcept {}
