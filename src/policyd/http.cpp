#include "http.hpp"

#include <fmt/format.h>

namespace danelaw::policyd {
namespace {

constexpr int bad_request = 400;
constexpr int not_found = 404;
constexpr int not_allowed = 405;
constexpr int too_large = 431;
constexpr int ok = 200;

const char* reason_of(int status) {
  switch (status) {
    case ok:
      return "OK";
    case not_found:
      return "Not Found";
    case not_allowed:
      return "Method Not Allowed";
    case too_large:
      return "Request Header Fields Too Large";
    default:
      return "Bad Request";
  }
}

std::string reply(int status, std::string_view body) {
  return fmt::format(
      "HTTP/1.0 {} {}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {}\r\n"
      "Connection: close\r\n\r\n{}",
      status, reason_of(status), body.size(), body);
}

}  // namespace

std::variant<HttpUnfinished, HttpRefused, HttpGet> http_request_in(std::string_view octets) {
  const std::size_t end = octets.find("\r\n\r\n");
  if (end == std::string_view::npos || end > max_http_octets) {
    if (octets.size() > max_http_octets) return HttpRefused{too_large};
    return HttpUnfinished{};
  }
  // Request-Line = Method SP Request-URI SP HTTP-Version CRLF; what the fields after it say changes nothing.
  const std::string_view line = octets.substr(0, octets.find("\r\n"));
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return HttpRefused{bad_request};
  const std::string_view version = line.substr(second + 1);
  if (version != "HTTP/1.0" && version != "HTTP/1.1") return HttpRefused{bad_request};
  if (line.substr(0, first) != "GET") return HttpRefused{not_allowed};
  return HttpGet{line.substr(first + 1, second - first - 1)};
}

void MetricsClient::take(std::string& input) {
  const auto request = http_request_in(input);
  if (std::holds_alternative<HttpUnfinished>(request)) return;
  const auto* const get = std::get_if<HttpGet>(&request);
  if (const auto* const refused = std::get_if<HttpRefused>(&request))
    send(reply(refused->status, ""));
  else if (get->path != "/metrics")
    send(reply(not_found, ""));
  else
    send(reply(ok, m_page()));
  read_no_more();
}

}  // namespace danelaw::policyd
