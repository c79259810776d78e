#include "dns/obstacle.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "os/system_errors.hpp"

namespace danelaw::dns {

Obstacle obstacle_of(const std::string& what, int error) {
  constexpr std::array nobody_there{ECONNREFUSED, ECONNRESET, ECONNABORTED, ETIMEDOUT,
                                    EHOSTUNREACH, EHOSTDOWN,  ENETUNREACH,  ENETDOWN};
  constexpr std::array run_out{EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL, EAGAIN, ENOSPC};
  const bool may_pass = std::ranges::find(nobody_there, error) != nobody_there.end() ||
                        std::ranges::find(run_out, error) != run_out.end();
  return {what + ": " + text_of_error(error), may_pass};
}

}  // namespace danelaw::dns
