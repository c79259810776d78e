# SPDX-License-Identifier: Apache-2.0
"""What the plugin must not do to programs: each check runs some with both doors open and says what harm it saw."""

import dataclasses
import difflib
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import typing

import plugin
import program_cells
import zones

_LIMIT = 60  # seconds for one program
_PYTHON = "/usr/bin/python3"
_GOOD = program_cells.HOSTS["https"]["good"]
_MISMATCH = program_cells.HOSTS["https"]["mismatch"]
_OTHER = "www.nsec3.dane"  # good, too
_DEAD = program_cells.HOSTS["https"]["dead"]
_SERVER = "10.53.0.201"


class Harm(Exception):
    """What was seen."""


class Bench:
    """A directory, the plugin's doors, and ways to run programs with and without them."""

    def __init__(self, build, directory, proxy_url):
        self.build = build
        self.directory = pathlib.Path(directory)
        self.proxy_url = proxy_url
        self.log = self.directory / "log"
        self._doors = plugin.Doors(build, directory)

    def environment(self, *settings, preload=True, module=True):
        return self._doors.environment(
            preload=preload, module=module,
            settings=[f"log = {self.log}", "log_level = info", *plugin.resolver_settings(), *settings])

    def run(self, *command, environment=None, **more):
        """With the doors open, unless `environment` says otherwise."""
        try:
            return subprocess.run(command, env=environment or self.environment(), capture_output=True, text=True,
                                  errors="replace", timeout=_LIMIT, check=False, stdin=subprocess.DEVNULL, **more)
        except subprocess.TimeoutExpired as late:
            raise Harm(f"{command[0]} took over {_LIMIT} s") from late

    def run_without(self, *command, **more):
        return self.run(*command, environment=plugin.environment_without(), **more)

    def program(self, name):
        path = self.build / "tests" / "world" / "programs_c" / name
        if not path.exists():
            raise Harm(f"{path} is missing: build it first")
        return str(path)

    def verdicts(self):
        """How often each stands in the log."""
        text = self.log.read_text() if self.log.exists() else ""
        counts = {}
        for line in text.splitlines():
            for decision in ("authenticated", "rejected", "not-applicable", "undecided"):
                if f": {decision} (" in line:
                    counts[decision] = counts.get(decision, 0) + 1
        return counts


def want(what, got, wanted):
    if got != wanted:
        raise Harm(f"{what}: got {got!r}, want {wanted!r}")


def want_same(bench, *command, hide=lambda text: text):
    """The same exit code and the same output as without the plugin."""
    without, with_it = bench.run_without(*command), bench.run(*command)
    want(f"exit code of {command[0]}", with_it.returncode, without.returncode)
    for name in ("stdout", "stderr"):
        old, new = (hide(getattr(done, name)).splitlines() for done in (without, with_it))
        changed = list(difflib.unified_diff(old, new, lineterm="", n=0))
        want(f"{name} of {command[0]}", changed, [])


def _without_doors(text):
    """`env` shows the doors themselves."""
    kept = []
    hidden = False
    for line in text.splitlines():
        hidden = line.startswith(plugin.VARIABLES) or (hidden and "=" in line and " = " in line)
        if not hidden:
            kept.append(line)
    return "\n".join(kept)


def shells_and_small_programs(bench):
    want_same(bench, "sh", "-c", "echo out; echo error >&2; exit 3")
    want_same(bench, "env", hide=_without_doors)
    want_same(bench, "ls", "/proc/self/fd")
    want("log", bench.log.exists(), False)


def gnutls(bench):
    for host, exit_code in ((_GOOD, 0), (_MISMATCH, 0), ("self-signed.good.example", 5)):
        done = bench.run("wget", "-q", "-O-", f"https://{host}/")
        want(f"wget for {host}", (done.returncode, done.stderr), (exit_code, ""))
    want("log", bench.log.exists(), False)


def set_user_id(bench):
    """In the sandbox there is no other user, so that nobody's rights change."""
    for program in ("su", "mount"):
        want_same(bench, program, "--version")


