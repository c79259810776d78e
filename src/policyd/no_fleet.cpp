// In builds without hiredis.
#include "fleet.hpp"

namespace danelaw::policyd {

bool fleet_is_built() { return false; }

/// No configuration enables one here.
std::shared_ptr<Fleet> fleet_for(EventLoop& /*loop*/, const FleetSettings& /*settings*/,
                                 const std::shared_ptr<Fleet>& /*before*/) {
  return nullptr;
}

}  // namespace danelaw::policyd
