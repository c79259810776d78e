// danelaw_route: the search while it runs, and the route with the strings and plans that its accessors give out.
#pragma once

#include <deque>
#include <memory>

#include "capi/plan.hpp"
#include "danelaw/smtp.h"
#include "service/route_search.hpp"

struct danelaw_route {
  /// Not null until the route is there, then never used again.
  std::unique_ptr<danelaw::service::RouteSearch> search;
  std::shared_ptr<const danelaw::service::Route> route;
  std::deque<danelaw_plan> plans;  ///< one for each host

  [[nodiscard]] const danelaw::service::RouteHost* host(std::size_t index) const {
    return route == nullptr || index >= route->hosts.size() ? nullptr : &route->hosts[index];
  }
};
