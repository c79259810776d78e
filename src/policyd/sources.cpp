#include "sources.hpp"

#include <new>

#include "failure.hpp"
#include "log.hpp"

namespace danelaw::policyd {

namespace {

/// Policies that were seen stay in force, or a reload would be what an attacker waits for.
std::shared_ptr<Sts> sts_for(EventLoop& loop, const StsSettings& settings,
                             const std::shared_ptr<Sts>& before) {
  if (!settings.enabled) return nullptr;
  if (before && before->settings() == settings) return before;
  auto made = std::make_shared<Sts>(loop, settings);
  if (before) made->adopt(*before);
  if (!made->store().problem().empty()) say(made->store().problem());
  return made;
}

}  // namespace

Sources make_sources(EventLoop& loop, const Configuration& configuration, const Sources& before) {
  LibrarySettings settings(danelaw_settings_new());
  if (settings == nullptr) throw std::bad_alloc();
  danelaw_problem problem{};
  for (const auto& [key, value] : configuration.library)
    if (danelaw_settings_set(settings.get(), key.c_str(), value.c_str(), &problem) != DANELAW_OK)
      throw Failure(Exit::Usage, problem.text);
  if (danelaw_check_cache(settings.get(), &problem) != DANELAW_OK) say(problem.text);
  auto fleet = fleet_for(loop, configuration.fleet, before.fleet);
  if (fleet) {
    const danelaw_proof_store store = fleet->store();
    if (danelaw_settings_set_proof_store(settings.get(), &store, &problem) != DANELAW_OK)
      throw Failure(Exit::Undecided, problem.text);
  }
  danelaw_resolver* resolver = nullptr;
  const int code = danelaw_resolver_new(settings.get(), &resolver, &problem);
  if (code != DANELAW_OK) throw Failure(Exit::Undecided, problem.text);
  // Until it has ended the resolver's thread may use the fleet.
  const auto free_resolver = [fleet](danelaw_resolver* done) { danelaw_resolver_free(done); };
  Sources made{{resolver, free_resolver}, {settings.release(), danelaw_settings_free}, nullptr, fleet};
  made.sts = sts_for(loop, configuration.sts, before.sts);
  return made;
}

}  // namespace danelaw::policyd
