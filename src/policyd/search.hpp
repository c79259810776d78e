// The search for one domain's answer: the route, then what MTA-STS says where that can matter. It lives on the event loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "dane.hpp"
#include "event_loop.hpp"
#include "fleet.hpp"
#include "handles.hpp"
#include "key.hpp"
#include "policy.hpp"
#include "sts.hpp"

namespace danelaw::policyd {

/// The answer, and all that is to be said of it.
struct Finding {
  Reply reply;
  DaneOpinion opinion;
  RouteFacts route;
  std::optional<StsFinding> sts;  ///< nothing where it was not asked for
  std::int64_t expires = 0;       ///< seconds since 1970-01-01 UTC: not to be used from then on
};

/// Whom a search asks.
struct Sources {
  std::shared_ptr<danelaw_resolver> resolver;
  std::shared_ptr<danelaw_settings> settings;
  std::shared_ptr<Sts> sts;           ///< null: no MTA-STS
  std::shared_ptr<Fleet> fleet = {};  ///< null: none; `resolver` keeps it alive
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
  [[nodiscard]] bool asks_for_sts() const;
  void finish();
  void fail(Word word, std::string reason);
  void unwatch();

  EventLoop& m_loop;
  const Sources m_sources;
  const Key m_key;
  std::function<void(Finding)> m_done;
  Route m_route;
  int m_descriptor = -1;
  std::unique_ptr<StsSearch> m_sts_search;
  Finding m_finding;
};

}  // namespace danelaw::policyd
