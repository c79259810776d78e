#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "support.hpp"
#include "tlsa/outcome.hpp"

using namespace danelaw;
using namespace danelaw::tlsa;
using support::record;
using support::set_of;

namespace {

std::vector<Standing> standings(const RecordSet& set) {
  std::vector<Standing> all;
  for (const auto& entry : set.entries()) all.push_back(entry.standing);
  return all;
}

Standing standing_of(const Record& one) { return standings(set_of({one})).at(0); }

std::vector<Buffer> sorted_copies(const RecordSet& set) {
  std::vector<Buffer> copies;
  for (const Bytes rdata : set.sorted_rdatas()) copies.push_back(to_buffer(rdata));
  return copies;
}

Buffer digits(std::size_t octets, std::uint8_t value = 0xAB) { return Buffer(octets, value); }

}  // namespace

TEST_SUITE("RFC 6698 section 2.1: values that we know") {
  TEST_CASE("R6698-2.1b: values outside the registry are well-formed and unusable") {
    for (int value = 0; value < 256; ++value) {
      INFO(value);
      CHECK(standing_of(record(value, 1, 1, digits(32))) ==
            (value <= 3 ? Standing::Usable : Standing::UnknownUsage));
      CHECK(standing_of(record(3, value, 1, digits(32))) ==
            (value <= 1 ? Standing::Usable : Standing::UnknownSelector));
      const Standing of_type = standing_of(record(3, 1, value, digits(32)));
      if (value == 0) CHECK(of_type == Standing::NoPublicKey);
      if (value == 1) CHECK(of_type == Standing::Usable);
      if (value == 2) CHECK(of_type == Standing::DigestLength);
      if (value > 2) CHECK(of_type == Standing::UnknownMatchingType);
    }
  }

  TEST_CASE("R6698-6a: all usages with both selectors, Full, SHA2-256 and SHA2-512 are usable") {
    for (int usage = 0; usage <= 3; ++usage) {
      for (int selector = 0; selector <= 1; ++selector) {
        for (int matching_type = 0; matching_type <= 2; ++matching_type) {
          const Record made =
              pki::record_for(usage, selector, matching_type, support::leaf().certificate.get());
          INFO(made.to_text().substr(0, 20));
          CHECK(standing_of(made) == Standing::Usable);
        }
      }
    }
  }
}

TEST_SUITE("RFC 6698 section 4.1: usable records") {
  TEST_CASE("R6698-4.1b: digest data is exactly as long as the digest") {
    struct Row {
      int matching_type;
      std::size_t octets;
      Standing want;
    };
    for (const Row& row : {Row{1, 0, Standing::DigestLength}, Row{1, 31, Standing::DigestLength},
                           Row{1, 32, Standing::Usable}, Row{1, 33, Standing::DigestLength},
                           Row{1, 64, Standing::DigestLength}, Row{2, 0, Standing::DigestLength},
                           Row{2, 32, Standing::DigestLength}, Row{2, 63, Standing::DigestLength},
                           Row{2, 64, Standing::Usable}, Row{2, 65532, Standing::DigestLength}}) {
      INFO(row.matching_type << " with " << row.octets);
      CHECK(standing_of(record(3, 1, row.matching_type, digits(row.octets))) == row.want);
    }
  }

  TEST_CASE("R6698-4.1b: Full data must be a whole certificate or a whole key, and nothing more") {
    const Buffer certificate = pki::certificate_der(support::leaf().certificate.get());
    const Buffer key = pki::spki_der(support::leaf().certificate.get());
    const auto cut = [](Buffer der) { return der.pop_back(), der; };
    const auto longer = [](Buffer der) { return der.push_back(0), der; };
    struct Row {
      std::string_view what;
      int selector;
      Buffer data;
      Standing want;
    };
    for (const Row& row : {
             Row{"certificate", 0, certificate, Standing::Usable},
             Row{"key", 1, key, Standing::Usable},
             Row{"nothing for a certificate", 0, {}, Standing::EmptyData},
             Row{"nothing for a key", 1, {}, Standing::EmptyData},
             Row{"key for a certificate", 0, key, Standing::NoCertificate},
             Row{"certificate for a key", 1, certificate, Standing::NoPublicKey},
             Row{"certificate cut short", 0, cut(certificate), Standing::NoCertificate},
             Row{"key cut short", 1, cut(key), Standing::NoPublicKey},
             Row{"octet after the certificate", 0, longer(certificate), Standing::NoCertificate},
             Row{"octet after the key", 1, longer(key), Standing::NoPublicKey},
             Row{"garbage", 0, digits(300), Standing::NoCertificate},
             Row{"64 KiB of garbage", 1, digits(65532, 0x30), Standing::NoPublicKey},
         }) {
      INFO(row.what);
      const support::HostErrors host;
      CHECK(standing_of(record(2, row.selector, 0, row.data)) == row.want);
      CHECK(host.untouched());
    }
  }

  TEST_CASE(
      "R6698-2.1a R6698-4.1c: a malformed record is kept with its reason and costs the others nothing") {
    const Buffer good = record(3, 1, 1, digits(32)).to_rdata();
    const std::vector<Buffer> rdatas{{}, {3}, {3, 1}, good, digits(65536)};
    const RecordSet set = RecordSet::from_rdatas(rdatas, Usages::All);
    CHECK(standings(set) == std::vector{Standing::Malformed, Standing::Malformed, Standing::Malformed,
                                        Standing::Usable, Standing::Malformed});
    CHECK_FALSE(set.entries()[1].record);
    CHECK(set.entries()[1].rdata == Buffer{3});
    REQUIRE(set.usable().size() == 1);
    CHECK(set.usable()[0].index() == 3);
    CHECK(equal(set.usable()[0].association_data(), digits(32)));
  }

  TEST_CASE("R7672-3.1a: where only DANE usages count, usages 0 and 1 are unusable") {
    for (int usage = 0; usage <= 3; ++usage) {
      const std::vector<Record> records{record(usage, 1, 1, digits(32))};
      const RecordSet set = RecordSet::from_records(records, Usages::DaneOnly);
      CHECK(standings(set)[0] == (usage < 2 ? Standing::UsageNotAllowed : Standing::Usable));
      for (int asked = 0; asked <= 3; ++asked) {
        CHECK(set.any_usable(static_cast<Usage>(asked)) == (usage >= 2 && asked == usage));
      }
    }
  }
}