def static_openssl(bench):
    """Its OpenSSL reads openssl.cnf and finds the module, which must see that this is another OpenSSL."""
    program = bench.program("shakes_hands_static")
    for host, answer in ((_GOOD, "accepted\n"), (_MISMATCH, "accepted\n"), ("self-signed.good.example", "refused\n")):
        done = bench.run(program, host)
        want(f"stdout and stderr for {host}", (done.stdout, done.stderr), (answer, ""))
    want("log", bench.log.exists(), False)


def shared_openssl(bench):
    """The same program, so that it is known to be reached where it can be."""
    program = bench.program("shakes_hands")
    want("good", bench.run(program, _GOOD).stdout, "accepted\n")
    want("mismatch", bench.run(program, _MISMATCH).stdout, "refused\n")
    want("verdicts", bench.verdicts(), {"authenticated": 1, "rejected": 1})


def aware_application(bench):
    """By either door it learns what the log has; without the plugin, that there is nobody to learn it from. One that is
    linked with the library asks the one that judges: there is one of it in the process."""
    wanted = {"good": "secure-usable authenticated\naccepted", "mismatch": "secure-usable rejected\nrefused",
              "absent": "secure-absent not-applicable\naccepted", "insecure": "insecure not-applicable\naccepted",
              "bogus": "error undecided\nrefused"}
    hosts = [program_cells.HOSTS["https"][case] for case in wanted]
    answers = "".join(f"{host}:443/tcp {answer}\n" for host, answer in zip(hosts, wanted.values(), strict=True))
    for name, without in (("asks_for_verdict", "nobody enforces"), ("asks_if_there", "nobody to ask")):
        for preload, module in ((True, False), (False, True), (True, True)):
            done = bench.run(bench.program(name), *hosts, environment=bench.environment(preload=preload, module=module))
            want(f"stdout and stderr of {name}", (done.stdout, done.stderr), (answers, ""))
        want(f"{name} without the plugin", bench.run_without(bench.program(name), _GOOD).stdout, f"{without}\naccepted\n")


def late_load(bench):
    command = (bench.program("opens_late"), bench.program("late_object.so"))
    for host, answer in ((_GOOD, "accepted\n"), (_MISMATCH, "refused\n")):
        done = bench.run(*command, host)
        want(f"stdout and stderr for {host}", (done.stdout, done.stderr), (answer, ""))
    want("verdicts", bench.verdicts(), {"authenticated": 1, "rejected": 1})


def clean_up(bench):
    for host, answer, code in ((_GOOD, "accepted\n", 0), (_MISMATCH, "refused\n", 1)):
        done = bench.run(bench.program("cleans_up"), host)
        want(f"{host}", (done.returncode, done.stdout, done.stderr), (code, answer, ""))


def threads(bench):
    done = bench.run(bench.program("many_threads"), _GOOD)
    want("answer", (done.returncode, done.stdout, done.stderr), (0, "64 accepted\n", ""))
    want("verdicts", bench.verdicts(), {"authenticated": 64})


def fork_in_lookup(bench):
    done = bench.run(bench.program("forks_in_lookup"), _DEAD, _GOOD, environment=bench.environment("deadline = 3000"))
    want("answer", (done.returncode, done.stdout, done.stderr), (0, "child accepted, parent refused\n", ""))
    want("verdicts", bench.verdicts(), {"authenticated": 1, "undecided": 1})


def exec_after_handshake(bench):
    """What is open, ignored and held back after the plugin has worked is what would be without it."""
    show = "ls /proc/self/fd | wc -l; grep -E '^(Sig|Shd)(Blk|Ign|Pnd)' /proc/self/status; ulimit -a; umask; pwd"
    want_same(bench, bench.program("execs"), _GOOD, "sh", "-c", show)
    want("verdicts", bench.verdicts(), {"authenticated": 1})


_BEFORE_HANDSHAKE = """\
import os, re, ssl
context = ssl.create_default_context()
memory = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="www.good.example")
def target(descriptor):
    try:
        return re.sub("[0-9]+", "", os.readlink(f"/proc/self/fd/{descriptor}"))
    except OSError:
        return "of listdir()"
print({descriptor: target(descriptor) for descriptor in os.listdir("/proc/self/fd")})
print(len(os.listdir("/proc/self/task")))
print([line for line in open("/proc/self/status") if line.startswith("Sig")])
"""


