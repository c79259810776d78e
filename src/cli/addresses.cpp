#include "addresses.hpp"

#include <fmt/format.h>
#include <netdb.h>

#include <array>
#include <cstring>
#include <memory>
#include <thread>

namespace danelaw::cli {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

int family_number(Family family) {
  switch (family) {
    case Family::Any:
      return AF_UNSPEC;
    case Family::Ipv4:
      return AF_INET;
    case Family::Ipv6:
      return AF_INET6;
  }
  return AF_UNSPEC;
}

Address to_address(const addrinfo& entry) {
  Address address;
  std::memcpy(&address.storage, entry.ai_addr, entry.ai_addrlen);
  address.length = entry.ai_addrlen;
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(entry.ai_addr, entry.ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) ==
      0) {
    address.text = text.data();
  }
  return address;
}

AddressList ask_system(const std::string& host, unsigned port, Family family) {
  addrinfo hints{};
  hints.ai_family = family_number(family);
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0) return {{}, fmt::format("no address for {}: {}", host, gai_strerror(code))};
  const std::unique_ptr<addrinfo, FreeAddresses> list(found);
  AddressList result;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    result.addresses.push_back(to_address(*entry));
  }
  return result;
}

}  // namespace

AddressSearch::AddressSearch(const std::string& host, unsigned port, Family family) {
  std::packaged_task<AddressList()> task([=] { return ask_system(host, port, family); });
  m_list = task.get_future();
  std::thread(std::move(task)).detach();
}

AddressList AddressSearch::wait(std::chrono::milliseconds timeout) {
  if (m_list.wait_until(m_begun + timeout) != std::future_status::ready) {
    return {{}, fmt::format("the system's resolver gave no address within {} ms", timeout.count())};
  }
  return m_list.get();
}

}  // namespace danelaw::cli
