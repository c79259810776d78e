// Where C++ ends: every exported function runs inside guarded(), the one try block, so no exception leaves.
#pragma once

#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "danelaw/danelaw.h"

namespace danelaw::capi {

[[nodiscard]] int code_of(Fault fault);

/// Writes code and line for the caller, if it wants them; gives the code back.
int report(danelaw_problem* problem, int code, std::string_view text);
int report(danelaw_problem* problem, const Problem& what);

/// Runs `body`, which returns a code; anything thrown becomes a code too.
template <class Body>
int guarded(danelaw_problem* problem, Body body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return report(problem, DANELAW_ERR_RESOURCE, "out of memory");
  } catch (const std::exception& fault) {
    return report(problem, DANELAW_ERR_INTERNAL, fault.what());
  } catch (...) {
    return report(problem, DANELAW_ERR_INTERNAL, "unknown exception");
  }
}

/// The same for functions that return a value and have no way to tell an error: `otherwise` is returned.
template <class Value, class Body>
Value guarded_value(Value otherwise, Body body) noexcept {
  Value value = otherwise;
  guarded(nullptr, [&] {
    value = body();
    return DANELAW_OK;
  });
  return value;
}

}  // namespace danelaw::capi
