// The places through which loaded objects call functions of other objects: the JUMP_SLOT and GLOB_DAT relocations of ELF
// (System V ABI, chapter 5; the x86-64 and AArch64 supplements). Reads and writes them, and decides nothing.
//
// What a loaded object says about itself is held against the segments that are mapped: an object that points outside of
// them has no slots. On other machines, and where there is no dynamic section, nothing is found.
//
// The caller must still: see to it that only one thread replaces slots at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace danelaw::plugin {

enum class SlotMemory { Writable, ReadOnlyAfterRelocation };

struct Slot {
  std::size_t function;        ///< which of the names that were asked for
  std::string object;          ///< the loader's name of the object; empty: the program itself
  std::uintptr_t object_load;  ///< by how much its addresses are moved
  std::uintptr_t object_start;
  std::uintptr_t object_end;
  void** place;
  SlotMemory memory;

  [[nodiscard]] bool is_in_object(const void* address) const {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    return at >= object_start && at < object_end;
  }
};

/// How many objects have been loaded, and unloaded, so far.
struct LoaderCount {
  unsigned long long loaded = 0;
  unsigned long long unloaded = 0;
  bool operator==(const LoaderCount&) const = default;
};
[[nodiscard]] LoaderCount loader_count() noexcept;

/// For fork(): while this is locked none of our threads is in the loader's list of objects, whose lock a child would
/// inherit. What other threads do there we cannot know, so a child of a process with threads must not look again.
void lock_loader_list();
void unlock_loader_list();

/// The slots of all loaded objects for the functions of these names. Nothing is read from or written to the slots.
[[nodiscard]] std::vector<Slot> find_slots(std::span<const std::string_view> names);

/// Keeps the object of a slot loaded, and waits for another thread that is still loading it.
class PinnedObject final {
 public:
  explicit PinnedObject(const Slot& slot);
  ~PinnedObject();
  PinnedObject(const PinnedObject&) = delete;
  PinnedObject& operator=(const PinnedObject&) = delete;

  /// Null where the object has gone.
  [[nodiscard]] void* handle() const { return m_handle; }

 private:
  void* m_handle;
};

/// Puts `replacement` there if `present` is what is there. The object must be pinned.
enum class Replaced { Yes, No };
Replaced replace(const Slot& slot, void* present, void* replacement) noexcept;
[[nodiscard]] void* value_of(const Slot& slot) noexcept;

}  // namespace danelaw::plugin
