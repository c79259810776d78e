#include "curl_slots.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>

namespace danelaw::plugin {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t slot_types[] = {R_X86_64_JUMP_SLOT, R_X86_64_GLOB_DAT};
constexpr bool machine_is_known = true;
#elif defined(__aarch64__)
constexpr std::uint32_t slot_types[] = {R_AARCH64_JUMP_SLOT, R_AARCH64_GLOB_DAT};
constexpr bool machine_is_known = true;
#else
constexpr std::uint32_t slot_types[] = {0};
constexpr bool machine_is_known = false;
#endif

struct Range {
  std::uintptr_t start = 0;
  std::uintptr_t end = 0;

  [[nodiscard]] bool holds(std::uintptr_t at, std::size_t octets) const {
    return at >= start && at <= end && octets <= end - at;
  }
};

std::uintptr_t page_size() {
  static const auto size = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  return size;
}
std::uintptr_t page_of(std::uintptr_t at) { return at & ~(page_size() - 1); }

/// A loaded object's program headers. Every address that is followed goes through `at()`.
class LoadedObject final {
 public:
  explicit LoadedObject(const dl_phdr_info& info)
      : m_load(info.dlpi_addr), m_headers(info.dlpi_phdr, info.dlpi_phdr == nullptr ? 0U : info.dlpi_phnum) {}

  /// The octets at an address, if one readable segment holds them all.
  template <typename T>
  [[nodiscard]] const T* at(std::uintptr_t address, std::size_t count = 1) const {
    if (address % alignof(T) != 0 || count > SIZE_MAX / sizeof(T)) return nullptr;
    for (const auto& header : m_headers) {
      if (header.p_type != PT_LOAD || (header.p_flags & PF_R) == 0) continue;
      if (range_of(header).holds(address, count * sizeof(T))) return reinterpret_cast<const T*>(address);
    }
    return nullptr;
  }

  /// glibc turns the pointers of a dynamic section into addresses; where it cannot write there they stay offsets.
  [[nodiscard]] std::uintptr_t address_of(std::uintptr_t pointer) const {
    return at<char>(pointer) != nullptr ? pointer : m_load + pointer;
  }

  [[nodiscard]] std::span<const ElfW(Dyn)> dynamic_section() const {
    for (const auto& header : m_headers) {
      if (header.p_type != PT_DYNAMIC) continue;
      const std::size_t count = header.p_memsz / sizeof(ElfW(Dyn));
      const auto* entries = at<ElfW(Dyn)>(m_load + header.p_vaddr, count);
      if (entries != nullptr) return {entries, count};
    }
    return {};
  }

  /// A place for a pointer that the loader could write to.
  [[nodiscard]] std::optional<SlotMemory> slot_memory(std::uintptr_t place) const {
    if (place % alignof(void*) != 0) return std::nullopt;
    const bool writable = std::any_of(m_headers.begin(), m_headers.end(), [&](const auto& header) {
      return header.p_type == PT_LOAD && (header.p_flags & PF_W) != 0 &&
             range_of(header).holds(place, sizeof(void*));
    });
    if (!writable) return std::nullopt;
    for (const auto& header : m_headers) {
      if (header.p_type != PT_GNU_RELRO) continue;
      // The loader protects whole pages, the last one only where it is full.
      const Range range = range_of(header);
      if (Range{page_of(range.start), page_of(range.end)}.holds(place, sizeof(void*)))
        return SlotMemory::ReadOnlyAfterRelocation;
    }
    return SlotMemory::Writable;
  }

  [[nodiscard]] std::uintptr_t load() const { return m_load; }

  [[nodiscard]] Range extent() const {
    Range all{UINTPTR_MAX, 0};
    for (const auto& header : m_headers) {
      if (header.p_type != PT_LOAD) continue;
      const Range range = range_of(header);
      all.start = std::min(all.start, page_of(range.start));
      all.end = std::max(all.end, range.end);
    }
    return all;
  }

 private:
  [[nodiscard]] Range range_of(const ElfW(Phdr) & header) const {
    const std::uintptr_t start = m_load + header.p_vaddr;
    return {start, std::max(start, start + header.p_memsz)};
  }

  std::uintptr_t m_load;
  std::span<const ElfW(Phdr)> m_headers;
};

/// The tables of an object that name its slots.
struct Tables {
  std::uintptr_t symbols = 0;
  std::uintptr_t strings = 0;
  std::size_t strings_size = 0;
  std::uintptr_t relocations = 0;
  std::size_t relocations_size = 0;
  std::uintptr_t plt_relocations = 0;
  std::size_t plt_relocations_size = 0;
  bool plt_has_addends = false;
};

Tables tables_of(const LoadedObject& object) {
  Tables tables;
  for (const auto& entry : object.dynamic_section()) {
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_SYMTAB) tables.symbols = object.address_of(entry.d_un.d_ptr);
    if (entry.d_tag == DT_STRTAB) tables.strings = object.address_of(entry.d_un.d_ptr);
    if (entry.d_tag == DT_STRSZ) tables.strings_size = entry.d_un.d_val;
    if (entry.d_tag == DT_RELA) tables.relocations = object.address_of(entry.d_un.d_ptr);
    if (entry.d_tag == DT_RELASZ) tables.relocations_size = entry.d_un.d_val;
    if (entry.d_tag == DT_JMPREL) tables.plt_relocations = object.address_of(entry.d_un.d_ptr);
    if (entry.d_tag == DT_PLTRELSZ) tables.plt_relocations_size = entry.d_un.d_val;
    if (entry.d_tag == DT_PLTREL) tables.plt_has_addends = entry.d_un.d_val == DT_RELA;
  }
  return tables;
}

