// What libcurl connects to, as the plugin learns it: real transfers to servers on 127.0.0.1 under names of the test's.
#include <curl/curl.h>
#include <dlfcn.h>
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <clocale>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../../../plugin/curl_handles.hpp"
#include "../../../plugin/curl_peer.hpp"
#include "../../../plugin/curl_slots.hpp"
#include "curl_servers.hpp"
#include "sanitizers.hpp"

using namespace danelaw::plugin;
using curl_test::Server;
using curl_test::Speaks;

namespace {

/// What ask_curl() said of each client handshake of the process, in order.
class Answers final {
 public:
  static Answers& here() {
    static Answers answers;
    return answers;
  }
  void add(const std::string& answer) {
    const std::lock_guard lock(m_mutex);
    m_answers.push_back(answer);
  }
  std::vector<std::string> take() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_answers, {});
  }

 private:
  std::mutex m_mutex;
  std::vector<std::string> m_answers;
};

std::string answer_for(const SSL* ssl) {
  Peer peer;
  switch (ask_curl(ssl, peer)) {
    case CurlSays::NotCurl:
      return "not curl";
    case CurlSays::Unknown:
      return "unknown";
    case CurlSays::Known:
      return peer.host + ":" + std::to_string(peer.port);
  }
  return "?";
}

void on_event(const SSL* ssl, int where, int) {
  if (where == SSL_CB_HANDSHAKE_START && SSL_is_server(ssl) == 0 && SSL_get_state(ssl) == TLS_ST_BEFORE)
    Answers::here().add(answer_for(ssl));
}

void connection_is_made(void* ssl, void*, CRYPTO_EX_DATA*, int, long, void*) {
  SSL_set_info_callback(static_cast<SSL*>(ssl), on_event);
}

struct Easy {
  Easy() : easy(curl_easy_init()) { prepare(); }
  explicit Easy(CURL* given) : easy(given) {}
  ~Easy() { curl_easy_cleanup(easy); }
  Easy(const Easy&) = delete;
  Easy& operator=(const Easy&) = delete;

  /// Whom we talk to is what is tested; whether that is the right one is libcurl's to say elsewhere.
  void prepare() const {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 10L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(
        easy, CURLOPT_WRITEFUNCTION,
        +[](char*, std::size_t size, std::size_t count, void*) { return size * count; });
  }
  /// Every name and port leads there.
  void all_to(const Server& server) {
    m_list.reset(curl_slist_append(nullptr, ("::127.0.0.1:" + server.port()).c_str()));
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, m_list.get());
  }
  void resolve(const std::string& line, CURLoption option) {
    m_list.reset(curl_slist_append(nullptr, line.c_str()));
    curl_easy_setopt(easy, option, m_list.get());
  }
  [[nodiscard]] CURLcode get(const std::string& url) const {
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    return curl_easy_perform(easy);
  }

  CURL* easy;

 private:
  struct Free {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, Free> m_list;
};

/// The plugin at work, and no answers of earlier tests.
struct Watching {
  Watching() {
    static const bool once = [] {
      watch_curl();
      return CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nullptr, connection_is_made, nullptr, nullptr) >=
             0;
    }();
    REQUIRE(once);
    Answers::here().take();
  }
};

/// All answers since the last time, one after the other.
std::string seen(std::vector<std::string> answers = Answers::here().take()) {
  std::string line;
  for (const auto& answer : answers) line += (line.empty() ? "" : " ") + answer;
  return line;
}
std::string seen_sorted() {
  auto answers = Answers::here().take();
  std::sort(answers.begin(), answers.end());
  return seen(std::move(answers));
}

/// An application's own SSL_CTX function.
struct Own {
  int calls = 0;
  CURLcode answer = CURLE_OK;
  CURL* easy = nullptr;

  static CURLcode called(CURL* easy, void*, void* data) {
    auto* own = static_cast<Own*>(data);
    ++own->calls;
    own->easy = easy;
    return own->answer;
  }
  void set_on(CURL* handle) {
    curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, called);
    curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, this);
  }
};

