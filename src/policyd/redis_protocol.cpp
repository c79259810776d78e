#include "redis_protocol.hpp"

#include <hiredis/hiredis.h>

#include <new>
#include <utility>
#include <vector>

namespace danelaw::policyd {
namespace {

/// Where the reply goes; what is returned to hiredis is only not null.
void* put(const redisReadTask* task, RedisReply reply) {
  auto* const place = static_cast<RedisReply*>(task->privdata);
  *place = std::move(reply);
  return place;
}

void* put_text(const redisReadTask* task, char* text, std::size_t octets) {
  const auto kind = task->type == REDIS_REPLY_ERROR    ? RedisReply::Kind::Error
                    : task->type == REDIS_REPLY_STATUS ? RedisReply::Kind::Status
                                                       : RedisReply::Kind::Text;
  return put(task, {kind, std::string(text, octets)});
}

/// Its members have other types in other versions of hiredis, and newer ones more of them: what is null makes no reply here.
redisReplyObjectFunctions* functions() {
  static redisReplyObjectFunctions made = [] {
    redisReplyObjectFunctions all{};
    all.createString = put_text;
    all.createArray = [](const redisReadTask*, auto) -> void* { return nullptr; };  // hiredis gives up then
    all.createInteger = [](const redisReadTask* task, long long) { return put(task, {}); };
    all.createNil = [](const redisReadTask* task) { return put(task, {RedisReply::Kind::Nothing}); };
    all.freeObject = [](void*) {};
    return all;
  }();
  return &made;
}

}  // namespace

std::string redis_command(std::initializer_list<std::string_view> words) {
  std::vector<const char*> begins;
  std::vector<std::size_t> lengths;
  for (const std::string_view word : words) {
    begins.push_back(word.data());
    lengths.push_back(word.size());
  }
  char* made = nullptr;
  const int octets =
      redisFormatCommandArgv(&made, static_cast<int>(words.size()), begins.data(), lengths.data());
  if (octets < 0) throw std::bad_alloc();
  std::string command(made, static_cast<std::size_t>(octets));
  redisFreeCommand(made);
  return command;
}

void RedisReader::Free::operator()(redisReader* reader) const { redisReaderFree(reader); }

RedisReader::RedisReader(std::size_t most_octets)
    : m_most(most_octets),
      m_reply(std::make_unique<RedisReply>()),
      m_reader(redisReaderCreateWithFunctions(functions())) {
  if (!m_reader) throw std::bad_alloc();
  m_reader->privdata = m_reply.get();
}

RedisReader::~RedisReader() = default;

bool RedisReader::feed(std::string_view octets) {
  if (m_is_broken) return false;
  m_is_broken = m_reader->len - m_reader->pos + octets.size() > m_most ||
                redisReaderFeed(m_reader.get(), octets.data(), octets.size()) != REDIS_OK;
  return !m_is_broken;
}

std::optional<RedisReply> RedisReader::next() {
  void* there = nullptr;
  *m_reply = {};
  if (m_is_broken) return std::nullopt;
  m_is_broken = redisReaderGetReply(m_reader.get(), &there) != REDIS_OK;
  if (m_is_broken || there == nullptr) return std::nullopt;
  return std::exchange(*m_reply, {});
}

}  // namespace danelaw::policyd