class SlotReader final {
 public:
  SlotReader(const dl_phdr_info& info, std::span<const std::string_view> names, std::vector<Slot>& found)
      : m_object(info),
        m_tables(tables_of(m_object)),
        m_names(names),
        m_file(info.dlpi_name == nullptr ? "" : info.dlpi_name),
        m_found(found) {}

  void read() {
    if (m_tables.symbols == 0 || m_object.at<char>(m_tables.strings, m_tables.strings_size) == nullptr)
      return;
    read_table(m_tables.relocations, m_tables.relocations_size);
    if (m_tables.plt_has_addends) read_table(m_tables.plt_relocations, m_tables.plt_relocations_size);
  }

 private:
  void read_table(std::uintptr_t start, std::size_t octets) {
    const std::size_t count = octets / sizeof(ElfW(Rela));
    const auto* entries = m_object.at<ElfW(Rela)>(start, count);
    if (start == 0 || entries == nullptr) return;
    for (const auto& entry : std::span(entries, count)) read_entry(entry);
  }

  void read_entry(const ElfW(Rela) & entry) {
    const auto type = static_cast<std::uint32_t>(ELF64_R_TYPE(entry.r_info));
    if (std::find(std::begin(slot_types), std::end(slot_types), type) == std::end(slot_types)) return;
    const auto function = function_of(ELF64_R_SYM(entry.r_info));
    if (!function) return;
    const std::uintptr_t place = m_object.load() + entry.r_offset;
    const auto memory = m_object.slot_memory(place);
    if (!memory) return;
    const Range extent = m_object.extent();
    m_found.push_back({*function, m_file, m_object.load(), extent.start, extent.end,
                       reinterpret_cast<void**>(place), *memory});
  }

  [[nodiscard]] std::optional<std::size_t> function_of(std::size_t symbol_number) const {
    const std::uintptr_t address = m_tables.symbols + symbol_number * sizeof(ElfW(Sym));
    const auto* symbol = m_object.at<ElfW(Sym)>(address);
    if (symbol == nullptr || symbol->st_name >= m_tables.strings_size) return std::nullopt;
    const auto* name = reinterpret_cast<const char*>(m_tables.strings + symbol->st_name);
    const std::size_t most = m_tables.strings_size - symbol->st_name;
    const std::string_view text(name, strnlen(name, most));
    if (text.size() == most) return std::nullopt;
    const auto found = std::find(m_names.begin(), m_names.end(), text);
    if (found == m_names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - m_names.begin());
  }

  LoadedObject m_object;
  Tables m_tables;
  std::span<const std::string_view> m_names;
  std::string m_file;
  std::vector<Slot>& m_found;
};

struct Search {
  std::span<const std::string_view> names;
  std::vector<Slot> found;
  bool out_of_memory = false;
};

int search_object(dl_phdr_info* info, std::size_t, void* data) noexcept {
  auto& search = *static_cast<Search*>(data);
  try {
    SlotReader(*info, search.names, search.found).read();
  } catch (...) {  // the loader called us
    search.out_of_memory = true;
    return 1;
  }
  return 0;
}

int read_count(dl_phdr_info* info, std::size_t, void* data) noexcept {
  *static_cast<LoaderCount*>(data) = {info->dlpi_adds, info->dlpi_subs};
  return 1;
}

std::mutex& list_mutex() {
  static auto& mutex = *new std::mutex;  // used until the very end of the process
  return mutex;
}

}  // namespace

void lock_loader_list() { list_mutex().lock(); }
void unlock_loader_list() { list_mutex().unlock(); }

LoaderCount loader_count() noexcept {
  LoaderCount count;
  const std::lock_guard lock(list_mutex());
  dl_iterate_phdr(read_count, &count);
  return count;
}

std::vector<Slot> find_slots(std::span<const std::string_view> names) {
  if (!machine_is_known) return {};
  Search search{names, {}, false};
  {
    const std::lock_guard lock(list_mutex());
    dl_iterate_phdr(search_object, &search);
  }
  if (search.out_of_memory) throw std::bad_alloc();
  return std::move(search.found);
}

PinnedObject::PinnedObject(const Slot& slot)
    : m_handle(slot.object.empty() ? dlopen(nullptr, RTLD_LAZY)
                                   : dlopen(slot.object.c_str(), RTLD_LAZY | RTLD_NOLOAD)) {
  if (m_handle == nullptr) return;
  const link_map* map = nullptr;
  if (dlinfo(m_handle, RTLD_DI_LINKMAP, &map) == 0 && map->l_addr == slot.object_load) return;
  dlclose(m_handle);  // another one by this name
  m_handle = nullptr;
}

PinnedObject::~PinnedObject() {
  if (m_handle != nullptr) dlclose(m_handle);
}

void* value_of(const Slot& slot) noexcept { return __atomic_load_n(slot.place, __ATOMIC_ACQUIRE); }

Replaced replace(const Slot& slot, void* present, void* replacement) noexcept {
  auto* page = reinterpret_cast<void*>(page_of(reinterpret_cast<std::uintptr_t>(slot.place)));
  const bool read_only = slot.memory == SlotMemory::ReadOnlyAfterRelocation;
  if (read_only && mprotect(page, page_size(), PROT_READ | PROT_WRITE) != 0) return Replaced::No;
  const bool done = __atomic_compare_exchange_n(slot.place, &present, replacement, false, __ATOMIC_ACQ_REL,
                                                __ATOMIC_ACQUIRE);
  if (read_only) mprotect(page, page_size(), PROT_READ);
  return done ? Replaced::Yes : Replaced::No;
}

}  // namespace danelaw::plugin
