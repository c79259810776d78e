// The protocol of Redis and Valkey (RESP2), written and read by hiredis. Pure: no sockets.
//
// The reader holds what it was fed until a reply is whole, and no more than `most_octets` of it. We ask for single values only: a
// reply that is a list, however long it says to be, is an error, and no memory is taken for it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct redisReader;

namespace danelaw::policyd {

[[nodiscard]] std::string redis_command(std::initializer_list<std::string_view> words);

struct RedisReply {
  enum class Kind { Text, Status, Error, Nothing, Other };
  Kind kind = Kind::Other;
  std::string text = {};  ///< of the first three
};

class RedisReader final {
 public:
  explicit RedisReader(std::size_t most_octets);  ///< throws std::bad_alloc
  ~RedisReader();
  RedisReader(const RedisReader&) = delete;
  RedisReader& operator=(const RedisReader&) = delete;

  /// False for ever once what came is no such protocol, or too much of it.
  bool feed(std::string_view octets);
  /// The next reply that is whole. Nothing also where the protocol is broken: is_broken().
  [[nodiscard]] std::optional<RedisReply> next();
  [[nodiscard]] bool is_broken() const { return m_is_broken; }

 private:
  struct Free {
    void operator()(redisReader* reader) const;
  };
  const std::size_t m_most;
  std::unique_ptr<RedisReply> m_reply;  // where hiredis puts what it has read
  std::unique_ptr<redisReader, Free> m_reader;
  bool m_is_broken = false;
};

}  // namespace danelaw::policyd
