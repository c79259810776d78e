// Where entries (proof_entry.hpp) are kept, as octets under names: a directory of files (proof_files.hpp), or whatever the application
// has. A store is trusted with nothing: what it hands out is judged anew (proof_shelf.hpp), and one that is lost, late or full of lies
// costs time only.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "dns/answer.hpp"

namespace danelaw::dns {

class ProofStore {
 public:
  /// To be called once, by any thread, also before find() returns; after `patience()` nobody listens any more.
  using Found = std::function<void(std::optional<Buffer>)>;

  ProofStore() = default;
  virtual ~ProofStore() = default;
  ProofStore(const ProofStore&) = delete;
  ProofStore& operator=(const ProofStore&) = delete;

  /// Whether such an answer belongs here: one that does not is neither kept here nor taken from here.
  [[nodiscard]] virtual bool takes(const Answer& answer) const = 0;
  [[nodiscard]] virtual std::chrono::milliseconds patience() const = 0;

  /// Of the engine's thread. None of these waits for anything but a disk. Names are 64 hexadecimal digits.
  virtual void find(const std::string& name, Found found) = 0;
  /// `ends`: from then on the entry is of no use to anybody.
  virtual void keep(const std::string& name, Bytes octets, EpochSeconds ends, EpochSeconds now) = 0;
  /// What was found under the name proves nothing.
  virtual void refuse(const std::string& name) = 0;
};

}  // namespace danelaw::dns
