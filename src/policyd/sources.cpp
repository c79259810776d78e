#include "sources.hpp"

#include <new>

#include "failure.hpp"
#include "log.hpp"

namespace danelaw::policyd {

Sources make_sources(const Configuration& configuration) {
  LibrarySettings settings(danelaw_settings_new());
  if (settings == nullptr) throw std::bad_alloc();
  danelaw_problem problem{};
  for (const auto& [key, value] : configuration.library)
    if (danelaw_settings_set(settings.get(), key.c_str(), value.c_str(), &problem) != DANELAW_OK)
      throw Failure(Exit::Usage, problem.text);
  if (danelaw_check_cache(settings.get(), &problem) != DANELAW_OK) say(problem.text);
  danelaw_resolver* resolver = nullptr;
  const int code = danelaw_resolver_new(settings.get(), &resolver, &problem);
  if (code != DANELAW_OK) throw Failure(Exit::Undecided, problem.text);
  return {{resolver, danelaw_resolver_free}, {settings.release(), danelaw_settings_free}};
}

}  // namespace danelaw::policyd
