// A libcurl that is loaded, by its functions. We do not link one: a process may hold several, and each is to be called
// by those who chose it.
#pragma once

// The checks of these macros are for callers by name.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo

#include <cstddef>
#include <optional>

#include "danelaw/curl.h"

namespace danelaw::plugin {

struct CurlLibrary {
  const void* start;  ///< where it is loaded

  CURL* (*easy_init)();
  CURLcode (*easy_setopt)(CURL* easy, CURLoption option, ...);
  CURLcode (*easy_perform)(CURL* easy);
  void (*easy_reset)(CURL* easy);
  CURL* (*easy_duphandle)(CURL* easy);
  void (*easy_cleanup)(CURL* easy);
  CURLMcode (*multi_add_handle)(CURLM* multi, CURL* easy);
  CURLMcode (*multi_remove_handle)(CURLM* multi, CURL* easy);

  CURLcode (*easy_getinfo)(CURL* easy, CURLINFO info, ...);
  danelaw_curl_parser url;
};

/// The object that holds `address`; null where there is none.
const void* object_of(const void* address) noexcept;

/// The library that holds `function`, which was found under `name`; nothing where that is no whole libcurl of 7.62 or
/// later. It stays loaded from then on.
std::optional<CurlLibrary> find_curl_library(void* function, const char* name);

}  // namespace danelaw::plugin
