// The book of a watch: what was seen of every service, what was told of it, and both in their files.
//
// Not for several threads at once.
#pragma once

#include <optional>
#include <string>

#include "watch_list.hpp"
#include "watch_metrics.hpp"
#include "watch_output.hpp"
#include "watch_state.hpp"

namespace danelaw::cli {

class WatchBook final {
 public:
  struct Files {
    std::optional<std::string> state;
    std::optional<std::string> metrics;
  };

  /// Reads the state. Throws a Failure with Exit::Usage where that is none.
  WatchBook(Files files, const WarnTimes& warn);

  /// What is new of the service, which counts as told from now on.
  [[nodiscard]] WatchReport enter(const std::string& service, const Observation& observation);
  /// What is not on the list is forgotten.
  void keep_only(const std::vector<WatchedService>& list);
  /// Writes the files, each as a whole, if anything was entered since. Throws a Failure.
  void save();

 private:
  const Files m_files;
  const WarnTimes m_warn;
  Standings m_standings;
  Readings m_readings;
  std::size_t m_services = 0;
  bool m_is_saved = true;
};

}  // namespace danelaw::cli
