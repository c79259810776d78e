// The certificates that a live server sends, taken as they come: nothing is verified.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "credential.hpp"
#include "starttls.hpp"
#include "target.hpp"

namespace danelaw::cli {

struct ServedChain {
  std::string address;
  std::string error;  ///< for people; empty: there is a credential
  std::optional<Credential> credential;
};

/// Of every address of the target, one after the other. Where there is no address, one entry says so.
[[nodiscard]] std::vector<ServedChain> served_chains(const Target& target, const StartTls* starttls,
                                                     std::chrono::milliseconds timeout);

}  // namespace danelaw::cli
