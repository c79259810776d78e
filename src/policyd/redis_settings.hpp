// Where a Redis or Valkey is, and how one gets in.
#pragma once

#include <chrono>
#include <string>

#include "endpoint.hpp"

namespace danelaw::policyd {

struct RedisSettings {
  Endpoint endpoint;
  std::string user;      ///< empty: the default user
  std::string password;  ///< empty: none
  unsigned database = 0;
  std::chrono::milliseconds timeout{50};  ///< for each reply, and to connect
  friend bool operator==(const RedisSettings&, const RedisSettings&) = default;
};

}  // namespace danelaw::policyd