/// The way around the slots, as libcurl would be called without us.
CURLcode perform_unwatched(CURL* easy) {
  auto* perform = reinterpret_cast<CURLcode (*)(CURL*)>(dlsym(RTLD_DEFAULT, "curl_easy_perform"));
  REQUIRE((perform != nullptr));
  return perform(easy);
}

/// An object of the program that has libcurl called for us.
class Caller final {
 public:
  explicit Caller(std::string file)
      : m_file(std::move(file)), m_handle(dlopen(m_file.c_str(), RTLD_LAZY | RTLD_LOCAL)) {
    REQUIRE((m_handle != nullptr));
  }
  ~Caller() { dlclose(m_handle); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  [[nodiscard]] std::string tls_library() const { return function<const char*()>("caller_tls_library")(); }
  CURLcode get(const std::string& url, const Server& server) const {
    const std::string to = "::127.0.0.1:" + server.port();
    int answer = 0;
    const int code =
        function<int(const char*, const char*, int*)>("caller_get")(url.c_str(), to.c_str(), &answer);
    option_answer = static_cast<CURLcode>(answer);
    return static_cast<CURLcode>(code);
  }

  /// Does all that it calls to transfer go through the plugin's code, which is in this program?
  [[nodiscard]] bool leads_to_us() const {
    const std::array<std::string_view, 3> names = {"curl_easy_init", "curl_easy_setopt", "curl_easy_perform"};
    std::size_t ours = 0;
    for (const auto& slot : find_slots(names)) {
      if (slot.object == m_file &&
          object_of(value_of(slot)) == object_of(reinterpret_cast<void*>(answer_for)))
        ++ours;
    }
    return ours == names.size();
  }

  mutable CURLcode option_answer = CURLE_OK;  ///< to CURLOPT_SSL_CTX_FUNCTION

 private:
  template <typename Function>
  [[nodiscard]] Function* function(const char* name) const {
    auto* found = reinterpret_cast<Function*>(dlsym(m_handle, name));
    REQUIRE((found != nullptr));
    return found;
  }

  std::string m_file;
  void* m_handle;
};

enum class Used { Before, Never };

struct Multi {
  CURLM* multi = curl_multi_init();
  Multi() = default;
  ~Multi() { curl_multi_cleanup(multi); }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  void run() const {
    int running = 1;
    for (int step = 0; step < 1000 && running > 0; ++step) {
      REQUIRE(curl_multi_perform(multi, &running) == CURLM_OK);
      if (running > 0) REQUIRE(curl_multi_poll(multi, nullptr, 0, 100, nullptr) == CURLM_OK);
    }
    REQUIRE(running == 0);
  }
};

}  // namespace

