#include "metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace danelaw::policyd {
namespace {

constexpr std::array<std::string_view, 8> answer_words{"dane-only", "dane", "encrypt", "secure",
                                                       "notfound",  "temp", "timeout", "perm"};
constexpr std::array<DaneSays, 7> all_opinions{DaneSays::Defer,   DaneSays::Nothing, DaneSays::Authenticate,
                                               DaneSays::Mixed,   DaneSays::Encrypt, DaneSays::PartlyEncrypt,
                                               DaneSays::Unsigned};
/// Upper bounds in microseconds: cached answers at the one end, the deadlines of lookups at the other.
constexpr std::array<std::uint64_t, 11> bounds{100,     500,     1'000,     5'000,     10'000,    25'000,
                                               100'000, 500'000, 1'000'000, 5'000'000, 10'000'000};
constexpr double microseconds_in_a_second = 1e6;

std::size_t index_of(const Reply& reply) {
  switch (reply.word) {
    case Word::Ok: {
      const std::string_view level = std::string_view(reply.text).substr(0, reply.text.find(' '));
      return static_cast<std::size_t>(std::find(answer_words.begin(), answer_words.begin() + 3, level) -
                                      answer_words.begin());
    }
    case Word::NotFound:
      return 4;
    case Word::Temp:
      return 5;
    case Word::Timeout:
      return 6;
    case Word::Perm:
      return 7;
  }
  return 5;
}

class Page final {
 public:
  void head(std::string_view name, std::string_view type, std::string_view help) {
    m_name = name;
    m_text +=
        fmt::format("# HELP danelaw_policyd_{} {}\n# TYPE danelaw_policyd_{} {}\n", name, help, name, type);
  }
  template <class Number>
  void value(Number number, const std::string& labels = "", std::string_view suffix = "") {
    m_text += fmt::format("danelaw_policyd_{}{}{} {}\n", m_name, suffix, labels, number);
  }
  template <class Number>
  void one(std::string_view name, std::string_view type, std::string_view help, Number number) {
    head(name, type, help);
    value(number);
  }
  [[nodiscard]] const std::string& text() const { return m_text; }

 private:
  std::string_view m_name;
  std::string m_text;
};

std::string label(std::string_view name, std::string_view value) {
  return fmt::format("{{{}=\"{}\"}}", name, value);
}

void put_fleet(Page& page, const FleetCounts& fleet) {
  page.one("fleet_up", "gauge", "1 while the fleet's store answers.", fleet.is_up ? 1 : 0);
  page.head("fleet_fetches_total", "counter", "Proofs looked for in the fleet's store, by what came of it.");
  page.value(fleet.hits, label("result", "hit"));
  page.value(fleet.misses, label("result", "miss"));
  page.value(fleet.malformed + fleet.forged + fleet.ended + fleet.too_long, label("result", "rejected"));
  page.value(fleet.refused, label("result", "refused"));
  page.value(fleet.away, label("result", "away"));
  page.head("fleet_rejected_total", "counter", "Entries that were not used; unproven ones were hits before.");
  page.value(fleet.malformed, label("reason", "malformed"));
  page.value(fleet.forged, label("reason", "forged"));
  page.value(fleet.ended, label("reason", "ended"));
  page.value(fleet.too_long, label("reason", "too-long"));
  page.value(fleet.unproven, label("reason", "unproven"));
  page.one("fleet_kept_total", "counter", "Proofs given to the fleet's store.", fleet.kept);
}

}  // namespace

void Metrics::count(const Reply& reply, std::chrono::microseconds after) {
  ++m_answers[index_of(reply)];
  const auto spent = static_cast<std::uint64_t>(std::max<std::int64_t>(after.count(), 0));
  m_microseconds += spent;
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), spent);
  ++m_latencies[static_cast<std::size_t>(bucket - bounds.begin())];
}

void Metrics::count(const Finding& finding) {
  const auto found = std::find(all_opinions.begin(), all_opinions.end(), finding.opinion.says);
  ++m_opinions[static_cast<std::size_t>(found - all_opinions.begin())];
}

std::string Metrics::text(const Gauges& gauges) const {
  Page page;
  page.head("answers_total", "counter", "Requests answered, by the answer.");
  for (std::size_t i = 0; i < answers; ++i) page.value(m_answers[i], label("answer", answer_words[i]));
  page.head("searches_total", "counter", "Searches that ended, by what DANE says of the domain.");
  for (std::size_t i = 0; i < opinions; ++i)
    page.value(m_opinions[i], label("dane", to_string(all_opinions[i])));
  page.head("answer_seconds", "histogram", "Time from a request to its answer.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < buckets; ++i) {
    sum += m_latencies[i];
    const std::string bound =
        i < bounds.size() ? fmt::format("{}", static_cast<double>(bounds[i]) / microseconds_in_a_second)
                          : "+Inf";
    page.value(sum, label("le", bound), "_bucket");
  }
  page.value(static_cast<double>(m_microseconds) / microseconds_in_a_second, "", "_sum");
  page.value(sum, "", "_count");
  page.one("searches_in_flight", "gauge", "Searches on their way or waiting for a place.", gauges.searches);
  page.one("requests_waiting", "gauge", "Requests that wait for a search.", gauges.waiting);
  page.one("cached_domains", "gauge", "Answers that are kept.", gauges.domains);
  page.one("clients", "gauge", "Connections of mail servers.", gauges.clients);
  page.one("mta_sts_policies", "gauge", "Policies of MTA-STS in memory.", gauges.policies);
  page.head("mta_sts_fetches_total", "counter", "Fetches of MTA-STS policies, by their result.");
  page.value(gauges.fetches.good, label("result", "policy"));
  page.value(gauges.fetches.unfetched, label("result", to_string(StsFinding::Fault::Fetch)));
  page.value(gauges.fetches.untrusted, label("result", to_string(StsFinding::Fault::WebPki)));
  page.value(gauges.fetches.invalid, label("result", to_string(StsFinding::Fault::Invalid)));
  if (gauges.fleet) put_fleet(page, *gauges.fleet);
  page.head("reloads_total", "counter", "Configurations read again, by whether they could be used.");
  page.value(m_reloads, label("result", "used"));
  page.value(m_failed_reloads, label("result", "refused"));
  return page.text();
}

}  // namespace danelaw::policyd
