// Records as name servers and their tools take them: master file (RFC 1035 section 5), generic form (RFC 3597), input for
// nsupdate(1), JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "records_report.hpp"
#include "tlsa_advice.hpp"

namespace danelaw::cli {

enum class RecordFormat { Zone, Generic, Nsupdate };

struct UpdateOptions {
  bool replace = false;
  std::optional<std::string> server;  ///< "192.0.2.1 53"
  std::optional<std::string> zone;    ///< without a trailing dot
};

/// How --format and its companions want records written.
struct RecordStyle {
  RecordFormat format = RecordFormat::Zone;
  UpdateOptions update;
};

struct RecordReport {
  std::vector<MadeRecord> records;
  std::vector<TlsaService> services;  ///< none: the records stand alone
  std::uint32_t ttl = 0;
  std::vector<Advice> warnings;
};

/// "_443._tcp.www.example.com. 3600 IN TLSA 3 1 1 9f14…"
[[nodiscard]] std::string zone_line(const TlsaService& service, std::uint32_t ttl, const TlsaRecord& record);

/// The records in place, each service's in one piece. Without a service they stand alone.
[[nodiscard]] std::string lines_of(const std::vector<TlsaService>& services, std::uint32_t ttl,
                                   const std::vector<TlsaRecord>& records, const RecordStyle& style);

[[nodiscard]] std::string to_text(const RecordReport& report, const RecordStyle& style);
[[nodiscard]] Json to_json(const RecordReport& report);
[[nodiscard]] Json to_json(const std::vector<Advice>& warnings);
[[nodiscard]] Json to_json(const TlsaRecord& record);

}  // namespace danelaw::cli
