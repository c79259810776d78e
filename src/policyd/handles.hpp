// Owners of the C interfaces' objects. Nothing but lifetime.
#pragma once

#include <memory>

#include "danelaw/smtp.h"

namespace danelaw::policyd {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};

using LibrarySettings = std::unique_ptr<danelaw_settings, Free<danelaw_settings_free>>;
using Resolver = std::unique_ptr<danelaw_resolver, Free<danelaw_resolver_free>>;
using Route = std::unique_ptr<danelaw_route, Free<danelaw_route_free>>;

}  // namespace danelaw::policyd
