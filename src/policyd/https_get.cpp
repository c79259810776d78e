#include "https_get.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "failure.hpp"
#include "handles.hpp"

namespace danelaw::policyd {
namespace {

using Easy = std::unique_ptr<CURL, Free<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Free<curl_multi_cleanup>>;

constexpr long most_connections = 32;

class Get final : public Transfer {
 public:
  Get(CURLM* multi, const std::string& url, const HttpsSettings& settings, std::function<void(Fetched)> done)
      : m_multi(multi), m_done(std::move(done)), m_most(settings.most_octets), m_easy(curl_easy_init()) {
    if (m_easy == nullptr) return;
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "https");
    set(CURLOPT_FOLLOWLOCATION, 0L);  // RFC 8461 section 3.3
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (!settings.ca_file.empty()) {
      set(CURLOPT_CAINFO, settings.ca_file.c_str());
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(settings.timeout.count()));
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(settings.most_octets));
    set(CURLOPT_NOSIGNAL, 1L);
    // Names are looked up in a thread, which could make the whole loop wait for its end.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_USERAGENT, "danelaw-policyd");
    set(CURLOPT_ERRORBUFFER, m_error.data());
    set(CURLOPT_WRITEFUNCTION, &Get::write);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_PRIVATE, this);
  }
  ~Get() override {
    if (m_added) curl_multi_remove_handle(m_multi, m_easy.get());
  }
  Get(const Get&) = delete;
  Get& operator=(const Get&) = delete;

  bool begin() {
    m_added = m_easy != nullptr && m_is_set && curl_multi_add_handle(m_multi, m_easy.get()) == CURLM_OK;
    return m_added;
  }

  /// This may be gone afterwards.
  void finish(CURLcode code) {
    Fetched fetched = result_of(code);
    const auto done = std::move(m_done);
    done(std::move(fetched));
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(m_easy.get(), option, value) != CURLE_OK) m_is_set = false;
  }

  static std::size_t write(char* octets, std::size_t size, std::size_t count, void* self) {
    Get& get = *static_cast<Get*>(self);
    if (get.m_text.size() + size * count > get.m_most) {
      get.m_is_too_large = true;
      return 0;
    }
    get.m_text.append(octets, size * count);
    return size * count;
  }

  /// RFC 8461 section 3.2: text/plain, with or without parameters.
  [[nodiscard]] bool is_plain_text() const {
    const char* type = nullptr;
    curl_easy_getinfo(m_easy.get(), CURLINFO_CONTENT_TYPE, &type);
    std::string text(type == nullptr ? "" : type);
    text.erase(std::min(text.find_first_of("; \t"), text.size()));
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text == "text/plain";
  }

  [[nodiscard]] Fetched result_of(CURLcode code) const {
    constexpr long ok = 200;
    if (m_is_too_large || code == CURLE_FILESIZE_EXCEEDED)
      return {Fetched::Fault::Fetch, "", fmt::format("more than {} octets", m_most)};
    if (code == CURLE_PEER_FAILED_VERIFICATION) return {Fetched::Fault::WebPki, "", told(code)};
    if (code != CURLE_OK) return {Fetched::Fault::Fetch, "", told(code)};
    long status = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status != ok) return {Fetched::Fault::Fetch, "", fmt::format("HTTP status {}", status)};
    if (!is_plain_text()) return {Fetched::Fault::Fetch, "", "a content type other than text/plain"};
    return {Fetched::Fault::None, m_text, ""};
  }

  [[nodiscard]] std::string told(CURLcode code) const {
    return m_error[0] != '\0' ? std::string(m_error.data()) : curl_easy_strerror(code);
  }

  CURLM* const m_multi;
  std::function<void(Fetched)> m_done;
  const std::size_t m_most;
  std::array<char, CURL_ERROR_SIZE> m_error{};
  std::string m_text;
  bool m_is_too_large = false;
  bool m_is_set = true;
  bool m_added = false;
  const Easy m_easy;
};

}  // namespace

class HttpsGetter::Impl final {
 public:
  explicit Impl(EventLoop& loop) : m_loop(loop) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    m_multi.reset(initialised == CURLE_OK ? curl_multi_init() : nullptr);
    if (m_multi == nullptr) throw Failure(Exit::Undecided, "libcurl cannot be used");
    curl_multi_setopt(m_multi.get(), CURLMOPT_SOCKETFUNCTION, &Impl::on_socket);
    curl_multi_setopt(m_multi.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi.get(), CURLMOPT_TIMERFUNCTION, &Impl::on_timer);
    curl_multi_setopt(m_multi.get(), CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(m_multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, most_connections);
  }
  ~Impl() {
    m_multi.reset();
    m_loop.cancel(m_timer);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::unique_ptr<Transfer> get(const std::string& url, const HttpsSettings& settings,
                                std::function<void(Fetched)> done) {
    auto made = std::make_unique<Get>(m_multi.get(), url, settings, std::move(done));
    if (!made->begin()) throw Failure(Exit::Undecided, "libcurl cannot begin a transfer");
    return made;
  }

 private:
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
    static_cast<Impl*>(self)->watch(socket, what, known != nullptr);
    return 0;
  }

  void watch(curl_socket_t socket, int what, bool is_known) {
    if (what == CURL_POLL_REMOVE) {
      m_loop.forget(socket);
      return;
    }
    const std::uint32_t events =
        (what != CURL_POLL_OUT ? EPOLLIN : 0U) | (what != CURL_POLL_IN ? EPOLLOUT : 0U);
    if (is_known) return m_loop.change(socket, events);
    const bool watched =
        m_loop.watch(socket, events, [this, socket](std::uint32_t happened) { on_event(socket, happened); });
    if (watched) curl_multi_assign(m_multi.get(), socket, this);
  }

  void on_event(curl_socket_t socket, std::uint32_t events) {
    const int what = ((events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                     ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                     ((events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    act(socket, what);
  }

  static int on_timer(CURLM*, long milliseconds, void* self) {
    static_cast<Impl*>(self)->set_timer(milliseconds);
    return 0;
  }

  void set_timer(long milliseconds) {
    m_loop.cancel(m_timer);
    m_timer = no_timer;
    if (milliseconds < 0) return;
    m_timer = m_loop.after(std::chrono::milliseconds(milliseconds), [this] {
      m_timer = no_timer;
      act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  void act(curl_socket_t socket, int what) {
    int running = 0;
    curl_multi_socket_action(m_multi.get(), socket, what, &running);
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(m_multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      Get* get = nullptr;
      const CURLcode code = message->data.result;  // the message does not outlive the transfer
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &get);
      get->finish(code);
    }
  }

  EventLoop& m_loop;
  Multi m_multi;
  TimerId m_timer = no_timer;
};

HttpsGetter::HttpsGetter(EventLoop& loop) : m_impl(std::make_unique<Impl>(loop)) {}
HttpsGetter::~HttpsGetter() = default;

std::unique_ptr<Transfer> HttpsGetter::get(const std::string& url, const HttpsSettings& settings,
                                           std::function<void(Fetched)> done) {
  return m_impl->get(url, settings, std::move(done));
}

}  // namespace danelaw::policyd
