// The search for one domain's answer: the route, then what MTA-STS says where that can matter. It lives on the event loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "dane.hpp"
#include "event_loop.hpp"
#include "handles.hpp"
#include "key.hpp"
#include "policy.hpp"

namespace danelaw::policyd {

/// The answer, and all that is to be said of it.
struct Finding {
  Reply reply;
  DaneOpinion opinion;
  RouteFacts route;
  std::int64_t expires = 0;  ///< seconds since 1970-01-01 UTC: not to be used from then on
};

/// Whom a search asks.
struct Sources {
  std::shared_ptr<danelaw_resolver> resolver;
  std::shared_ptr<danelaw_settings> settings;
};

class Search final {
 public:
  /// `done` is called once, from the loop or from within start(); then the search may be destroyed.
  Search(EventLoop& loop, Sources sources, Key key, std::function<void(Finding)> done);
  ~Search();
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  void start();

 private:
  void look();
  void take_route();
  void finish();
  void fail(Word word, std::string reason);
  void unwatch();

  EventLoop& m_loop;
  const Sources m_sources;
  const Key m_key;
  std::function<void(Finding)> m_done;
  Route m_route;
  int m_descriptor = -1;
  Finding m_finding;
};

}  // namespace danelaw::policyd
