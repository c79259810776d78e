// HTTP as far as a metrics page needs it: one GET, one reply, and the connection ends. Strict and bounded; what is no such
// request is refused.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "client.hpp"

namespace danelaw::policyd {

inline constexpr std::size_t max_http_octets = 4096;

/// What stands in the octets of a request so far.
struct HttpUnfinished {};
struct HttpRefused {
  int status = 400;
};
struct HttpGet {
  std::string_view path;
};
[[nodiscard]] std::variant<HttpUnfinished, HttpRefused, HttpGet> http_request_in(std::string_view octets);

class MetricsClient final : public Client {
 public:
  using Page = std::function<std::string()>;
  MetricsClient(EventLoop& loop, Descriptor socket, std::chrono::milliseconds idle, Page page)
      : Client(loop, std::move(socket), idle), m_page(std::move(page)) {}

 protected:
  void take(std::string& input) override;
  [[nodiscard]] bool is_waiting() const override { return false; }
  [[nodiscard]] bool has_room() const override { return true; }

 private:
  const Page m_page;
};

}  // namespace danelaw::policyd
