// What the library adds to an OpenSSL program's resident memory: loading it, a resolver, an attached context. No question
// is asked.
#include <dlfcn.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "danelaw/openssl.h"

namespace {

long resident_kib() {
  long pages = 0;
  long resident = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr || std::fscanf(file, "%ld %ld", &pages, &resident) != 2) std::exit(1);
  std::fclose(file);
  return resident * sysconf(_SC_PAGESIZE) / 1024;
}

template <class Function>
Function* symbol(void* library, const char* name) {
  void* found = dlsym(library, name);
  if (found == nullptr) std::exit(1);
  return reinterpret_cast<Function*>(found);
}

}  // namespace

int main() {
  SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
  SSL_free(SSL_new(ctx));
  const long before = resident_kib();
  void* library = dlopen(DANELAW_LIBRARY, RTLD_NOW);
  if (library == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  const long loaded = resident_kib();
  danelaw_resolver* resolver = nullptr;
  if (symbol<decltype(danelaw_resolver_new)>(library, "danelaw_resolver_new")(nullptr, &resolver, nullptr) !=
          DANELAW_OK ||
      symbol<decltype(danelaw_ssl_ctx_attach)>(library, "danelaw_ssl_ctx_attach")(ctx, resolver, nullptr,
                                                                                  nullptr) != DANELAW_OK)
    return 1;
  const long attached = resident_kib();
  std::printf("memory, KiB: an OpenSSL client %ld; the library loaded +%ld; a resolver attached +%ld\n",
              before, loaded - before, attached - loaded);
  SSL_CTX_free(ctx);
  symbol<decltype(danelaw_resolver_free)>(library, "danelaw_resolver_free")(resolver);
  return 0;
}
