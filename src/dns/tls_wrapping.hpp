// TLS around a connection's messages. It never sees the socket: octets go through memory, so that a write to a closed connection
// raises no signal, and a number that the host has taken for something else is not written to.
#pragma once

#include "dns/tls_client.hpp"
#include "dns/wrapping.hpp"

namespace danelaw::dns {

class TlsWrapping final : public Wrapping {
 public:
  TlsWrapping(TlsClient& client, const TlsPeer& peer);

  void take(Bytes octets) override;
  void give(Buffer& outgoing) override;
  [[nodiscard]] Handshake shake_hands() override;
  [[nodiscard]] std::string problem() const override { return m_problem; }
  void write(Bytes octets) override;
  [[nodiscard]] bool read(Buffer& incoming) override;
  void close() override;

 private:
  const TlsPeer m_peer;
  std::string m_problem;
  SslHandle m_ssl;  // null where there can be no TLS
};

}  // namespace danelaw::dns