def quiet_before_handshake(bench):
    """With an SSL_CTX and an SSL made, and nobody connected to."""
    want_same(bench, _PYTHON, "-c", _BEFORE_HANDSHAKE)
    want("files made", sorted(path.name for path in bench.directory.iterdir()), ["openssl.cnf"])


_GET = """\
import os, resource, signal, sys, threading, time, urllib.error, urllib.request
def get(host):
    try:
        return urllib.request.urlopen(f"https://{host}/").read().decode().strip()
    except urllib.error.URLError:
        return "refused"
"""


def _python(bench, script, *settings):
    """What `script` prints, with get() and `good`, `other`, `mismatch` and `dead` for hosts."""
    hosts = f"good, other, mismatch, dead = {_GOOD!r}, {_OTHER!r}, {_MISMATCH!r}, {_DEAD!r}\n"
    done = bench.run(_PYTHON, "-c", _GET + hosts + script, environment=bench.environment(*settings))
    want("stderr and exit code", (done.stderr, done.returncode), ("", 0))
    return done.stdout.splitlines()


def fork_after_handshake(bench):
    script = """
print(get(good), flush=True)
if os.fork() == 0:
    print(get(other), get(mismatch), flush=True)
    os._exit(0)
os.wait()
print(get("www.rsa.example"), get(mismatch))
"""
    want("answers", _python(bench, script), [_GOOD, f"{_OTHER} refused", "www.rsa.example refused"])
    want("verdicts", bench.verdicts(), {"authenticated": 3, "rejected": 2})


def fork_at_first_handshake(bench):
    """While another thread reads the settings, from an included FIFO, so that it takes as long as the test wants. That
    thread's own handshake needs no lookup: forks during lookups have a check of their own."""
    fifo = bench.directory / "fifo"
    os.mkfifo(fifo)
    config = bench.directory / "slow.conf"
    config.write_text(f".include {fifo}\nrules = off\n[off]\nhosts = {_GOOD}\nmode = off\n")
    script = f"""
begun, tell = os.pipe()
if os.fork() == 0:
    signal.alarm(30)
    while True:
        try:
            fifo = os.open({str(fifo)!r}, os.O_WRONLY | os.O_NONBLOCK)
            break
        except OSError:
            time.sleep(0.01)
    os.write(tell, b"x")
    time.sleep(1)
    os.write(fifo, b"verify_none = enforce\\n")
    os._exit(0)
thread = threading.Thread(target=lambda: print("parent", get(good), flush=True))
thread.start()
os.read(begun, 1)
child = os.fork()
if child == 0:
    signal.alarm(20)
    print("child", get(other), get(mismatch), flush=True)
    os._exit(0)
thread.join()
print("end", os.waitpid(child, 0)[1])
"""
    hosts = f"good, other, mismatch = {_GOOD!r}, {_OTHER!r}, {_MISMATCH!r}\n"
    done = bench.run(_PYTHON, "-c", _GET + hosts + script, environment=bench.environment() | {"DANELAW_CONF": str(config)})
    want("stderr and exit code", (done.stderr, done.returncode), ("", 0))
    want("answers", sorted(done.stdout.splitlines()), [f"child {_OTHER} refused", "end 0", f"parent {_GOOD}"])
    want("verdicts", bench.verdicts(), {"not-applicable": 1, "authenticated": 1, "rejected": 1})