TEST_SUITE("RFC 7671 section 9: digest algorithm agility") {
  TEST_CASE("R7671-9a: for each usage and selector only the strongest digest counts, and Full always") {
    const Record full = pki::record_for(3, 1, 0, support::leaf().certificate.get());
    const Record weak = record(3, 1, 1, digits(32));
    const Record strong = record(3, 1, 2, digits(64));
    CHECK(standings(set_of({weak, full, strong})) ==
          std::vector{Standing::WeakerDigest, Standing::Usable, Standing::Usable});
    CHECK(standings(set_of({strong, weak})) == std::vector{Standing::Usable, Standing::WeakerDigest});
    CHECK(standings(set_of({weak, full})) == std::vector{Standing::Usable, Standing::Usable});
  }

  TEST_CASE("R7671-9a: another usage or another selector does not suppress") {
    CHECK(standings(set_of(
              {record(3, 1, 1, digits(32)), record(3, 0, 2, digits(64)), record(2, 1, 2, digits(64))})) ==
          std::vector{Standing::Usable, Standing::Usable, Standing::Usable});
  }

  TEST_CASE("R7671-9a: unusable records neither count nor suppress") {
    const Record weak = record(3, 1, 1, digits(32));
    CHECK(standings(set_of({weak, record(3, 1, 2, digits(63))})) ==
          std::vector{Standing::Usable, Standing::DigestLength});
    CHECK(standings(set_of({weak, record(3, 1, 3, digits(64))})) ==
          std::vector{Standing::Usable, Standing::UnknownMatchingType});
    CHECK(standings(set_of({weak, record(3, 2, 2, digits(64)), record(4, 1, 2, digits(64))})) ==
          std::vector{Standing::Usable, Standing::UnknownSelector, Standing::UnknownUsage});
    const std::vector<Record> pkix{record(1, 1, 1, digits(32)), record(1, 1, 2, digits(64))};
    CHECK(standings(RecordSet::from_records(pkix, Usages::DaneOnly)) ==
          std::vector{Standing::UsageNotAllowed, Standing::UsageNotAllowed});
  }
}