TEST_SUITE("RFC 6698 section 3: the service of a libcurl transfer is its URL's") {
  TEST_CASE_FIXTURE(Watching, "Host and port of the URL, wherever the connection goes") {
    REQUIRE(
        (setlocale(LC_CTYPE, "C.UTF-8") != nullptr));  // libcurl reads names in the locale's character set
    const Server server(Speaks::Https);
    const std::string port = server.port();
    {
      Easy curl;
      curl.resolve("www.example:" + port + ":127.0.0.1", CURLOPT_RESOLVE);
      CHECK(curl.get("https://www.example:" + port + "/") == CURLE_OK);
      CHECK(seen() == "www.example:" + port);
    }
    const struct {
      std::string url;
      std::string want;
    } rows[] = {
        {"https://www.example/", "www.example:443"},
        {"HTTPS://user:word@WWW.Example:8443/x?y#z", "WWW.Example:8443"},
        {"https://www.example./", "www.example.:443"},
        {"https://192.0.2.1/", "192.0.2.1:443"},
        {"https://[2001:db8::1]:444/", "2001:db8::1:444"},
        {"https://b\xc3\xbc"
         "cher.example/",
         "xn--bcher-kva.example:443"},
        {"https://xn--bcher-kva.example/", "xn--bcher-kva.example:443"},
        {"ftps://www.example/", "www.example:990"},
        {"smtps://www.example/", "www.example:465"},
        {"imaps://www.example/", "www.example:993"},
    };
    for (const auto& row : rows) {
      INFO(row.url);
      Easy curl;
      curl.all_to(server);
      curl_easy_setopt(curl.easy, CURLOPT_TIMEOUT_MS, 1000L);
      (void)curl.get(row.url);  // not every protocol finds its server here
      CHECK(seen() == row.want);
    }
  }

  TEST_CASE_FIXTURE(Watching, "After a redirect it is the new URL's") {
    const Server server(Speaks::Https);
    Easy curl;
    curl.all_to(server);
    curl_easy_setopt(curl.easy, CURLOPT_FOLLOWLOCATION, 1L);
    CHECK(curl.get("https://www.example/to/other.example:8443") == CURLE_OK);
    CHECK(seen() == "www.example:443 other.example:8443");
  }

  TEST_CASE_FIXTURE(Watching, "STARTTLS: the port of the URL or the scheme") {
    const Server server(Speaks::StartTls);
    for (const std::string port : {"", ":587"}) {
      Easy curl;
      curl.all_to(server);
      curl_easy_setopt(curl.easy, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
      (void)curl.get("smtp://mail.example" + port);
      CHECK(seen() == "mail.example" + (port.empty() ? ":25" : port));
    }
  }

  TEST_CASE_FIXTURE(Watching,
                    "CURLOPT_PORT goes before the URL's port, as in libcurl; after a redirect nobody knows") {
    const Server server(Speaks::Https);
    Easy curl;
    curl.all_to(server);
    curl_easy_setopt(curl.easy, CURLOPT_PORT, 8443L);
    curl_easy_setopt(curl.easy, CURLOPT_FOLLOWLOCATION, 1L);
    CHECK(curl.get("https://www.example/to/other.example:444") == CURLE_OK);
    CHECK(seen() == "www.example:8443 unknown");
  }

  TEST_CASE_FIXTURE(Watching, "Transfers of a multi handle, side by side") {
    const Server one(Speaks::Https);
    const Server two(Speaks::Https);
    Easy first, second;
    first.all_to(one);
    second.all_to(two);
    curl_easy_setopt(first.easy, CURLOPT_URL, "https://one.example/");
    curl_easy_setopt(second.easy, CURLOPT_URL, "https://two.example:444/");
    const Multi multi;
    REQUIRE(curl_multi_add_handle(multi.multi, first.easy) == CURLM_OK);
    REQUIRE(curl_multi_add_handle(multi.multi, second.easy) == CURLM_OK);
    CHECK(curl_multi_add_handle(multi.multi, second.easy) == CURLM_ADDED_ALREADY);
    multi.run();
    CHECK(curl_multi_remove_handle(multi.multi, first.easy) == CURLM_OK);
    CHECK(curl_multi_remove_handle(multi.multi, second.easy) == CURLM_OK);
    CHECK(seen_sorted() == "one.example:443 two.example:444");
  }

  TEST_CASE_FIXTURE(Watching, "Transfers in many threads") {
    constexpr int many = 8;
    std::vector<std::thread> threads;
    for (int i = 0; i < many; ++i) {
      threads.emplace_back([i] {
        const Server server(Speaks::Https);
        Easy curl;
        curl.all_to(server);
        for (int turn = 0; turn < 3; ++turn) {
          watch_curl();
          (void)curl.get("https://" + std::string(1, static_cast<char>('a' + i)) + ".example/");
        }
      });
    }
    for (auto& thread : threads) thread.join();
    std::vector<std::string> want;
    for (int i = 0; i < many; ++i)
      want.insert(want.end(), 3, std::string(1, static_cast<char>('a' + i)) + ".example:443");
    CHECK(seen_sorted() == seen(want));
  }
}

TEST_SUITE("Proxies") {
  TEST_CASE_FIXTURE(Watching, "Through CONNECT it is the URL's host and port") {
    const Server proxy(Speaks::ConnectProxy);
    Easy curl;
    curl_easy_setopt(curl.easy, CURLOPT_PROXY, ("http://127.0.0.1:" + proxy.port()).c_str());
    CHECK(curl.get("https://www.example/") == CURLE_OK);
    CHECK(seen() == "www.example:443");
  }

  TEST_CASE_FIXTURE(Watching, "An HTTPS proxy's handshake is the proxy's, and the one through it the URL's") {
    const Server proxy(Speaks::HttpsProxy);
    const std::string port = proxy.port();
    const std::string text = "localhost:" + port;
    const struct {
      std::string what;
      std::string proxy;
      long type;
      long port;
    } rows[] = {{"scheme", "https://" + text, CURLPROXY_HTTP, 0},
                {"type", text, CURLPROXY_HTTPS, 0},
                {"port option", "https://localhost", CURLPROXY_HTTP, std::stol(port)}};
    for (const auto& row : rows) {
      INFO(row.what);
      Easy curl;
      curl_easy_setopt(curl.easy, CURLOPT_PROXY, row.proxy.c_str());
      curl_easy_setopt(curl.easy, CURLOPT_PROXYTYPE, row.type);
      if (row.port != 0) curl_easy_setopt(curl.easy, CURLOPT_PROXYPORT, row.port);
      CHECK(curl.get("https://www.example/") == CURLE_OK);
      CHECK(seen() == text + " www.example:443");
    }
  }

  TEST_CASE_FIXTURE(Watching, "The environment's HTTPS proxy counts, unless an option says otherwise") {
    const Server proxy(Speaks::HttpsProxy);
    const Server direct(Speaks::Https);
    const std::string text = "localhost:" + proxy.port();
    setenv("https_proxy", ("https://" + text).c_str(), 1);
    {
      Easy curl;
      CHECK(curl.get("https://www.example/") == CURLE_OK);
      CHECK(seen() == text + " www.example:443");
      curl_easy_setopt(curl.easy, CURLOPT_PROXY, "");
      curl.all_to(direct);
      CHECK(curl.get("https://localhost/") == CURLE_OK);
      CHECK(seen() == "localhost:443");
    }
    unsetenv("https_proxy");
  }

  TEST_CASE_FIXTURE(Watching, "Where proxy and URL have one name nobody knows which of them it is") {
    const Server proxy(Speaks::HttpsProxy);
    Easy curl;
    curl_easy_setopt(curl.easy, CURLOPT_PROXY, ("https://localhost:" + proxy.port()).c_str());
    CHECK(curl.get("https://localhost/") == CURLE_OK);
    CHECK(seen() == "unknown unknown");
  }

  TEST_CASE_FIXTURE(Watching, "A plain URL through an HTTPS proxy: the only handshake is the proxy's") {
    const Server proxy(Speaks::Https);
    const std::string text = "localhost:" + proxy.port();
    Easy curl;
    curl_easy_setopt(curl.easy, CURLOPT_PROXY, ("https://" + text).c_str());
    CHECK(curl.get("http://www.example/") == CURLE_OK);
    CHECK(curl.get("http://localhost/") == CURLE_OK);
    CHECK(seen() == text + " " + text);
  }
}

TEST_SUITE("The application's own CURLOPT_SSL_CTX_FUNCTION") {
  TEST_CASE_FIXTURE(Watching, "is called, with its data, and its answer counts") {
    const Server server(Speaks::Https);
    Easy curl;
    curl.all_to(server);
    Own own;
    own.set_on(curl.easy);
    CHECK(curl.get("https://www.example/") == CURLE_OK);
    CHECK(own.calls == 1);
    CHECK(own.easy == curl.easy);
    own.answer = CURLE_SSL_CERTPROBLEM;
    CHECK(curl.get("https://www.example/") == CURLE_SSL_CERTPROBLEM);
    CHECK(own.calls == 2);
    CHECK(seen() == "www.example:443");
  }

  TEST_CASE_FIXTURE(Watching, "is back in its place after the transfer, and ours is gone") {
    const Server server(Speaks::Https);
    Easy with, without;
    with.all_to(server);
    without.all_to(server);
    Own own;
    own.set_on(with.easy);
    CHECK(with.get("https://www.example/") == CURLE_OK);
    CHECK(without.get("https://www.example/") == CURLE_OK);
    CHECK(seen() == "www.example:443 www.example:443");
    CHECK(perform_unwatched(with.easy) == CURLE_OK);
    CHECK(own.calls == 2);
    CHECK(perform_unwatched(without.easy) == CURLE_OK);
    CHECK(seen() == "not curl not curl");
  }

  TEST_CASE_FIXTURE(Watching,
                    "may be set while the handle is in a multi handle, and is back when it leaves") {
    const Server server(Speaks::Https);
    Easy curl;
    curl.all_to(server);
    curl_easy_setopt(curl.easy, CURLOPT_URL, "https://www.example/");
    Own own;
    {
      const Multi multi;
      REQUIRE(curl_multi_add_handle(multi.multi, curl.easy) == CURLM_OK);
      own.set_on(curl.easy);
      multi.run();
      CHECK(own.calls == 1);
      CHECK(curl_multi_remove_handle(multi.multi, curl.easy) == CURLM_OK);
    }
    CHECK(seen() == "www.example:443");
    CHECK(perform_unwatched(curl.easy) == CURLE_OK);
    CHECK(own.calls == 2);
    CHECK(seen() == "not curl");
  }

  TEST_CASE_FIXTURE(Watching, "is forgotten by curl_easy_reset(), also in a multi handle") {
    const Server server(Speaks::Https);
    Easy curl;
    Own own;
    own.set_on(curl.easy);
    curl_easy_reset(curl.easy);
    curl.prepare();
    curl.all_to(server);
    CHECK(curl.get("https://www.example/") == CURLE_OK);
    own.set_on(curl.easy);
    const Multi multi;
    REQUIRE(curl_multi_add_handle(multi.multi, curl.easy) == CURLM_OK);
    curl_easy_reset(curl.easy);
    CHECK(curl_multi_remove_handle(multi.multi, curl.easy) == CURLM_OK);
    curl.prepare();
    curl.all_to(server);
    CHECK(curl.get("https://www.example/") == CURLE_OK);
    CHECK(own.calls == 0);
    CHECK(seen() == "www.example:443 www.example:443");
  }

  TEST_CASE_FIXTURE(Watching, "is copied by curl_easy_duphandle(), also from a handle in a multi handle") {
    const Server server(Speaks::Https);
    Easy curl;
    curl.all_to(server);
    Own own;
    own.set_on(curl.easy);
    const Easy copy(curl_easy_duphandle(curl.easy));
    CHECK(copy.get("https://copy.example/") == CURLE_OK);
    CHECK(own.calls == 1);
    CHECK(own.easy == copy.easy);
    const Multi multi;
    REQUIRE(curl_multi_add_handle(multi.multi, curl.easy) == CURLM_OK);
    const Easy second(curl_easy_duphandle(curl.easy));
    CHECK(curl_multi_remove_handle(multi.multi, curl.easy) == CURLM_OK);
    CHECK(second.get("https://second.example/") == CURLE_OK);
    CHECK(own.calls == 2);
    CHECK(seen() == "copy.example:443 second.example:443");
    curl_easy_setopt(second.easy, CURLOPT_URL, "https://second.example/");
    CHECK(perform_unwatched(second.easy) == CURLE_OK);
    CHECK(own.calls == 3);
  }

  TEST_CASE("of a handle that was made before anybody looked is not replaced") {
    CurlHandles handles;
    int somebody = 0;
    CURL* easy = &somebody;
    CHECK_FALSE(handles.arm(easy, UnseenHandles::MayHaveOptions).has_value());
    handles.reset(easy);
    CHECK(handles.arm(easy, UnseenHandles::MayHaveOptions).has_value());
    CHECK_FALSE(handles.arm(easy, UnseenHandles::MayHaveOptions).has_value());
    handles.gone(easy);
    CHECK(handles.arm(easy, UnseenHandles::AreFresh).has_value());
  }
}

TEST_SUITE("Others") {
  TEST_CASE_FIXTURE(Watching, "An SSL that libcurl has nothing to do with is not curl's") {
    SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
    SSL* ssl = SSL_new(ctx);
    CHECK(answer_for(ssl) == "not curl");
    SSL_free(ssl);
    SSL_CTX_free(ctx);
  }

  TEST_CASE_FIXTURE(Watching,
                    "Objects that are loaded later are found, bound lazily or at once, used or not") {
    const Server server(Speaks::Https);
    for (const std::string file : {CALLER_BOUND_LAZILY, CALLER_BOUND_AT_ONCE}) {
      for (const Used used : {Used::Before, Used::Never}) {
        INFO(file << (used == Used::Before ? " used before" : " unused"));
        const Caller caller(file);
        REQUIRE(caller.tls_library().find("OpenSSL") == 0);
        CHECK_FALSE(caller.leads_to_us());
        if (used == Used::Before) {
          CHECK(caller.get("https://www.example/", server) == CURLE_OK);
          CHECK(seen() == "not curl");
        }
        watch_curl();
        CHECK(caller.leads_to_us());
        CHECK(caller.get("https://www.example/", server) == CURLE_OK);
        CHECK(seen() == "www.example:443");
      }
    }
  }

  TEST_CASE_FIXTURE(Watching, "A libcurl with another TLS library goes on as it would without us") {
    const Server server(Speaks::Https);
    for (const Used used : {Used::Before, Used::Never}) {
      const Caller caller(CALLER_WITH_GNUTLS);
      REQUIRE(caller.tls_library().find("GnuTLS") == 0);
      if (used == Used::Before) CHECK(caller.get("https://www.example/", server) == CURLE_OK);
      watch_curl();
      CHECK(caller.leads_to_us());
      CHECK(caller.get("https://www.example/", server) == CURLE_OK);
      CHECK(caller.option_answer == CURLE_NOT_BUILT_IN);
      CHECK(seen().empty());
    }
    Easy curl;
    curl.all_to(server);
    CHECK(curl.get("https://www.example/") == CURLE_OK);
    CHECK(seen() == "www.example:443");
  }

  // AddressSanitizer's allocator may be locked in the child, for good.
  TEST_CASE_FIXTURE(Watching, "A child of a process with threads waits for none of their locks" *
                                  doctest::skip(under_asan)) {
    std::atomic<bool> done = false;
    std::thread busy([&done] {
      while (!done) {
        const Caller caller(CALLER_BOUND_LAZILY);
        watch_curl();
        const Easy curl;
      }
    });
    for (int turn = 0; turn < 50; ++turn) {
      const pid_t child = fork();
      if (child == 0) {
        alarm(10);  // ends a child that waits
        watch_curl();
        CURL* easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_PORT, 443L);
        curl_easy_cleanup(easy);
        _exit(0);
      }
      int status = -1;
      REQUIRE(waitpid(child, &status, 0) == child);
      CHECK(status == 0);
      if (status != 0) break;
    }
    done = true;
    busy.join();
  }

  TEST_CASE_FIXTURE(Watching, "Wrong calls get libcurl's own answers") {
    CHECK(curl_easy_setopt(nullptr, CURLOPT_SSL_CTX_DATA, nullptr) == CURLE_BAD_FUNCTION_ARGUMENT);
    CHECK(curl_easy_perform(nullptr) == CURLE_BAD_FUNCTION_ARGUMENT);
    CHECK(curl_multi_add_handle(nullptr, nullptr) == CURLM_BAD_HANDLE);
    curl_easy_cleanup(nullptr);
  }
}