_WITHOUT_STDERR = """\
import os, socket, ssl, sys
context = ssl.create_default_context()
os.close(2)
plain = socket.create_connection((sys.argv[1], 443))
print(plain.fileno())
try:
    with context.wrap_socket(plain, server_hostname=sys.argv[1]) as encrypted:
        encrypted.sendall(f"GET / HTTP/1.0\\r\\nHost: {sys.argv[1]}\\r\\n\\r\\n".encode())
        print(b"".join(iter(lambda: encrypted.recv(4096), b"")).decode().split()[-1])
except ssl.SSLError as error:
    print(error.reason)
"""
_TOLD_THE_PEER = """\
import os, socket, ssl, threading
context = ssl.create_default_context()
listener = socket.create_server(("127.0.0.1", 0))
os.close(2)
plain = socket.create_connection(listener.getsockname())
peer, _ = listener.accept()
print(plain.fileno())
try:
    context.wrap_socket(plain, server_hostname="www.good.example")
except OSError:
    plain.close()
print(b"danelaw" in b"".join(iter(lambda: peer.recv(4096), b"")))
"""


def stderr_is_the_peer(bench):
    """A program that closed its stderr, and got its number for the connection."""
    loud = bench.environment("log = stderr")
    done = bench.run(_PYTHON, "-c", _WITHOUT_STDERR, _GOOD, environment=loud)
    want("good", done.stdout.splitlines(), ["2", _GOOD])
    done = bench.run(_PYTHON, "-c", _WITHOUT_STDERR, _MISMATCH, environment=loud)
    want("mismatch", done.stdout.splitlines(), ["2", "CERTIFICATE_VERIFY_FAILED"])
    done = bench.run(_PYTHON, "-c", _TOLD_THE_PEER, environment=bench.environment("no_such_setting = 1"))
    want("what the peer was told of broken settings", done.stdout.splitlines(), ["2", "False"])


def unknown_peers(bench):
    """Each is said once, with what is known of it, and each verdict shows it."""
    script = """
import socket, ssl
context = ssl.create_default_context()
context.check_hostname = False
beside = socket.create_connection(("10.53.0.120", 5432))
def shake(name):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with socket.create_connection((name or good, 443)) as plain:
        encrypted = context.wrap_bio(incoming, outgoing, server_hostname=name)
        while True:
            try:
                return encrypted.do_handshake()
            except ssl.SSLWantReadError:
                plain.sendall(outgoing.read())
                incoming.write(plain.recv(65536))
            except ssl.SSLCertVerificationError:
                return  # without a name the server shows another certificate
for name in (good, other, good, None):
    shake(name)
"""
    want("answers", _python(bench, script), [])
    lines = [line.split("]: ", 1)[1] for line in bench.log.read_text().splitlines()]
    for who, often in ((_GOOD, 2), (_OTHER, 1), ("unknown-host", 1)):
        shown = [line for line in lines if line.startswith(f"{who}:unknown-port/tcp: no-service: not-applicable (not-asked): ")]
        want(f"verdicts of {who}", len(shown), often)
    for whom in (f"the port of the connection to {_GOOD}", f"the port of the connection to {_OTHER}", "the host of a connection"):
        want(f"lines about {whom}", len([line for line in lines if line.startswith(f"{whom} is not known")]), 1)
    want("lines", len(lines), 7)


def many_descriptors(bench):
    """More than select(2) can take."""
    script = """
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
held = [open("/dev/null") for _ in range(2000)]
print(get(good), get(mismatch))
"""
    want("answers", _python(bench, script), [f"{_GOOD} refused"])
    want("verdicts", bench.verdicts(), {"authenticated": 1, "rejected": 1})


def little_stack(bench):
    script = """
threading.stack_size(128 * 1024)
thread = threading.Thread(target=lambda: print(get(good), get(mismatch)))
thread.start()
thread.join()
"""
    want("answers", _python(bench, script), [f"{_GOOD} refused"])


def interrupted(bench):
    """The program's own timer ticks in the program's own threads, and is not lost while a lookup waits."""
    script = """
ticks = [0]
def tick(*_):
    ticks[0] += 1
signal.signal(signal.SIGALRM, tick)
signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
begun = time.monotonic()
print(get(good), get(mismatch), get(dead), time.monotonic() - begun < 10)
signal.setitimer(signal.ITIMER_REAL, 0)
print(ticks[0] > 0)
"""
    want("answers", _python(bench, script, "deadline = 1500"), [f"{_GOOD} refused refused True", "True"])


