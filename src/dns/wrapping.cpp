#include "dns/wrapping.hpp"

#include <utility>

namespace danelaw::dns {
namespace {

void append(Buffer& to, Bytes octets) { to.insert(to.end(), octets.begin(), octets.end()); }

class NoWrapping final : public Wrapping {
 public:
  void take(Bytes octets) override { append(m_incoming, octets); }
  void give(Buffer& outgoing) override { append(outgoing, std::exchange(m_outgoing, {})); }
  Handshake shake_hands() override { return Handshake::Done; }
  std::string problem() const override { return ""; }
  void write(Bytes octets) override { append(m_outgoing, octets); }
  bool read(Buffer& incoming) override {
    append(incoming, std::exchange(m_incoming, {}));
    return true;
  }
  void close() override {}

 private:
  Buffer m_incoming;
  Buffer m_outgoing;
};

}  // namespace

std::unique_ptr<Wrapping> no_wrapping() { return std::make_unique<NoWrapping>(); }

}  // namespace danelaw::dns