TEST_SUITE("Sets of records") {
  TEST_CASE("R6698-4.1c: order changes neither standings, nor the sorted RDATA, nor what is usable") {
    std::vector<Record> records{record(3, 1, 1, digits(32)), record(3, 1, 2, digits(64)),
                                record(3, 1, 2, digits(5)),  record(2, 0, 1, digits(32, 7)),
                                record(9, 1, 1, digits(32)), record(2, 0, 0, {})};
    std::ranges::sort(records, {}, &Record::to_rdata);
    const std::vector<Buffer> sorted_before = sorted_copies(set_of(records));
    CHECK(sorted_before.size() == records.size());
    std::set<std::vector<std::pair<Buffer, Standing>>> seen;
    std::mt19937 random(1);
    for (int round = 0; round < 50; ++round) {
      std::ranges::shuffle(records, random);
      const RecordSet set = set_of(records);
      CHECK(sorted_copies(set) == sorted_before);
      std::vector<std::pair<Buffer, Standing>> sorted;
      for (const auto& entry : set.entries()) sorted.emplace_back(entry.rdata, entry.standing);
      std::ranges::sort(sorted);
      seen.insert(sorted);
    }
    CHECK(seen.size() == 1);
  }

  TEST_CASE("the sorted RDATA differ where sets do") {
    const std::vector<std::vector<Buffer>> sets{
        {}, {{}}, {{1}}, {{1, 2}}, {{1}, {2}}, {{1, 2}, {3}}, {{1}, {2, 3}}, {{1, 2, 3}}, {{1, 2, 3}, {}}};
    std::set<std::vector<Buffer>> seen;
    for (const auto& rdatas : sets)
      CHECK(seen.insert(sorted_copies(RecordSet::from_rdatas(rdatas, Usages::All))).second);
  }

  TEST_CASE("a duplicate is kept once, where it first stood") {
    const Record one = record(3, 1, 1, digits(32));
    const Record two = record(3, 1, 1, digits(32, 1));
    const RecordSet set = set_of({one, two, one, one});
    REQUIRE(set.entries().size() == 2);
    CHECK(set.entries()[0].record == one);
    CHECK(sorted_copies(set) == sorted_copies(set_of({two, one})));
  }

  TEST_CASE("thousands of records, duplicates and 64 KiB of data are held like any other") {
    std::vector<Record> records;
    for (int number = 0; number < 20000; ++number) {
      Buffer data(32);
      data[0] = static_cast<std::uint8_t>(number % 5000 >> 8);
      data[1] = static_cast<std::uint8_t>(number % 5000);
      records.push_back(record(3, 1, 1, data));
    }
    for (int number = 0; number < 50; ++number) records.push_back(record(3, 1, 0, digits(65532, 0x30)));
    const RecordSet set = set_of(records);
    CHECK(set.entries().size() == 5001);
    CHECK(set.usable().size() == 5000);
    CHECK(set.entries().back().standing == Standing::NoPublicKey);
  }

  TEST_CASE("usable records stay good when their set is moved") {
    RecordSet set = set_of({record(3, 1, 1, digits(32))});
    const auto usable = set.usable();
    const RecordSet moved = std::move(set);
    CHECK(equal(usable[0].association_data(), moved.entries()[0].record->association_data()));
    CHECK(usable[0].usage() == Usage::DaneEe);
    CHECK(usable[0].selector() == Selector::Spki);
    CHECK(usable[0].matching_type() == MatchingType::Sha2_256);
  }

  TEST_CASE("every standing has its own word and its own explanation") {
    std::set<std::string_view> words;
    std::set<std::string_view> explanations;
    for (int number = 0; number <= static_cast<int>(Standing::WeakerDigest); ++number) {
      CHECK(words.insert(to_string(static_cast<Standing>(number))).second);
      CHECK(explanations.insert(explanation_of(static_cast<Standing>(number))).second);
    }
    CHECK(to_string(Standing::Usable) == "usable");
    CHECK(to_string(Standing::DigestLength) == "digest-length");
  }
}

TEST_SUITE("RFC 6698 section 4.1: outcomes") {
  TEST_CASE("R6698-4.1d: one usable record among unusable ones makes the outcome usable") {
    const TlsaOutcome outcome =
        outcome_of(set_of({record(9, 1, 1, digits(32)), record(3, 1, 1, digits(32))}));
    REQUIRE(std::holds_alternative<SecureUsable>(outcome));
    CHECK(std::get<SecureUsable>(outcome).records.usable().size() == 1);
    CHECK(name_of(outcome) == "secure-usable");
  }

  TEST_CASE(
      "R6698-4.1e: without a usable record the outcome is unusable and keeps the records to explain them") {
    const TlsaOutcome outcome = outcome_of(set_of({record(9, 1, 1, digits(32)), record(3, 1, 1, {})}));
    REQUIRE(std::holds_alternative<SecureUnusable>(outcome));
    CHECK(std::get<SecureUnusable>(outcome).records.entries().size() == 2);
    CHECK(name_of(outcome) == "secure-unusable");
    CHECK(std::holds_alternative<SecureUnusable>(outcome_of(RecordSet{})));
  }

  TEST_CASE("R6698-4.1f: an outcome that nobody filled in is an error") {
    const TlsaOutcome outcome;
    REQUIRE(std::holds_alternative<LookupError>(outcome));
    CHECK(std::get<LookupError>(outcome).fault == LookupFault::NotDone);
    CHECK_FALSE(std::get<LookupError>(outcome).reason.empty());
    CHECK(name_of(outcome) == "error");
    CHECK(name_of(SecureAbsent{}) == "secure-absent");
    CHECK(name_of(Insecure{}) == "insecure");
  }

  TEST_CASE("every fault of a lookup has its own word") {
    std::set<std::string_view> words;
    for (int number = 0; number <= static_cast<int>(LookupFault::Internal); ++number) {
      CHECK(words.insert(to_string(static_cast<LookupFault>(number))).second);
    }
    CHECK(to_string(LookupFault::Bogus) == "bogus");
    CHECK(to_string(LookupFault::ServerFailure) == "server-failure");
  }
}