def deadly_signal(bench):
    """Whoever ends a program while a lookup waits, ends it at once. The resolver is silent: the world's own sooner or later
    knows which name servers are dead, and says so at once."""
    script = "signal.signal(signal.SIGALRM, signal.SIG_DFL)\nsignal.alarm(1)\nget(dead)\n"
    hosts = f"dead = {_DEAD!r}\n"
    begun = time.monotonic()
    silence = bench.environment("deadline = 20000", f"resolvers = {zones.SILENT_SERVER}")
    done = bench.run(_PYTHON, "-c", _GET + hosts + script, environment=silence)
    want("ended by", done.returncode, -14)
    want("in time", time.monotonic() - begun < 10, True)


def descriptors_closed(bench):
    """What some programs do before they become daemons. The lookups' descriptors are among them: later lookups answer
    all the same, and what the program opens under their numbers stays empty. Our log's is among them, too."""
    script = """
print(get(good))
os.closerange(3, 1000)
begun = time.monotonic()
print(get(mismatch), time.monotonic() - begun < 10)
print(get(good))
os.closerange(3, 1000)
held = os.memfd_create("held")
for number in range(3, 200):
    os.dup2(held, number)
begun = time.monotonic()
print(get(other), get("www.rsa.example"), time.monotonic() - begun < 1.5)
print({os.lseek(number, 0, os.SEEK_END) for number in range(3, 200)})
"""
    want("answers", _python(bench, script, "deadline = 1500"),
         [_GOOD, "refused True", _GOOD, f"{_OTHER} www.rsa.example True", "{0}"])
    want("verdicts", bench.verdicts(), {"authenticated": 4, "rejected": 1})


def no_file_left(bench):
    """With the stub engine. (libunbound takes root servers of one's own from a file in /tmp, which stays until the resolver is
    freed.)"""
    home = bench.directory / "home"
    home.mkdir()
    before = sorted(os.listdir("/tmp"))
    settings = [f"log = {bench.log}", "log_level = info", *plugin.resolver_settings()]
    environment = plugin.Doors(bench.build, bench.directory).environment(preload=True, module=True, settings=settings)
    done = bench.run("curl", "-sS", f"https://{_GOOD}/", environment=environment | {"HOME": str(home)}, cwd=home)
    want("exit code of curl", done.returncode, 0)
    want("verdicts", bench.verdicts(), {"authenticated": 1})
    want("files in /tmp", sorted(os.listdir("/tmp")), before)
    want("files at home", os.listdir(home), [])


def _free_port():
    with socket.socket() as trial:
        trial.bind((_SERVER, 0))
        return trial.getsockname()[1]


def _answer_of(port, certificate=None, key=None):
    """What the server at `port` says to a client without the plugin; "" where there is no handshake."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(certificate, key)
    limit = time.monotonic() + 10
    while True:
        try:
            plain = socket.create_connection((_SERVER, port), timeout=10)
            break
        except OSError:
            if time.monotonic() > limit:
                raise Harm("the server does not listen") from None
            time.sleep(0.02)
    try:
        with plain, context.wrap_socket(plain) as encrypted:
            encrypted.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return encrypted.recv(4096).decode(errors="replace")
    except OSError:
        return ""


def _serve(bench, command, look):
    server = subprocess.Popen(command, env=bench.environment("mode = mandatory"), stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        look()
    finally:
        server.terminate()
        server.wait()
    want("log", bench.log.exists(), False)


def _pki(name):
    return os.path.join(os.environ["DANELAW_WORLD_DIR"], "pki", name)


def openssl_server(bench):
    port = _free_port()
    command = ["openssl", "s_server", "-accept", f"{_SERVER}:{port}", "-cert", _pki("stranger.pem"), "-key",
               _pki("stranger.key"), "-www"]
    _serve(bench, command, lambda: want("answer", _answer_of(port)[:15], "HTTP/1.0 200 ok"))


def openssl_server_of_clients(bench):
    """Mandatory mode says nothing about clients: the server's own rules do."""
    port = _free_port()
    command = ["openssl", "s_server", "-accept", f"{_SERVER}:{port}", "-cert", _pki("stranger.pem"), "-key",
               _pki("stranger.key"), "-www", "-Verify", "5", "-verify_return_error", "-purpose", "sslserver", "-CAfile",
               os.environ["DANELAW_WORLD_CA"]]
    good = f"{_GOOD}-443-10.53.0.80"

    def look():
        want("a right certificate", _answer_of(port, _pki(f"{good}.chain.pem"), _pki(f"{good}.key"))[:15],
             "HTTP/1.0 200 ok")
        want("another's certificate", _answer_of(port, _pki("stranger.pem"), _pki("stranger.key")), "")
        want("no certificate", _answer_of(port), "")

    _serve(bench, command, look)


