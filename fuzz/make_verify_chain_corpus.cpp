// Writes the corpus of verify_chain into the folder that is named: small chains with records that match, nearly match
// and do not. Run it again when the target's input form changes.
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "pki.hpp"

namespace {

using danelaw::Buffer;

void append_block(Buffer& out, const Buffer& block) {
  out.push_back(static_cast<std::uint8_t>(block.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(block.size() & 0xFF));
  out.insert(out.end(), block.begin(), block.end());
}

void write(const std::string& path, const std::vector<danelaw::tlsa::Record>& records,
           const std::vector<const pki::Identity*>& chain) {
  Buffer out{static_cast<std::uint8_t>(records.size())};
  for (const auto& record : records) append_block(out, record.to_rdata());
  for (const pki::Identity* identity : chain)
    append_block(out, pki::certificate_der(identity->certificate.get()));
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(out.data()), static_cast<std::streamsize>(out.size()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const std::string folder = std::string(argv[1]) + "/";
  constexpr long century = 100L * 365 * 86400;
  const auto root = pki::issue({.common_name = "root", .ca = true, .not_after = century});
  const auto ca = pki::issue({.common_name = "ca", .ca = true, .not_after = century}, &root);
  const auto leaf =
      pki::issue({.common_name = "leaf", .dns_names = {"www.example"}, .not_after = century}, &ca);
  for (int usage = 0; usage <= 3; ++usage)
    for (int selector = 0; selector <= 1; ++selector)
      for (int matching_type = 0; matching_type <= 2; ++matching_type) {
        const auto& named = usage == 1 || usage == 3 ? leaf : ca;
        const std::string name =
            std::to_string(usage) + std::to_string(selector) + std::to_string(matching_type);
        write(folder + "matches_" + name,
              {pki::record_for(usage, selector, matching_type, named.certificate.get())}, {&leaf, &ca});
      }
  const auto named_root = pki::record_for(2, 0, 1, root.certificate.get());
  const auto wrong = pki::record_for(3, 1, 1, ca.certificate.get());
  const auto bare_key = pki::record_for(2, 1, 0, root.certificate.get());
  write(folder + "root_sent", {named_root, wrong}, {&leaf, &ca, &root});
  write(folder + "root_not_sent", {named_root}, {&leaf, &ca});
  write(folder + "bare_key", {bare_key}, {&leaf, &ca});
  write(folder + "appended", {named_root}, {&root, &leaf, &ca});
  write(folder + "no_record", {}, {&leaf});
  write(folder + "no_chain", {wrong}, {});
  return 0;
}
