// One file from an HTTPS server, for MTA-STS (RFC 8461 section 3.3): no redirects, the public authorities, small and soon. libcurl
// on the event loop, and nowhere else.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "event_loop.hpp"

namespace danelaw::policyd {

/// Default-constructed it is a failure.
struct Fetched {
  enum class Fault {
    None,
    Fetch,   ///< unreachable, too slow, too large, another status than 200, another type than text/plain
    WebPki,  ///< no certificate that the authorities vouch for, or not for this host
  };
  Fault fault = Fault::Fetch;
  std::string text;    ///< where there is no fault
  std::string reason;  ///< one line for people
};

struct HttpsSettings {
  std::string ca_file;  ///< PEM; empty: the system's
  std::chrono::milliseconds timeout{10'000};
  std::size_t most_octets = 65'536;
  friend bool operator==(const HttpsSettings&, const HttpsSettings&) = default;
};

/// A transfer; dropping it ends it, and `done` is not called any more.
class Transfer {
 public:
  virtual ~Transfer() = default;
};

class HttpsGetter final {
 public:
  explicit HttpsGetter(EventLoop& loop);  ///< throws Failure
  ~HttpsGetter();                         ///< after its transfers
  HttpsGetter(const HttpsGetter&) = delete;
  HttpsGetter& operator=(const HttpsGetter&) = delete;

  /// `done` is called once, from the loop.
  [[nodiscard]] std::unique_ptr<Transfer> get(const std::string& url, const HttpsSettings& settings,
                                              std::function<void(Fetched)> done);

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace danelaw::policyd
