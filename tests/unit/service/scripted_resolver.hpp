// A resolver that answers from a script, and the plan source that stands on it: what the live path has, without DNS.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "dns/resolver.hpp"
#include "service/dns_plan_source.hpp"
#include "service/route_search.hpp"

namespace danelaw::script {

inline DnsName name(std::string_view text) { return DnsName::from_text(text).value(); }

inline Buffer mx(std::uint16_t preference, std::string_view exchange) {
  Buffer rdata{static_cast<std::uint8_t>(preference >> 8), static_cast<std::uint8_t>(preference)};
  const DnsName host = name(exchange);
  rdata.insert(rdata.end(), host.wire().begin(), host.wire().end());
  return rdata;
}

inline Buffer srv(std::uint16_t priority, std::uint16_t weight, std::uint16_t port, std::string_view target) {
  Buffer rdata;
  for (const std::uint16_t number : {priority, weight, port}) {
    rdata.push_back(static_cast<std::uint8_t>(number >> 8));
    rdata.push_back(static_cast<std::uint8_t>(number));
  }
  const DnsName host = name(target);
  rdata.insert(rdata.end(), host.wire().begin(), host.wire().end());
  return rdata;
}

inline Buffer record(std::uint8_t usage, std::uint8_t mtype = 1) {
  Buffer rdata{usage, 1, mtype};
  rdata.resize(3 + 32, 0xAB);
  return rdata;
}

inline constexpr EpochSeconds now = 1'800'000'000;
inline constexpr EpochSeconds later = now + 3600;

inline dns::Answer secure(std::string_view owner, std::vector<Buffer> rdatas) {
  return dns::SecureRrset{name(owner), std::move(rdatas), 3600, later};
}
inline dns::Answer denied(std::string_view owner, bool name_exists = true) {
  return dns::SecureDenial{name(owner), name_exists, later};
}
inline dns::Answer insecure() { return dns::InsecureAnswer{"not signed: a test", later, false}; }
inline dns::Answer unsigned_says(std::string_view owner, std::vector<Buffer> rdatas,
                                 bool name_exists = true) {
  dns::InsecureAnswer answer{"not signed: a test", later, false};
  answer.referral = std::make_shared<const dns::UnsignedReferral>(
      dns::UnsignedReferral{name(owner), std::move(rdatas), name_exists});
  return answer;
}
inline dns::Answer failed(tlsa::LookupFault fault = tlsa::LookupFault::Bogus) {
  return dns::FailedAnswer{fault, "the script says so"};
}

/// What nobody scripted is a failure. A question that hangs is never answered.
class Resolver final : public dns::Resolver {
 public:
  std::map<std::pair<std::string, RrType>, dns::Answer> answers;
  std::set<std::pair<std::string, RrType>> hanging;
  std::vector<std::string> asked;  ///< in order: "name/type"
  std::size_t running = 0;
  std::size_t most_running = 0;
  std::chrono::milliseconds patience{2000};

  void say(std::string_view owner, RrType type, dns::Answer answer) {
    answers[{name(owner).to_text(), type}] = std::move(answer);
  }
  /// A signed host with an address and these TLSA records; a denial where there are none.
  void host(std::string_view text, std::vector<Buffer> tlsas, std::uint16_t port = 25) {
    say(text, RrType::A, secure(text, {Buffer{192, 0, 2, 1}}));
    say(text, RrType::Aaaa, denied(text));
    const std::string owner = "_" + std::to_string(port) + "._tcp." + std::string(text);
    say(owner, RrType::Tlsa, tlsas.empty() ? denied(owner, false) : secure(owner, std::move(tlsas)));
  }

  std::shared_ptr<dns::Pending<dns::Answer>> ask(const dns::Question& question) override {
    return std::make_shared<PendingAnswer>(answer(question), is_hanging(question));
  }
  std::shared_ptr<dns::PendingTlsa> look_up(const dns::TlsaQuestion& question) override;
  [[nodiscard]] std::chrono::milliseconds deadline() const override { return patience; }

 private:
  class PendingAnswer final : public dns::Pending<dns::Answer> {
   public:
    PendingAnswer(dns::Answer answer, bool hangs)
        : m_answer(std::make_shared<const dns::Answer>(std::move(answer))), m_hangs(hangs) {}
    std::shared_ptr<const dns::Answer> wait(Deadline until) override {
      if (m_hangs) std::this_thread::sleep_until(until);
      return m_hangs ? nullptr : m_answer;
    }
    int descriptor() override { return -1; }

   private:
    const std::shared_ptr<const dns::Answer> m_answer;
    const bool m_hangs;
  };

  dns::Answer answer(const dns::Question& question) {
    asked.push_back(question.name.to_text() + "/" + std::to_string(static_cast<int>(question.type)));
    const auto found = answers.find({question.name.to_text(), question.type});
    return found == answers.end() ? failed(tlsa::LookupFault::ServerFailure) : found->second;
  }
  [[nodiscard]] bool is_hanging(const dns::Question& question) const {
    return hanging.contains({question.name.to_text(), question.type});
  }

  friend class PendingScript;
};

/// A TLSA lookup over the script. It is there at the second look, so that those beside it have begun.
class PendingScript final : public dns::PendingTlsa {
 public:
  PendingScript(Resolver& resolver, const dns::TlsaQuestion& question) : m_resolver(resolver) {
    m_resolver.most_running = std::max(m_resolver.most_running, ++m_resolver.running);
    dns::BaseDomainSearch search(question);
    for (auto missing = search.missing(); !search.answer() && !missing.empty(); missing = search.missing())
      for (const dns::Question& each : missing) {
        m_hangs = m_hangs || m_resolver.is_hanging(each);
        search.take(each, m_resolver.answer(each));
      }
    if (search.answer()) m_answer = std::make_shared<const dns::TlsaAnswer>(*search.answer());
  }
  ~PendingScript() override { --m_resolver.running; }
  PendingScript(const PendingScript&) = delete;
  PendingScript& operator=(const PendingScript&) = delete;

  std::shared_ptr<const dns::TlsaAnswer> wait(Deadline until) override {
    if (m_hangs) std::this_thread::sleep_until(until);
    if (m_hangs || m_looks++ == 0) return nullptr;
    return m_answer;
  }
  std::optional<DnsName> wait_for_base_domain(Deadline) override { return std::nullopt; }
  int descriptor() override { return -1; }

 private:
  Resolver& m_resolver;
  bool m_hangs = false;
  int m_looks = 0;
  std::shared_ptr<const dns::TlsaAnswer> m_answer;
};

inline std::shared_ptr<dns::PendingTlsa> Resolver::look_up(const dns::TlsaQuestion& question) {
  return std::make_shared<PendingScript>(*this, question);
}

/// The order in which the records stand.
inline std::uint32_t never_moves(std::uint32_t bound) { return bound - 1; }

inline std::shared_ptr<const service::Route> route(const std::shared_ptr<Resolver>& resolver,
                                                   std::unique_ptr<const service::Itinerary> itinerary,
                                                   std::vector<DnsName> never_asked = {}) {
  auto plans = service::dns_plan_source(resolver, std::move(never_asked));
  service::RouteSearch search({resolver, std::move(plans), [] { return now; }}, std::move(itinerary));
  return search.wait(Deadline::max());
}

}  // namespace danelaw::script
