"""Wrong arguments and unreadable input: one line on standard error, nothing on standard output, exit 2 or 4."""

import json
import os
import pty
import select
import signal
import subprocess
import time

from harness import Run


def rows(w):
    chain = w.chain_file(w.leaf, w.intermediate)
    records = w.records_file(w.leaf.record(3, 1, 1))
    garbage = w.write('garbage.pem', b'\x00\xff no certificate \xfe')
    broken = w.write('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    nowhere = w.directory + '/nowhere'
    verify = ['verify-chain', '--chain', chain, '--tlsa', records, '--name', 'www.example.com']

    def replaced(option, value):
        words = list(verify)
        words[words.index(option) + 1] = value
        return words

    services = w.write('services', 'www.example.com\n')
    bad_services = w.write('bad_services', 'www.example.com\nwww.example.com:0\n')
    no_state = w.write('no_state', 'somebody else\'s\n')
    for words in (['/nonexistent'], [bad_services], [chain], [w.write('no_services', '# none\n')], ['--interval', '0', services],
                  ['--interval', 'soon', services], ['--jobs', '0', services], ['--jobs', '257', services],
                  ['--warn-certificates', '-1', services], ['--warn-signatures', '3661', services],
                  ['--engine', 'recursing', '--warn-signatures', '2', services], ['--once', '--nagios', services],
                  ['--json', '--nagios', services], ['--state', no_state, services], ['--prometheus', nowhere + '/x/y', services],
                  ['--state', nowhere + '/x/y', '--once', services], ['--frobnicate', services], []):
        yield 'watch: ' + ' '.join(words), ['watch', *words]

    yield 'no command', []
    yield 'unknown command', ['frobnicate']
    yield 'unknown option', ['--frobnicate']
    for words in (['smtp'], ['smtp', '--frobnicate', 'a.example'], ['smtp', 'a..b'], ['smtp', '[a.example'],
                  ['smtp', 'a.example:0'], ['smtp', 'smtp://a.example'], ['smtp', '--file', '/nonexistent'],
                  ['smtp', '--jobs', '0', 'a.example'], ['smtp', '--jobs', '257', 'a.example'],
                  ['smtp', '--mode', 'maybe', 'a.example'], ['smtp', '--insecure-mx', 'must', 'a.example'],
                  ['check'], ['lookup'], ['lookup', 'www.example.com'], ['verify-chain'], verify[:-2], verify[:3],
                  ['check', 'a.example', 'b.example'], ['lookup', 'a.example', 'A', 'B'],
                  ['check', '--frobnicate', 'a.example'], ['lookup', '--starttls', 'smtp', 'a.example', 'A'],
                  verify + ['--frobnicate'], verify + ['--name'], verify + ['extra'],
                  ['lookup', '--resolver', '127.0.0.1', 'a.example', 'A', 'B']):
        yield 'wrong words: ' + ' '.join(words), words

    for name in ('', '.', 'a..b', 'x' * 64 + '.example', 'a.' * 127 + 'toolong', 'bad name', 'a\tb', 'a\nb', '-' * 300,
                 'user@host', 'http://www.example.com/', 'www.example.com/path'):
        yield f'check {name!r}', ['check', '--', name]
        yield f'verify-chain --name {name!r}', replaced('--name', name)
    for name in ('192.0.2.1', '2001:db8::1', '192.0.2.1.'):
        yield f'lookup needs a name: {name}', ['lookup', name, 'TLSA']
        yield f'verify-chain needs a name: {name}', replaced('--name', name)
    for name in ('a..b', 'x' * 64 + '.example'):
        yield f'lookup {name!r}', ['lookup', name, 'A']
    for kind in ('FROB', '', 'TYPE65536', 'TYPE', 'TYPE1x', 'A '):
        yield f'lookup of type {kind!r}', ['lookup', 'www.example.com', kind]
    for port in ('0', '65536', '99999999999999999999', '-1', 'https', '', '44 3', '0x1bb'):
        yield f'port {port!r}', ['check', f'www.example.com:{port}']
    for service in ('[::1', '[::1]443', '[::1]:', '[www.example.com]x', '[]'):
        yield f'service {service!r}', ['check', service]

    for command in (['check', 'www.example.com'], ['lookup', 'www.example.com', 'A']):
        for option, value in (('--engine', 'x'), ('--timeout', '0'),
                              ('--timeout', '600001'), ('--timeout', 'soon'), ('--timeout', '-5'),
                              ('--root-servers', 'ns.example'), ('--root-servers', ''),
                              ('--trust-anchors', ''), ('--root-servers', '127.0.0.1,x')):
            yield ' '.join(command + [option, value]), command + [option, value]
        for more in (['--engine', 'recursing', '--resolver', '127.0.0.1'], ['--engine', 'stub', '--root-servers', '127.0.0.1'],
                     ['--root-servers', '127.0.0.1', '--resolver', '127.0.0.1']):
            yield ' '.join(command + more), command + more
        for option, value in (('--resolver', ''), ('--resolver', 'ns.example'), ('--resolver', '127.0.0.1@0'),
                              ('--resolver', '127.0.0.1@65536'), ('--resolver', '127.0.0.1@'),
                              ('--resolver', '127.0.0.1:53'), ('--resolver', '127.0.0.1,127.0.0.2'),
                              ('--resolver', 'tls://127.0.0.1'), ('--resolver', 'tls://127.0.0.1/'),
                              ('--resolver', 'tls://127.0.0.1/127.0.0.1'), ('--resolver', 'tls://dns.example/dns.example'),
                              ('--resolver', 'tls://127.0.0.1#dns.example'),
                              ('--resolver', 'tls://127.0.0.1/pin-sha256=AAAA'), ('--resolver-ca-file', ''),
                              ('--resolver-ca-file', garbage)):
            yield ' '.join(command + [option, value]), command + [option, value]
    check = ['check', '127.0.0.1']
    for option, value in (('--mode', 'x'), ('--profile', 'x'), ('--starttls', 'x'), ('--tls-max', '1.1'),
                          ('--address', 'www.example.com'), ('--address', ''), ('--ca-file', nowhere),
                          ('--ca-file', garbage), ('--ca-file', w.directory), ('--records', nowhere),
                          ('--records', w.directory), ('--records', garbage)):
        yield ' '.join(check + [option, value]), check + [option, value]
    yield '-4 and -6', check + ['-4', '-6']
    yield '--address and -4', check + ['--address', '127.0.0.1', '-4']
    yield '--records and an engine', check + ['--records', records, '--engine', 'recursing']
    yield '--records and a DNSSEC chain', check + ['--records', records, '--dnssec-chain']
    yield '--records and anchors', check + ['--records', records, '--trust-anchors', records]

    for option in ('--chain', '--tlsa'):
        yield f'{option} nowhere', replaced(option, nowhere)
        yield f'{option} a directory', replaced(option, w.directory)
        yield f'{option} empty name', replaced(option, '')
    yield '--chain garbage', replaced('--chain', garbage)
    yield '--chain broken PEM', replaced('--chain', broken)
    yield '--chain a key', replaced('--chain', w.leaf.key_file)
    for value in (nowhere, garbage, broken, w.directory, ''):
        yield f'--ca-file {value!r}', verify + ['--ca-file', value]
    for value in ('', 'x', '-1', '1.5', '99999999999999999999', 'NOW'):
        yield f'--time {value!r}', verify + ['--time', value]
        yield f'--verify-depth {value!r}', verify + ['--verify-depth', value]


def anchor_rows(w):
    yield 'missing', w.directory + '/nowhere'
    yield 'empty', w.write('empty.key', '')
    yield 'garbage', w.write('garbage.key', b'\x00\x01\x02 not an anchor')
    yield 'other records only', w.write('other.key', 'www.example.com. IN A 192.0.2.1\n')


def said_rows():
    """what, arguments, what the line must say: what is wrong and what to give instead."""
    commands = ('check', 'doctor', 'lookup', 'proof', 'run', 'smtp', 'tlsa', 'validate-proof', 'verify-chain', 'watch')
    yield 'an unknown command is quoted beside those that exist', ['chekc', 'x'], ('"chekc"', *commands)
    yield 'an empty command is quoted', ['', 'x'], ('""', *commands)
    for command, words in (('check', ['-v', 'www.example.com']), ('check', ['www.example.com', '-v']), ('check', ['-v']),
                           ('lookup', ['-v', 'www.example.com', 'A']), ('verify-chain', ['-v'])):
        yield (f'an unknown option is named, with the help that lists them: {command} {words}', [command, *words],
               ('"-v"', f'danelaw {command} --help'))
    yield 'an unknown option is named without its value', ['check', '--frob=1', 'a.example'], ('"--frob" ',)
    yield 'an option before the command is unknown', ['--frob', 'check', 'a.example'], ('"--frob"', '--help')
    yield 'a missing word points to the help', ['check'], ('SERVICE', 'danelaw check --help')
    for url, advice in (('https://www.example/', 'give www.example'), ('https://www.example', 'give www.example'),
                        ('https://user:pw@www.example:8443/a:b@c?d#e', 'give www.example:8443'),
                        ('smtp://[2001:db8::1]:25', 'give [2001:db8::1]:25'), ('https:///path', 'not a URL')):
        yield f'check of a URL: {url}', ['check', url], (url, 'not a URL', advice)
    yield 'lookup of a URL', ['lookup', 'https://www.example:8443/', 'A'], ('not a URL', 'give www.example')
    yield 'verify-chain with a URL', ['verify-chain', '--chain', 'x', '--tlsa', 'x', '--name', 'https://www.example/'], (
        'not a URL', 'give www.example')
    for name in ('foo..x', 'x' * 64 + '.example', ''):
        yield f'lookup quotes the name {name!r}', ['lookup', name, 'A'], (f'"{name}"',)
    yield '--climb with another type', ['lookup', '--climb', 'www.example.com', 'CERT'], ('--climb', 'CAA')
    yield '--climb with --save-proof', ['lookup', '--climb', '--save-proof', 'x', 'www.example.com', 'CAA'], ('--climb', '--save-proof')
    yield '--dot with --json', ['lookup', '--dot', '--json', 'www.example.com', 'A'], ('--dot', '--json')
    yield '--trace with an engine that keeps no records', ['lookup', '--trace', '--engine', 'recursing', 'www.example.com', 'A'], ('recursing',)
    yield '--all with --records', ['check', '--all', '--records', 'x', 'www.example.com'], ('--all', '--records')
    yield 'lookup quotes the type', ['lookup', 'www.example.com', 'FROB'], ('FROB',)


def refusals_say_what_is_wrong(tool, checks):
    for what, words, said in said_rows():
        run = Run([tool, *words])
        checks.one_line_and_exit(what, run, 2)
        checks.that(f'{what}: the words', all(word in run.err for word in said), f'want {said}\n    {run}')
    port = Run([tool, 'lookup', 'https://www.example:8443/', 'A'])
    checks.that('a DNS name has no port', 'give www.example\n' in port.err, port)


def help_is_the_commands_own(tool, checks):
    lookup, check = Run([tool, 'lookup', '--help']), Run([tool, 'check', '--help'])
    timeout = next((line for line in lookup.out.splitlines() if '--timeout' in line), '')
    checks.that('lookup --help: the timeout is for the whole lookup, in milliseconds',
                'Milliseconds' in timeout and 'whole lookup' in timeout and 'connection' not in lookup.out, lookup)
    checks.that('check --help: the timeout is for the connections too', 'step of a connection' in ' '.join(check.out.split()),
                check)


def output_is_written_or_it_is_said(tool, w, checks):
    chain = w.chain_file(w.leaf, w.intermediate)
    services, nowhere = w.write('services-by-address', '127.0.0.1:1\n'), w.directory + '/nowhere'
    rows = [['tlsa', chain], ['tlsa', '--json', chain], ['tlsa', '--rollover', '--current', chain, '--next', w.other_leaf.file],
            ['watch', '--once', services], ['watch', '--nagios', services], ['watch', '--nagios', nowhere], ['watch', services],
            ['verify-chain', '--chain', chain, '--tlsa', w.records_file(w.leaf.record(3, 1, 1)), '--name', 'www.example.com'],
            ['check', '127.0.0.1:1'], ['--help'], ['--version']]
    for words in rows:
        closed, pipe = os.pipe()
        os.close(closed)
        for what, file in (('a full disk', os.open('/dev/full', os.O_WRONLY)), ('a reader that is gone', pipe)):
            if words == ['watch', services] and file != pipe:
                os.close(file)
                continue
            done = subprocess.run([tool, *words], stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE, text=True,
                                  check=False, timeout=60)
            os.close(file)
            want = 3 if '--nagios' in words else 4  # a plugin's UNKNOWN
            checks.that(f'{what}: {words}', done.returncode == want and 'standard output could not be written' in done.stderr and
                        done.stderr.count('could not be written') == 1, done)


def a_watch_outlives_a_full_disk(tool, w, checks):
    """It says so once, goes on, and its files stay current: --state and --prometheus are written anew after it."""
    services = w.write('services-on-a-full-disk', '127.0.0.1:1\n')
    files = [f'{w.directory}/watch.{name}' for name in ('state', 'prom')]
    with open('/dev/full', 'w', encoding='ascii') as full, subprocess.Popen(
            [tool, 'watch', '--interval', '1', '--state', files[0], '--prometheus', files[1], services], stdin=subprocess.DEVNULL,
            stdout=full, stderr=subprocess.PIPE, text=True) as watch:
        said = watch.stderr.readline() if select.select([watch.stderr], [], [], 30)[0] else ''
        changes = [changes_of(file, 2, 30) for file in files]
        watch.terminate()
        rest, code = watch.stderr.read(), watch.wait(30)
    checks.that('a watch says that the disk is full, once', 'standard output could not be written' in said and not rest, said + rest)
    checks.that('a watch on a full disk keeps its files current', min(changes) == 2, changes)
    checks.that('a watch on a full disk ends when it is told to', code == 0, code)


def a_watch_ends_with_its_reader(tool, w, checks):
    """Who has read a line and goes away; the next thing to tell ends it."""
    services = w.write('services-for-a-reader', '127.0.0.1:1\n')
    with subprocess.Popen([tool, 'watch', services], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as watch:
        line = watch.stdout.readline() if select.select([watch.stdout], [], [], 30)[0] else ''
        watch.stdout.close()
        w.write('services-for-a-reader', '127.0.0.1:1\n127.0.0.1:2\n')
        watch.send_signal(signal.SIGHUP)
        code = end_of(watch, 30)
        said = watch.stderr.read()
    checks.that('a watch ends where its reader goes away, and says so once', '127.0.0.1:1' in line and code == 4 and
                said.count('could not be written') == 1 == said.count('\n'), (line, code, said))


def a_watch_ends_with_its_terminal(tool, w, checks):
    """It hangs up where there is nothing more to tell, and in the midst of more than it takes at once."""
    for what, number in (('nothing to tell', 1), ('much to tell', 500)):
        services = w.write('services-for-a-terminal', ''.join(f'127.0.0.1:{port}\n' for port in range(1, number + 1)))
        ours, theirs = pty.openpty()
        with subprocess.Popen([tool, 'watch', services], stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE, text=True) as watch:
            os.close(theirs)
            line = os.read(ours, 4096).decode() if select.select([ours], [], [], 30)[0] else ''
            os.close(ours)
            code = end_of(watch, 30)
            said = watch.stderr.read()
        checks.that(f'a watch ends where its terminal hangs up, and says so once: {what}', '127.0.0.1:' in line and code == 4 and
                    said.count('the watch ends') == 1 == said.count('\n'), (line, code, said))


def a_watch_outlives_a_disk_that_errs(tool, w, checks):
    """EIO of what is no terminal passes, as a full disk does. Nothing is mapped where this would be written."""
    services = w.write('services-on-a-disk-that-errs', '127.0.0.1:1\n')
    with open('/proc/self/mem', 'r+b', buffering=0) as memory, subprocess.Popen(
            [tool, 'watch', services], stdin=subprocess.DEVNULL, stdout=memory, stderr=subprocess.PIPE, text=True) as watch:
        said = watch.stderr.readline() if select.select([watch.stderr], [], [], 30)[0] else ''
        goes_on = end_of(watch, 4, kill=False) is None
        watch.terminate()
        code = end_of(watch, 30)
    checks.that('a watch on a disk that errs goes on, and ends when it is told to', goes_on and code == 0 and
                '(Input/output error): the watch goes on' in said, (goes_on, code, said))


def a_watch_says_that_it_cannot_ask(tool, w, checks):
    """Its trust anchors are gone in the midst: that is a failed lookup, as it is to `check`."""
    services = w.write('services-without-anchors', '127.0.0.1:1\n')
    anchors = w.write('anchors-for-a-moment', '. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n')
    with subprocess.Popen([tool, 'watch', '--json', '--interval', '1', '--trust-anchors', anchors, services], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True) as watch:
        lines = []
        for _ in range(2):
            lines.append(watch.stdout.readline() if select.select([watch.stdout], [], [], 30)[0] else '{}')
            if os.path.exists(anchors):
                os.remove(anchors)
        watch.terminate()
    got = [(one.get('outcome'), one.get('reason')) for one in map(json.loads, lines)]
    checks.that('a watch whose trust anchors are gone says that the lookup failed',
                got == [('not-asked', 'not-reached'), ('error', 'lookup-failed')], lines)


def end_of(program, limit, kill=True):
    """Its exit code; None where it does not end by itself."""
    try:
        return program.wait(limit)
    except subprocess.TimeoutExpired:
        if kill:
            program.kill()
        return None


def changes_of(file, wanted, limit):
    """How often the file is written anew, up to `wanted` times."""
    def version():
        return os.stat(file).st_ino, os.stat(file).st_mtime_ns

    end, seen = time.monotonic() + limit, [version()]
    while len(seen) <= wanted and time.monotonic() < end:
        time.sleep(0.05)
        if version() != seen[-1]:
            seen.append(version())
    return len(seen) - 1


def run_all(tool, w, checks):
    a_watch_outlives_a_full_disk(tool, w, checks)
    a_watch_ends_with_its_reader(tool, w, checks)
    a_watch_ends_with_its_terminal(tool, w, checks)
    a_watch_outlives_a_disk_that_errs(tool, w, checks)
    a_watch_says_that_it_cannot_ask(tool, w, checks)
    output_is_written_or_it_is_said(tool, w, checks)
    for what, words in rows(w):
        checks.one_line_and_exit(what, Run([tool, *words]), 2)
        if words:
            checks.one_line_and_exit(what + ' --json', Run([tool, words[0], '--json', *words[1:]]), 2)
    refusals_say_what_is_wrong(tool, checks)
    help_is_the_commands_own(tool, checks)
    broken_anchors(tool, w, checks)
    for words in (['--help'], ['check', '--help'], ['lookup', '--help'], ['verify-chain', '--help'], ['run', '--help'], ['tlsa', '--help'],
                  ['doctor', '--help'], ['--version']):
        run = Run([tool, *words])
        checks.that(' '.join(words), run.code == 0 and run.out.strip() and not run.err, run)


def broken_anchors(tool, w, checks):
    """R6698-4.1a: without anchors everything would look unsigned: an error, never "insecure"."""
    for what, path in anchor_rows(w):
        for words in (['lookup', 'www.example.com', 'TLSA'], ['check', '--address', '127.0.0.1', 'www.example.com:1']):
            words = words + ['--trust-anchors', path]
            checks.one_line_and_exit(f'R6698-4.1a: {words[0]}: anchors {what}', Run([tool, *words]), 4)
            run = Run([tool, *words, '--json'])
            checks.that(f'R6698-4.1a: {words[0]} --json: anchors {what}',
                        run.code == 4 and len(run.err.splitlines()) == 1 and run.object()['outcome'] == 'error', run)
