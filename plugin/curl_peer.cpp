#include "curl_peer.hpp"

#include <dlfcn.h>
#include <openssl/bio.h>
#include <pthread.h>
#include <sys/single_threaded.h>

#include <array>
#include <atomic>
#include <cstdarg>
#include <utility>

#include "curl_contexts.hpp"
#include "curl_handles.hpp"
#include "curl_slots.hpp"
#include "curl_url.hpp"

namespace danelaw::plugin {
namespace {

constexpr std::size_t most_libraries = 4;

/// A libcurl whose callers call us first.
struct Watched {
  CurlLibrary library;
  UnseenHandles unseen;
  curl_ssl_ctx_callback ssl_ctx_function;
};

/// Written before a slot leads to it, and never again.
std::array<Watched, most_libraries> watched;
std::size_t watched_count = 0;

// ------------------------------------------------------------------ our SSL_CTX function

CURLcode set_ssl_ctx(const Watched& curl, CURL* easy, const SslCtxFunction& wanted) {
  const CURLcode code = curl.library.easy_setopt(easy, CURLOPT_SSL_CTX_DATA, wanted.data);
  if (code != CURLE_OK) return code;
  return curl.library.easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, wanted.function);
}

CURLcode set_ours(const Watched& curl, CURL* easy, CurlHandles::Id id) {
  return set_ssl_ctx(curl, easy, {curl.ssl_ctx_function, reinterpret_cast<void*>(id)});
}

void put_back(const Watched& curl, CURL* easy) noexcept {
  const auto application = CurlHandles::here().disarm(easy);
  if (application) set_ssl_ctx(curl, easy, *application);
}

enum class Armed { ByUs, NotByUs };

/// A libcurl with another TLS library refuses the option, and so has nothing to tell us.
Armed arm(const Watched& curl, CURL* easy) {
  if (easy == nullptr) return Armed::NotByUs;
  const auto id = CurlHandles::here().arm(easy, curl.unseen);
  if (!id) return Armed::NotByUs;
  if (set_ours(curl, easy, *id) == CURLE_OK) return Armed::ByUs;
  put_back(curl, easy);
  return Armed::NotByUs;
}

/// libcurl gives the transfer's handle, or one that it made itself for a question of DNS over HTTPS. An exception of the
/// application's function goes where it would go without us.
CURLcode context_is_made(const Watched& curl, CURL* easy, void* ctx, void* data) {
  SslCtxFunction application;
  try {
    const auto found = CurlHandles::here().find(reinterpret_cast<CurlHandles::Id>(data));
    const CurlOptions options = found ? found->options : CurlOptions();
    const long port = found && found->easy == easy ? options.port : 0;
    keep_peers(ctx, read_peers(curl.library, easy, options, port));
    application = options.ssl_ctx;
  } catch (...) {
    return CURLE_OUT_OF_MEMORY;
  }
  return application.function == nullptr ? CURLE_OK : application.function(easy, ctx, application.data);
}

// ------------------------------------------------------------------ what callers of libcurl call instead

CURL* easy_init(const Watched& curl) {
  CURL* easy = curl.library.easy_init();
  if (easy == nullptr) return nullptr;
  try {
    CurlHandles::here().made(easy);
  } catch (...) {
    curl.library.easy_cleanup(easy);
    return nullptr;
  }
  return easy;
}

long as_long(const void* value) { return static_cast<long>(reinterpret_cast<std::intptr_t>(value)); }

bool is_ssl_ctx_option(CURLoption option) {
  return option == CURLOPT_SSL_CTX_FUNCTION || option == CURLOPT_SSL_CTX_DATA;
}

bool is_remembered(CURLoption option) {
  return is_ssl_ctx_option(option) || option == CURLOPT_PROXY || option == CURLOPT_PROXYTYPE ||
         option == CURLOPT_PROXYPORT || option == CURLOPT_PORT;
}

void remember(CurlOptions& options, CURLoption option, void* value) {
  if (option == CURLOPT_SSL_CTX_FUNCTION)
    options.ssl_ctx.function = reinterpret_cast<curl_ssl_ctx_callback>(value);
  if (option == CURLOPT_SSL_CTX_DATA) options.ssl_ctx.data = value;
  if (option == CURLOPT_PROXYTYPE) options.proxy_type = as_long(value);
  if (option == CURLOPT_PROXYPORT) options.proxy_port = as_long(value);
  if (option == CURLOPT_PORT) options.port = as_long(value);
  if (option != CURLOPT_PROXY) return;
  options.proxy.reset();
  if (value != nullptr) options.proxy = static_cast<const char*>(value);
}

CURLcode easy_setopt(const Watched& curl, CURL* easy, CURLoption option, void* value) {
  if (easy == nullptr || !is_remembered(option)) return curl.library.easy_setopt(easy, option, value);
  CurlHandles& handles = CurlHandles::here();
  try {
    const bool forward = handles.may_forward_ssl_ctx(easy, curl.unseen) || !is_ssl_ctx_option(option);
    const CURLcode code = forward ? curl.library.easy_setopt(easy, option, value) : CURLE_OK;
    if (code != CURLE_OK) return code;
    handles.change(easy, curl.unseen, [&](CurlOptions& options) { remember(options, option, value); });
    return CURLE_OK;
  } catch (const std::bad_alloc&) {
    return CURLE_OUT_OF_MEMORY;
  }
}

/// Also where a callback of the program leaves the transfer by an exception.
class Transfer final {
 public:
  Transfer(const Watched& curl, CURL* easy) : m_curl(curl), m_easy(easy), m_armed(arm(curl, easy)) {}
  ~Transfer() {
    if (m_armed == Armed::ByUs) put_back(m_curl, m_easy);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

 private:
  const Watched& m_curl;
  CURL* m_easy;
  Armed m_armed;
};

CURLcode easy_perform(const Watched& curl, CURL* easy) {
  std::optional<Transfer> transfer;
  try {
    transfer.emplace(curl, easy);
  } catch (const std::bad_alloc&) {
    return CURLE_OUT_OF_MEMORY;
  }
  return curl.library.easy_perform(easy);
}

void easy_reset(const Watched& curl, CURL* easy) {
  curl.library.easy_reset(easy);
  try {
    const auto id = CurlHandles::here().reset(easy);
    if (id) set_ours(curl, easy, *id);
  } catch (const std::bad_alloc&) {
    // Not remembered so far, and nothing to remember now.
  }
}

CURL* easy_duphandle(const Watched& curl, CURL* easy) {
  CURL* copy = curl.library.easy_duphandle(easy);
  if (copy == nullptr) return nullptr;
  try {
    const auto application = CurlHandles::here().duplicated(easy, copy, curl.unseen);
    if (application) set_ssl_ctx(curl, copy, *application);
  } catch (const std::bad_alloc&) {
    curl.library.easy_cleanup(copy);
    return nullptr;
  }
  return copy;
}

void easy_cleanup(const Watched& curl, CURL* easy) {
  // Before its address can become another handle's.
  CurlHandles::here().gone(easy);
  curl.library.easy_cleanup(easy);
}

CURLMcode multi_add_handle(const Watched& curl, CURLM* multi, CURL* easy) {
  Armed armed = Armed::NotByUs;
  try {
    armed = arm(curl, easy);
  } catch (const std::bad_alloc&) {
    return CURLM_OUT_OF_MEMORY;
  }
  const CURLMcode code = curl.library.multi_add_handle(multi, easy);
  if (code != CURLM_OK && armed == Armed::ByUs) put_back(curl, easy);
  return code;
}

CURLMcode multi_remove_handle(const Watched& curl, CURLM* multi, CURL* easy) {
  const CURLMcode code = curl.library.multi_remove_handle(multi, easy);
  if (code == CURLM_OK) put_back(curl, easy);
  return code;
}

/// One set for each library, so that every caller reaches the one it was bound to.
template <std::size_t N>
struct Stubs {
  static CURL* init() { return easy_init(watched[N]); }
  /// `option` is a CURLoption, which is passed alike and which va_start() does not take.
  static CURLcode setopt(CURL* easy, unsigned option, ...) {
    std::va_list arguments;
    va_start(arguments, option);
    void* value = va_arg(arguments, void*);  // LP64: long, curl_off_t and pointers come alike
    va_end(arguments);
    return easy_setopt(watched[N], easy, static_cast<CURLoption>(option), value);
  }
  static CURLcode perform(CURL* easy) { return easy_perform(watched[N], easy); }
  static void reset(CURL* easy) { easy_reset(watched[N], easy); }
  static CURL* duphandle(CURL* easy) { return easy_duphandle(watched[N], easy); }
  static void cleanup(CURL* easy) { easy_cleanup(watched[N], easy); }
  static CURLMcode add(CURLM* multi, CURL* easy) { return multi_add_handle(watched[N], multi, easy); }
  static CURLMcode remove(CURLM* multi, CURL* easy) { return multi_remove_handle(watched[N], multi, easy); }

