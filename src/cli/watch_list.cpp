#include "watch_list.hpp"

#include <fmt/format.h>

#include <iterator>
#include <sstream>
#include <unordered_map>

#include "exit.hpp"
#include "files.hpp"
#include "settings.hpp"

namespace danelaw::cli {
namespace {

constexpr unsigned https_port = 443;
constexpr unsigned smtp_port = 25;
constexpr std::size_t longest_line = 1000;        // octets; a name has 255 at most
constexpr std::size_t longest_list = 64'000'000;  // octets
constexpr std::string_view starttls_key = "starttls=";

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line.substr(0, line.find('#')));
  return {std::istream_iterator<std::string>(stream), {}};
}

const StartTls& starttls_of(const std::string& word) {
  const std::string name = word.substr(starttls_key.size());
  const StartTls* const protocol = find_starttls(name);
  if (protocol != nullptr) return *protocol;
  throw usage(fmt::format("starttls: \"{}\" is not one of {}", name, starttls_names()));
}

/// As Postfix writes it: a domain, or [HOST], whose MX records are not asked for, and a port where it is another.
std::string next_hop(const std::string& text, const Target& target) {
  const std::string host = text.starts_with('[') ? fmt::format("[{}]", target.host) : target.host;
  return target.port == smtp_port ? host : fmt::format("{}:{}", host, target.port);
}

WatchedService mail_domain(const std::string& domain) {
  refuse_url(domain, "a mail domain");
  WatchedService service;
  service.domain = next_hop(domain, parse_target(domain, smtp_port));
  service.name = service.domain + " mail";
  return service;
}

WatchedService host(const std::string& text, const StartTls* starttls) {
  WatchedService service;
  service.starttls = starttls;
  service.target = parse_target(text, starttls == nullptr ? https_port : starttls->default_port);
  service.name = service.target.to_text();
  if (starttls != nullptr) service.name += fmt::format(" {}{}", starttls_key, starttls->name);
  return service;
}

WatchedService service_of(const std::vector<std::string>& words) {
  if (words.size() == 1) return host(words[0], nullptr);
  if (words.size() > 2) throw usage(fmt::format("\"{}\" is one word too many", words[2]));
  if (words[1] == "mail") return mail_domain(words[0]);
  if (words[1].starts_with(starttls_key)) return host(words[0], &starttls_of(words[1]));
  throw usage(fmt::format("\"{}\" is neither mail nor starttls=PROTOCOL", words[1]));
}

}  // namespace

std::vector<WatchedService> parse_watch_list(const std::string& text, const std::string& source) {
  std::vector<WatchedService> services;
  std::unordered_map<std::string, std::size_t> lines;  // where a service was named
  std::istringstream stream(text);
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    const auto refuse = [&](const std::string& why) {
      return usage(fmt::format("{}: line {}: {}", source, number, why));
    };
    if (line.size() > longest_line) throw refuse(fmt::format("longer than {} octets", longest_line));
    const std::vector<std::string> words = words_of(line);
    if (words.empty()) continue;
    try {
      services.push_back(service_of(words));
    } catch (const Failure& failure) {
      throw refuse(failure.what());
    }
    const auto [first, is_new] = lines.emplace(services.back().name, number);
    if (!is_new) throw refuse(fmt::format("{} is in line {} already", first->first, first->second));
    if (services.size() > max_watched) throw refuse(fmt::format("more than {} services", max_watched));
  }
  if (services.empty()) throw usage(fmt::format("{}: no service in it; a line is HOST[:PORT]", source));
  return services;
}

std::vector<WatchedService> read_watch_list(const std::string& path) {
  const bool is_standard_input = path == "-";
  return parse_watch_list(
      read_file(is_standard_input ? "/dev/stdin" : path, longest_list, "a list of services"),
      is_standard_input ? "standard input" : path);
}

}  // namespace danelaw::cli
