# SPDX-License-Identifier: Apache-2.0
"""units.py: on the machine of run_units, as a unit of its systemd: what danelaw-policyd's units promise. A row for each, and then
the line "the end"."""

import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "world"))
import socketmap  # noqa: E402

_UNIT = "danelaw-policyd.service"
_SOCKET = "danelaw-policyd.socket"
_PATH = "/run/danelaw-policyd/socket"
_PORT = ("127.0.0.1", 8461)
_CONFIGURATION = pathlib.Path("/etc/danelaw/policyd.conf")
_PATIENCE = 20  # seconds
_DYNAMIC_USERS = range(61184, 65520)  # systemd's


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE * 3, stdin=subprocess.DEVNULL)
    return done.returncode, (done.stdout + done.stderr).strip()


def value(name, unit=_UNIT):
    return run("systemctl", "show", "--value", "--property", name, unit)[1]


def ask(domain, where=_PATH):
    try:
        with socketmap.Client(where, _PATIENCE) as client:
            return client.ask(domain)
    except (OSError, socketmap.Gone) as error:
        return f"no answer: {error!r}"


def status_of(process):
    lines = pathlib.Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def comes_true(look):
    until = time.monotonic() + _PATIENCE
    while not look() and time.monotonic() < until:
        time.sleep(0.1)
    return look()


def journal():
    return run("journalctl", "--unit", _UNIT, "--no-pager", "--output", "cat")[1]


def first_questions():
    """(what, whether it is so, what is said if not)"""
    yield "before the first question only systemd listens", value("ActiveState") == "inactive", value("ActiveState")
    answer = ask("good.post.dane")
    yield "the first question starts the service, which answers by lookups of its own", answer == "OK dane-only", answer + "\n" + journal()
    answer = ask("good.post.dane", _PORT)
    store = journal()
    yield "it has the fleet's key, which is root's, and goes on without its store", "/run/no-such-store" in store, store
    yield "the same by TCP", answer == "OK dane-only", answer
    yield "it is active by its own word", value("ActiveState") == "active" and value("Type") == "notify", value("ActiveState")


def what_it_may():
    status = status_of(value("MainPID"))
    user = int(status["Uid"].split()[0])
    yield "its user is one that systemd has made for it", user in _DYNAMIC_USERS, str(user)
    none = int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    yield "it has no capability and can gain none", none and status["NoNewPrivs"] == "1", status["CapEff"]
    yield "its system calls are filtered", status["Seccomp"] == "2", status["Seccomp"]
    score = run("systemd-analyze", "security", "--no-pager", _UNIT)[1].splitlines()[-1:]
    yield "systemd calls its exposure OK", bool(score) and " OK " in score[0], " ".join(score)


def what_it_keeps():
    before = value("MainPID")
    good = _CONFIGURATION.read_text(encoding="ascii")
    _CONFIGURATION.write_text("insecure_mx = may\n" + good, encoding="ascii")
    code, output = run("systemctl", "reload", _UNIT)
    yield "a reload is taken", code == 0 and comes_true(lambda: "was read again" in journal()), output + journal()
    yield "by the same process", value("MainPID") == before, value("MainPID")
    _CONFIGURATION.write_text("resolvers = nonsense\n", encoding="ascii")
    run("systemctl", "reload", _UNIT)
    answer = ask("good.post.dane")
    yield "a broken configuration leaves it as it is", answer == "OK dane-only" and value("MainPID") == before, answer
    code, output = run("systemctl", "restart", _UNIT)
    yield "and does not start", code != 0 and "nonsense" in journal(), output
    _CONFIGURATION.write_text(good, encoding="ascii")
    run("systemctl", "reset-failed", _UNIT, _SOCKET)
    run("systemctl", "start", _SOCKET)
    answer = ask("good.post.dane")
    yield "mended, the next question starts it again", answer == "OK dane-only", answer


def what_it_stands():
    before = value("MainPID")
    os.kill(int(before), signal.SIGKILL)
    answer = ask("good.post.dane")
    yield "killed, it is started again, and the question that came meanwhile is answered", answer == "OK dane-only", answer
    yield "by another process", value("MainPID") not in (before, "0"), value("MainPID")
    code, output = run("systemctl", "stop", _UNIT)
    yield "it stops when asked", code == 0 and value("Result") == "success", output
    answer = ask("good.post.dane")
    yield "and the next question starts it", answer == "OK dane-only", answer
    run("systemctl", "stop", _SOCKET, _UNIT)
    answer = ask("good.post.dane")
    yield "without its socket nobody is answered", answer.startswith("no answer"), answer


def main():
    for part in (first_questions, what_it_may, what_it_keeps, what_it_stands):
        for what, good, output in part():
            print(f"{'ok  ' if good else 'FAIL'}  {what}" + ("" if good else f": {output}"), flush=True)
    print("the end", flush=True)


if __name__ == "__main__":
    main()
