// A getdns context that recurses and validates, set up so that it judges strictly and asks nobody else. And the lock that its
// making needs.
#pragma once

#include <getdns/getdns_extra.h>

#include <memory>
#include <mutex>
#include <string>

#include "dns/getdns_loop.hpp"
#include "dns/recursing_engine.hpp"

namespace danelaw::dns {

/// libunbound's set-up and the first question of a context, which finishes it, must not run in two threads at once.
/// The mutex belongs to the process, and a fork waits for it, so that no child inherits it locked.
[[nodiscard]] std::unique_lock<std::mutex> lock_getdns_setup();

struct GetdnsFree {
  void operator()(
      getdns_context* context) const;  ///< WARNING: not from within one of the context's callbacks
  void operator()(getdns_dict* dict) const { getdns_dict_destroy(dict); }
  void operator()(getdns_list* list) const { getdns_list_destroy(list); }
};
using GetdnsContext = std::unique_ptr<getdns_context, GetdnsFree>;
using GetdnsDict = std::unique_ptr<getdns_dict, GetdnsFree>;
using GetdnsList = std::unique_ptr<getdns_list, GetdnsFree>;

/// Null with the reason in `failure` where anything of it fails: a context that lacks an anchor would take everything
/// for unsigned.
[[nodiscard]] GetdnsContext recursing_context(const RecursingSettings& settings, GetdnsLoop& loop,
                                              FailedAnswer& failure);

}  // namespace danelaw::dns
