// The addresses of a host, from the system as any program gets them. Not validated: the verdict is about the
// peer's certificate, whatever address led to it.
#pragma once

#include <sys/socket.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

namespace danelaw::cli {

struct Address {
  std::string text;  ///< without port
  sockaddr_storage storage{};
  socklen_t length = 0;
};

enum class Family { Any, Ipv4, Ipv6 };

struct AddressList {
  std::vector<Address> addresses;
  std::string problem;  ///< why there are none, for people
};

/// A search that runs beside the TLSA lookup. The system's resolver knows no deadline, so it has a thread of
/// its own, which is left behind where it takes too long.
class AddressSearch final {
 public:
  /// `host` is a name or an IP address.
  AddressSearch(const std::string& host, unsigned port, Family family);
  /// Waits until `timeout` after the search began.
  [[nodiscard]] AddressList wait(std::chrono::milliseconds timeout);

 private:
  std::chrono::steady_clock::time_point m_begun = std::chrono::steady_clock::now();
  std::future<AddressList> m_list;
};

}  // namespace danelaw::cli