_NGINX = """\
daemon off;
user root;
worker_processes 2;
pid {directory}/pid;
error_log {directory}/error.log info;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  scgi_temp_path {directory}/scgi;
  uwsgi_temp_path {directory}/uwsgi;
  server {{
    listen {address}:{port} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    location / {{ return 200 "served"; }}
  }}
}}
"""


def nginx_server(bench):
    port = _free_port()
    config = bench.directory / "nginx.conf"
    config.write_text(_NGINX.format(directory=bench.directory, address=_SERVER, port=port,
                                    certificate=_pki("stranger.pem"), key=_pki("stranger.key")))
    command = ["nginx", "-e", str(bench.directory / "error.log"), "-c", str(config)]
    _serve(bench, command, lambda: want("answer", _answer_of(port).splitlines()[:1], ["HTTP/1.1 200 OK"]))


def broken_configuration(bench):
    broken = bench.environment("no_such_setting = 1")
    done = bench.run("curl", "-sS", f"https://{_GOOD}/", f"https://{_GOOD}/", environment=broken)
    lines = [line for line in done.stderr.splitlines() if line.startswith("danelaw: ")]
    want("curl connects", (done.returncode != 0, done.stdout), (True, ""))
    want("lines about it", len(lines), 1)
    want("the line names the setting", "no_such_setting" in lines[0], True)
    done = bench.run("curl", "-sS", f"{bench.proxy_url}/", environment=broken)
    want("curl without TLS", (done.returncode, done.stderr), (0, ""))
    done = bench.run("sh", "-c", "echo out", environment=broken)
    want("a shell", (done.returncode, done.stdout, done.stderr), (0, "out\n", ""))
    done = bench.run(_PYTHON, "-c", "import ssl; ssl.create_default_context()", environment=broken)
    want("Python that connects to nobody", (done.returncode, done.stderr), (0, ""))


def unread_configuration(bench):
    """Settings that nobody would look at: no handshake, and a line that says why."""
    section = bench.directory / "section.conf"
    section.write_text("[danelaw]\nmode = mandatory\n")
    nothing = bench.directory / "nothing.conf"
    nothing.write_text("# mode = mandatory\n")
    fifo = bench.directory / "fifo"
    os.mkfifo(fifo)
    for path, why in ((section, "[danelaw]"), (nothing, "no setting"), (fifo, "regular file"), ("/run", "regular file")):
        done = bench.run("curl", "-sS", f"https://{_GOOD}/", environment=bench.environment() | {"DANELAW_CONF": str(path)})
        lines = [line for line in done.stderr.splitlines() if line.startswith("danelaw: ")]
        want(f"curl connects with {path}", (done.returncode != 0, done.stdout), (True, ""))
        want(f"lines about {path}", (len(lines), str(path) in "".join(lines), why in "".join(lines)), (1, True, True))
    done = bench.run("curl", "-sS", f"https://{_GOOD}/", environment=bench.environment("[danelaw]", "mode = off"))
    want("curl connects with a section in DANELAW_SETTINGS", (done.returncode != 0, done.stdout), (True, ""))
    want("the line names it", "DANELAW_SETTINGS: the section [danelaw]" in done.stderr, True)