  static CURLcode ssl_ctx(CURL* easy, void* ctx, void* data) {
    return context_is_made(watched[N], easy, ctx, data);
  }
};

// ------------------------------------------------------------------ slots

constexpr std::array<std::string_view, 8> names = {
    "curl_easy_init",      "curl_easy_setopt",  "curl_easy_perform",     "curl_easy_reset",
    "curl_easy_duphandle", "curl_easy_cleanup", "curl_multi_add_handle", "curl_multi_remove_handle"};
using Functions = std::array<void*, names.size()>;

/// In the order of the names.
template <typename... Function>
Functions functions(Function*... function) {
  return {reinterpret_cast<void*>(function)...};
}

Functions functions_of(const CurlLibrary& library) {
  return functions(library.easy_init, library.easy_setopt, library.easy_perform, library.easy_reset,
                   library.easy_duphandle, library.easy_cleanup, library.multi_add_handle,
                   library.multi_remove_handle);
}

struct StubSet {
  Functions functions;
  curl_ssl_ctx_callback ssl_ctx;
};

template <std::size_t... N>
std::array<StubSet, sizeof...(N)> stub_sets(std::index_sequence<N...>) {
  return {StubSet{functions(Stubs<N>::init, Stubs<N>::setopt, Stubs<N>::perform, Stubs<N>::reset,
                            Stubs<N>::duphandle, Stubs<N>::cleanup, Stubs<N>::add, Stubs<N>::remove),
                  Stubs<N>::ssl_ctx}...};
}

const std::array<StubSet, most_libraries>& stubs() {
  static const auto sets = stub_sets(std::make_index_sequence<most_libraries>());
  return sets;
}

bool is_stub(void* function, std::size_t name) {
  for (const auto& set : stubs()) {
    if (set.functions[name] == function) return true;
  }
  return false;
}

/// Which of the watched libraries a function is of; a libcurl that was not known is one of them from now on.
std::optional<std::size_t> library_of(void* function, std::size_t name, UnseenHandles unseen) {
  const void* start = object_of(function);
  for (std::size_t i = 0; i < watched_count; ++i) {
    if (watched[i].library.start == start) return i;
  }
  if (watched_count == most_libraries) return std::nullopt;
  const auto library = find_curl_library(function, names[name].data());
  if (!library) return std::nullopt;
  watched[watched_count] = {*library, unseen, stubs()[watched_count].ssl_ctx};
  return watched_count++;
}

/// A slot that is not bound yet leads back into its object. The loader would look as dlsym() does.
void* bound_function(const Slot& slot, const PinnedObject& object, void* present) {
  return slot.is_in_object(present) ? dlsym(object.handle(), names[slot.function].data()) : present;
}

void lead_to_us(const Slot& slot, UnseenHandles unseen) {
  const PinnedObject object(slot);
  if (object.handle() == nullptr) return;
  void* const present = value_of(slot);
  if (is_stub(present, slot.function)) return;
  void* const function = bound_function(slot, object, present);
  // libcurl's calls of itself are not transfers of the program.
  if (function == nullptr || slot.is_in_object(function)) return;
  const auto library = library_of(function, slot.function, unseen);
  if (!library || functions_of(watched[*library].library)[slot.function] != function) return;
  replace(slot, present, stubs()[*library].functions[slot.function]);
}

// ------------------------------------------------------------------ watching

std::atomic_flag watching = ATOMIC_FLAG_INIT;

/// In a child of a process with threads: one of them may have held the loader's lock, which nobody gives back.
bool loader_is_lost = false;
bool had_threads = false;

void before_fork() {
  had_threads = __libc_single_threaded == 0;
  lock_loader_list();
  CurlHandles::here().lock();
  lock_contexts();
}
void after_fork() {
  unlock_contexts();
  CurlHandles::here().unlock();
  unlock_loader_list();
}
void after_fork_in_child() {
  loader_is_lost = loader_is_lost || had_threads;
  after_fork();
  watching.clear();  // whoever was at it is not in the child
}

bool prepare() noexcept {
  static const bool prepared =
      watch_contexts() && pthread_atfork(before_fork, after_fork, after_fork_in_child) == 0;
  return prepared;
}

/// What the loader had done when we last looked.
struct LastLook {
  bool taken = false;
  LoaderCount count;
};

void look_for_curl(LastLook& last) {
  const LoaderCount count = loader_count();
  if (last.taken && last.count == count) return;
  const auto unseen = last.taken ? UnseenHandles::MayHaveOptions : UnseenHandles::AreFresh;
  for (const auto& slot : find_slots(names)) lead_to_us(slot, unseen);
  last = {true, count};
}

}  // namespace

void watch_curl() noexcept {
  static LastLook last;
  if (!prepare() || loader_is_lost) return;
  // Not a lock that is waited for: the loader may hold its own and call us, and we call the loader.
  if (watching.test_and_set(std::memory_order_acquire)) return;
  try {
    look_for_curl(last);
  } catch (...) {
    // No memory: the next call looks again.
  }
  watching.clear(std::memory_order_release);
}

CurlSays ask_curl(const SSL* ssl, Peer& peer) {
  const CurlPeers* peers = peers_of(SSL_get_SSL_CTX(ssl));
  if (peers == nullptr) return CurlSays::NotCurl;
  // QUIC is none of the transports that the URL's rules hold for: its libraries use no BIO, or one of datagrams.
  const BIO* bio = SSL_get_rbio(ssl);
  if (bio == nullptr || BIO_method_type(bio) == BIO_TYPE_DGRAM) return CurlSays::Unknown;
  const char* server_name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  const danelaw_curl_peer* chosen = danelaw_curl_choose(&peers->url, &peers->https_proxy, server_name);
  if (chosen == nullptr) return CurlSays::Unknown;
  peer = Peer{chosen->host, chosen->port, DANELAW_TRANSPORT_TCP};
  return CurlSays::Known;
}

}  // namespace danelaw::plugin
