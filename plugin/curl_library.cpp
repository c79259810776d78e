#include "curl_library.hpp"

#include <dlfcn.h>

#include <cstring>

namespace danelaw::plugin {
namespace {

/// Looks functions up that must all be in one object.
class Lookup final {
 public:
  Lookup(void* handle, const void* object) : m_handle(handle), m_object(object) {}

  template <typename Function>
  void find(const char* name, Function*& function) {
    void* const found = dlsym(m_handle, name);
    if (found == nullptr || object_of(found) != m_object) m_complete = false;
    function = reinterpret_cast<Function*>(found);
  }
  [[nodiscard]] bool is_complete() const { return m_complete; }

 private:
  void* m_handle;
  const void* m_object;
  bool m_complete = true;
};

CurlLibrary look_up(Lookup& lookup, const void* start) {
  CurlLibrary library{};
  library.start = start;
  lookup.find("curl_easy_init", library.easy_init);
  lookup.find("curl_easy_setopt", library.easy_setopt);
  lookup.find("curl_easy_perform", library.easy_perform);
  lookup.find("curl_easy_reset", library.easy_reset);
  lookup.find("curl_easy_duphandle", library.easy_duphandle);
  lookup.find("curl_easy_cleanup", library.easy_cleanup);
  lookup.find("curl_multi_add_handle", library.multi_add_handle);
  lookup.find("curl_multi_remove_handle", library.multi_remove_handle);
  lookup.find("curl_easy_getinfo", library.easy_getinfo);
  lookup.find("curl_url", library.url.make);
  lookup.find("curl_url_cleanup", library.url.cleanup);
  lookup.find("curl_url_set", library.url.set);
  lookup.find("curl_url_get", library.url.get);
  lookup.find("curl_free", library.url.release);
  return library;
}

/// A handle of the object that holds an address. The program's own comes by no name.
void* open_object(const Dl_info& info) {
  void* handle = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  return handle != nullptr ? handle : dlopen(nullptr, RTLD_LAZY);
}

}  // namespace

const void* object_of(const void* address) noexcept {
  Dl_info info{};
  return dladdr(address, &info) != 0 ? info.dli_fbase : nullptr;
}

std::optional<CurlLibrary> find_curl_library(void* function, const char* name) {
  Dl_info info{};
  if (dladdr(function, &info) == 0 || info.dli_sname == nullptr || std::strcmp(info.dli_sname, name) != 0)
    return std::nullopt;
  void* const handle = open_object(info);
  if (handle == nullptr) return std::nullopt;
  Lookup lookup(handle, info.dli_fbase);
  const CurlLibrary library = look_up(lookup, info.dli_fbase);
  if (lookup.is_complete())
    return library;  // WARNING `handle` stays open: our functions in the slots call it
  dlclose(handle);
  return std::nullopt;
}

}  // namespace danelaw::plugin