def parts_of_openssl(bench):
    """Functions of OpenSSL in the program itself: said where the rest is the system's, which is then not enforced."""
    only_preload = bench.environment(module=False)
    done = bench.run(bench.program("has_part_of_openssl"), environment=only_preload)
    want("exit code and stdout", (done.returncode, done.stdout), (0, "with OpenSSL\n"))
    want("lines on stderr", [line.split("]: ", 1)[-1] for line in done.stderr.splitlines()],
         ["its OpenSSL is in several parts, of which not all are the system's; DANE is not enforced in this program"])
    done = bench.run(bench.program("has_part_of_another_openssl"), environment=only_preload)
    want("with another version", (done.returncode, done.stdout, done.stderr), (0, "with OpenSSL\n", ""))


def broken_installation(bench):
    """The preloaded door without the plugin beside it: who would use TLS does not run, everybody else does."""
    lone = bench.directory / "lone"
    lone.mkdir()
    preload = shutil.copy(plugin.preload_of(bench.build), lone)
    environment = plugin.environment_without() | {"LD_PRELOAD": preload}
    done = bench.run("curl", "-sS", f"https://{_GOOD}/", environment=environment)
    want("curl", (done.returncode, done.stdout, len(done.stderr.splitlines())), (126, "", 1))
    done = bench.run("sh", "-c", "echo out", environment=environment)
    want("a shell", (done.returncode, done.stdout, done.stderr), (0, "out\n", ""))


@dataclasses.dataclass(frozen=True)
class Check:
    name: str
    run: typing.Callable


CHECKS = [
    Check("shells, env and ls work as without, with the same output", shells_and_small_programs),
    Check("wget, which uses GnuTLS, accepts and refuses as ever", gnutls),
    Check("su and mount, which are set-user-ID, run", set_user_id),
    Check("a program with an OpenSSL of its own, linked statically, works as without", static_openssl),
    Check("the same program with the system's OpenSSL is reached", shared_openssl),
    Check("an application that asks has service, outcome and verdict, linked with libdanelaw or not", aware_application),
    Check("a program that loads what uses OpenSSL late, and unloads it, is reached and ends well", late_load),
    Check("a program that unloads modules and cleans OpenSSL up before it ends, ends well", clean_up),
    Check("16 threads with one SSL_CTX: every handshake has its verdict", threads),
    Check("a fork while another thread waits for a lookup: parent and child have their verdicts", fork_in_lookup),
    Check("a fork after a handshake: parent and child have their verdicts", fork_after_handshake),
    Check("a fork while another thread reads the settings: parent and child have their verdicts", fork_at_first_handshake),
    Check("a program whose descriptor 2 is the connection: nothing of ours gets into that", stderr_is_the_peer),
    Check("peers whose host or port is not known: each is logged, with what is known", unknown_peers),
    Check("a program with 2000 open files is reached", many_descriptors),
    Check("a thread with a stack of 128 KiB is reached", little_stack),
    Check("a program's timer goes on ticking during lookups", interrupted),
    Check("a signal ends a program at once, also during a lookup", deadly_signal),
    Check("a program that closes all descriptors after a handshake: later lookups answer, its files stay whole", descriptors_closed),
    Check("what a program becomes by exec after a handshake inherits nothing of ours", exec_after_handshake),
    Check("before the first handshake there is no file, thread, socket or output", quiet_before_handshake),
    Check("a program that has looked up and ended leaves no file behind", no_file_left),
    Check("openssl s_server serves", openssl_server),
    Check("openssl s_server verifies its clients as ever", openssl_server_of_clients),
    Check("nginx serves with two workers", nginx_server),
    Check("an unknown setting: no handshake succeeds, one line says why, the rest works", broken_configuration),
    Check("settings that nobody would look at: no handshake succeeds, one line says why", unread_configuration),
    Check("a program with functions of OpenSSL in itself: one line says that it is not reached", parts_of_openssl),
    Check("a plugin that is not there: programs with libssl do not run, the rest does", broken_installation),
]


def run(check, build, proxy_url):
    """What harm there was; "" for none."""
    with tempfile.TemporaryDirectory(dir="/run") as directory:
        try:
            check.run(Bench(build, directory, proxy_url))
        except Harm as harm:
            return str(harm)
    return ""
