// The list of `danelaw watch`: a service a line, '#' begins a remark.
//
//   www.example.org                          port 443, as `danelaw check` takes it
//   imap.example.org:143 starttls=imap       TLS inside another protocol; its port where none is named
//   example.org mail                         every mail host of the domain, as `danelaw smtp --connect`
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "starttls.hpp"
#include "target.hpp"

namespace danelaw::cli {

constexpr std::size_t max_watched = 100'000;

struct WatchedService {
  std::string
      name;       ///< as it is told: "imap.example.org:143 starttls=imap"; the key by which it is known again
  Target target;  ///< of a host
  const StartTls* starttls = nullptr;  ///< of a host; null: TLS at once
  std::string domain;                  ///< of mail; else empty

  [[nodiscard]] bool is_mail() const { return !domain.empty(); }
};

/// Throws a Failure with Exit::Usage that names the line: what is no service, what is there twice, a list of nothing.
[[nodiscard]] std::vector<WatchedService> parse_watch_list(const std::string& text,
                                                           const std::string& source);

/// Reads the file, "-" for standard input, and parses it.
[[nodiscard]] std::vector<WatchedService> read_watch_list(const std::string& path);

}  // namespace danelaw::cli
