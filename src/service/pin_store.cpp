#include "service/pin_store.hpp"

#include <unistd.h>

#include <mutex>
#include <optional>
#include <utility>

#include "service/pin_file.hpp"

namespace danelaw::service {
namespace {

constexpr EpochSeconds worth_writing = 3600;

}  // namespace

/// What must not be shared with a forked child.
struct PinStore::State {
  explicit State(State* the_parents) : parents(the_parents) {}

  const pid_t process = getpid();
  std::mutex mutex;
  Pins pins;
  bool unsaved = false;                   // some of them are in no file
  std::optional<FileVersion> last_known;  // of the file

  // Kept reachable and never freed: a thread that is not here may have been at it.
  [[maybe_unused]] State* const parents;

  /// What other processes have done to the file since.
  void refresh(const std::string& path) {
    if (path.empty()) return;
    const auto version = version_of(path);
    if (version == last_known) return;
    auto in_file = read_pin_file(path);
    if (!in_file) return;  // and looked at again the next time
    last_known = version;
    if (unsaved) in_file->add(pins);
    pins = *std::move(in_file);
  }

  template <class Change>
  void change(const std::string& path, EpochSeconds now, const Change& what) {
    what(pins);
    pins.drop_ended(now);
    if (path.empty()) return;
    const auto written = change_pin_file(path, [&](Pins& in_file) {
      if (unsaved) in_file.add(pins);
      what(in_file);
      in_file.drop_ended(now);
    });
    unsaved = !written;
    if (!written) return;
    pins = *written;
    last_known = version_of(path);
  }
};

PinStore::PinStore(std::string path) : m_path(std::move(path)), m_state(new State(nullptr)) {}

PinStore::~PinStore() {
  State* state = m_state.load();
  if (state->process == getpid()) delete state;
}

PinStore::State& PinStore::state() {
  State* current = m_state.load();
  if (current->process == getpid()) return *current;
  auto fresh = std::make_unique<State>(current);
  // Held by nobody that is here; where somebody held it at the fork the pins may be half changed.
  if (const std::unique_lock lock(current->mutex, std::try_to_lock); lock) {
    fresh->pins = current->pins;
    fresh->unsaved = current->unsaved;
  }
  if (m_state.compare_exchange_strong(current, fresh.get())) return *fresh.release();
  return *current;
}

bool PinStore::holds(const verify::Service& service, EpochSeconds now) {
  State& own = state();
  const std::lock_guard lock(own.mutex);
  own.refresh(m_path);
  return own.pins.end_of(service) > now;
}

void PinStore::set(const verify::Service& service, EpochSeconds end, EpochSeconds now) {
  State& own = state();
  const std::lock_guard lock(own.mutex);
  own.refresh(m_path);
  const EpochSeconds present = own.pins.end_of(service);
  const bool is_near = present > now && present <= end && end - present < worth_writing;
  if (is_near) return;
  own.change(m_path, now, [&](Pins& pins) { pins.set(service, end); });
}

void PinStore::drop(const verify::Service& service, EpochSeconds now) {
  State& own = state();
  const std::lock_guard lock(own.mutex);
  own.refresh(m_path);
  if (own.pins.end_of(service) == 0) return;
  own.change(m_path, now, [&](Pins& pins) { pins.drop(service); });
}

}  // namespace danelaw::service
