#include "our_opinion.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "dns/event_loop.hpp"
#include "signing_key.hpp"

using namespace danelaw;
using namespace danelaw::dns;

namespace differential {

namespace {

constexpr std::chrono::seconds longest{60};  // far beyond what anything here takes

struct OpinionOf {
  Opinion operator()(const SecureRrset& secure) const {
    Opinion opinion{Word::Secure, secure.rdatas, "validated"};
    std::ranges::sort(opinion.rdatas);
    return opinion;
  }
  Opinion operator()(const SecureDenial& denial) const {
    return {Word::Denied, {}, denial.name_exists ? "no data" : "no name"};
  }
  Opinion operator()(const InsecureAnswer& insecure) const { return {Word::Insecure, {}, insecure.reason}; }
  Opinion operator()(const FailedAnswer& failed) const {
    return {Word::Failed, {}, std::string(to_string(failed.fault)) + ": " + failed.reason};
  }
};

}  // namespace

Opinion our_opinion(const Question& asked, const TrustAnchors& anchors, const ResolverAddress& resolver) {
  std::string problem;
  const auto loop = EventLoop::create(problem);
  StubSettings settings;
  settings.anchors = anchors;
  settings.resolvers = {resolver};
  settings.first_patience = longest;
  settings.clock = [] { return lab::now; };
  FailedAnswer failure;
  const auto engine = stub_engine(std::move(settings))(*loop, failure);
  if (!engine) throw std::runtime_error("no engine: " + failure.reason);
  std::optional<Answer> answer;
  engine->ask(asked, [&answer](const Answer& got) { answer = got; });
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!answer && std::chrono::steady_clock::now() < end) loop->run_once(std::chrono::seconds(1));
  if (!answer) throw std::runtime_error("a lookup without an end");
  return std::visit(OpinionOf{}, *answer);
}

}  // namespace differential
