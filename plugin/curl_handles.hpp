// What we know of the program's easy handles: the options that our SSL_CTX function must know and libcurl does not give
// back. Calls nobody.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "curl_library.hpp"

namespace danelaw::plugin {

/// CURLOPT_SSL_CTX_FUNCTION and CURLOPT_SSL_CTX_DATA, as the application set them.
struct SslCtxFunction {
  curl_ssl_ctx_callback function = nullptr;
  void* data = nullptr;
};

struct CurlOptions {
  SslCtxFunction ssl_ctx;
  std::optional<std::string> proxy;  ///< empty text: no proxy, whatever the environment says
  long proxy_type = CURLPROXY_HTTP;
  long proxy_port = 0;
  long port = 0;  ///< CURLOPT_PORT, which goes before the URL's
};

/// May a handle that is met for the first time have options that we did not see?
enum class UnseenHandles { AreFresh, MayHaveOptions };
enum class Knowledge { Complete, Incomplete };

class CurlHandles final {
 public:
  /// Never used again for another handle, unlike the handle's address.
  using Id = std::uintptr_t;

  struct Handle {
    Id id;
    Knowledge knowledge;
    bool armed = false;  ///< our SSL_CTX function is in the place of the application's
    CurlOptions options = {};
  };

  static CurlHandles& here();

  void made(CURL* easy) { add(easy, Knowledge::Complete); }
  /// False where `easy` is armed: then libcurl keeps our function, and the application's is remembered only.
  bool may_forward_ssl_ctx(CURL* easy, UnseenHandles unseen);
  template <typename Change>
  void change(CURL* easy, UnseenHandles unseen, Change change_options) {
    const std::lock_guard lock(m_mutex);
    change_options(find_or_add(easy, unseen).options);
  }
  /// What to put into the copy where it has been given our function; nothing where it has not.
  std::optional<SslCtxFunction> duplicated(CURL* easy, CURL* copy, UnseenHandles unseen);
  void gone(CURL* easy) noexcept;

  /// The id to arm it with; nothing where it is armed already or must be left alone.
  std::optional<Id> arm(CURL* easy, UnseenHandles unseen);
  /// What to put back; nothing where it was not armed.
  std::optional<SslCtxFunction> disarm(CURL* easy) noexcept;
  /// All options are gone. Gives the id to arm it with again where it was armed.
  std::optional<Id> reset(CURL* easy);

  struct Found {
    CURL* easy;
    CurlOptions options;
  };
  std::optional<Found> find(Id id);

  /// For fork(): the child must not inherit a lock that nobody holds.
  void lock() { m_mutex.lock(); }
  void unlock() { m_mutex.unlock(); }

 private:
  Handle& add(CURL* easy, Knowledge knowledge);
  Handle& insert(CURL* easy, Knowledge knowledge);
  Handle& find_or_add(CURL* easy, UnseenHandles unseen);
  void erase(CURL* easy);

  std::mutex m_mutex;
  std::map<CURL*, Handle> m_handles;
  std::map<Id, CURL*> m_by_id;
  Id m_last_id = 0;
};

}  // namespace danelaw::plugin
