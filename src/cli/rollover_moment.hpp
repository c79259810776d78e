// Is now a safe moment to switch? What DNS says and the server shows, held against the rule of rollover.hpp. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "exit.hpp"
#include "rollover.hpp"

namespace danelaw::cli {

struct Moment {
  std::vector<TlsaRecord> published;  ///< of those that clients act on; none: nothing is
  std::vector<Associations> shown;    ///< at each address that was seen; not empty
  Associations next;
  std::vector<Parameters> wanted;
  std::optional<std::int64_t> published_since;  ///< on all name servers; nothing: not known
  std::int64_t now = 0;
  std::int64_t wait = 0;
};

enum class Stage {
  NoDane,        ///< nothing is published: nothing can be locked out
  Refused,       ///< no record matches what is shown: clients refuse it now
  PublishFirst,  ///< records of `next` are missing
  Wait,          ///< they are there, and caches may still hold what was there before
  Unknown,       ///< they are there, and nobody said since when
  Switch,        ///< now
  Remove,        ///< the server shows `next`, and records of what it showed before are left
  Done,
};

/// "no-dane", "refused", "publish", "wait", "unknown", "switch", "remove", "done"
[[nodiscard]] const char* to_string(Stage stage);
[[nodiscard]] Exit exit_for(Stage stage);

struct Judgement {
  Stage stage = Stage::Unknown;
  std::int64_t safe_at = 0;         ///< Wait, Unknown: when it will be; else 0
  std::vector<TlsaRecord> missing;  ///< PublishFirst
  std::vector<TlsaRecord> stale;    ///< Remove
};

[[nodiscard]] Judgement judge_moment(const Moment& moment);

/// Of two judgements on one change: which of them is to be waited for?
[[nodiscard]] bool is_worse(const Judgement& one, const Judgement& other);

/// The same certificate, or the same key where `next` is no more than one.
[[nodiscard]] bool shows_next(const Associations& shown, const Associations& next);

}  // namespace danelaw::cli
