// A value or the reason why there is none. C++20 has no std::expected; this is the part of it that we need.
//
// Problem is what reaches a person: a stable code for programs and one clear line (what, where, what to do).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace danelaw {

/// What kind of input or circumstance was at fault. The C ABI's error codes mirror this list (capi/errors).
enum class Fault {
  Argument,     ///< a call that breaks the contract
  Name,         ///< not a DNS name, or not a host name where one is needed
  Port,         ///< not a port
  Record,       ///< TLSA text or data that is no record
  Anchor,       ///< trust anchors missing, unreadable or garbage
  Setting,      ///< unknown setting or bad value
  Certificate,  ///< certificate or key input unreadable or garbage
  State,        ///< the right call at the wrong time
  Lookup,       ///< DNS could not be asked or did not answer usefully
  Resource,     ///< memory, descriptors, threads
  Unsupported,  ///< known, but not in this build or version
  Internal,     ///< a fault of ours
};

[[nodiscard]] std::string_view to_string(Fault fault);

struct Problem {
  Fault fault = Fault::Internal;
  std::string text;
};

template <class T>
class [[nodiscard]] Result final {
 public:
  Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
  Result(Problem problem) : m_state(std::in_place_index<1>, std::move(problem)) {}

  [[nodiscard]] bool ok() const { return m_state.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// Only where ok(); otherwise std::bad_variant_access, which capi's guarded() turns into an error.
  [[nodiscard]] T& value() & { return std::get<0>(m_state); }
  [[nodiscard]] const T& value() const& { return std::get<0>(m_state); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(m_state)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  /// Only where not ok().
  [[nodiscard]] const Problem& problem() const { return std::get<1>(m_state); }

 private:
  std::variant<T, Problem> m_state;
};

}  // namespace danelaw
