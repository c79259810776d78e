// In builds without hiredis.
#include "failure.hpp"
#include "fleet.hpp"

namespace danelaw::policyd {

std::shared_ptr<Fleet> fleet_for(EventLoop& /*loop*/, const FleetSettings& settings,
                                 const std::shared_ptr<Fleet>& /*before*/) {
  if (settings.enabled) throw Failure(Exit::Usage, "[policyd] fleet: this build has no hiredis for it");
  return nullptr;
}

}  // namespace danelaw::policyd
