"""`danelaw doctor` where there is no network: what can be seen without one, and that the rest is said to fail."""

import os
import pathlib
import re
import subprocess
import time

from harness import Run
from programs import can_preload, copy_of_plugin, plugin_folder

WELL, ILL, USAGE = 0, 1, 2
DNSKEY_2017 = (
    'AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLAJr5emLvN7SWXgnLh4+B5xQlNVz8Og8kv'
    'ArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+e'
    'oZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLYA4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwN'
    'R1AkUTV74bU=')
DS_2024 = '. IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16\n'


def examine(tool, *words, env=None):
    """The run, and its lines by check."""
    run = Run([tool, 'doctor', '--json', *words], env=env)
    return run, {line['check']: line for line in run.object()['checks']} if run.out else {}


def state(lines, check):
    return lines.get(check, {}).get('state')


def arguments(tool, w, checks):
    for what, words in (('an unknown option', ['--frob']), ('a wrong value', ['--mode', 'x']),
                        ('a program of which nothing is known', ['--offline', '--', 'ls']),
                        ('a known program with arguments of its own', ['--offline', '--', 'curl', 'https://www.example/'])):
        checks.one_line_and_exit(f'doctor: {what}', Run([tool, 'doctor', *words]), USAGE)


def trust_anchors(tool, w, checks):
    both = f'; both forms\n. 172800 IN DNSKEY 257 3 8 (\n  {DNSKEY_2017[:100]}\n  {DNSKEY_2017[100:]} ) ; 2017\n{DS_2024}'
    rows = (('both root keys, as DNSKEY and as DS', both, 'ok', '20326, 38696'),
            ('one root key only', DS_2024, 'fail', '20326'),
            ('garbage', 'no anchor', 'fail', ''))
    for number, (what, text, want, said) in enumerate(rows):
        _, lines = examine(tool, '--offline', '--trust-anchors', w.write(f'anchors{number}', text))
        line = lines.get('trust anchors', {})
        checks.that(f'doctor: trust anchors: {what}', line.get('state') == want and said in line.get('text', ''), line)
    _, lines = examine(tool, '--offline', '--trust-anchors', w.directory + '/nowhere')
    checks.equal('doctor: trust anchors that are not there', state(lines, 'trust anchors'), 'fail', lines)
    private = w.write('private', '. IN DS 1 13 2 ' + '00' * 32 + '\n')
    _, lines = examine(tool, '--offline', '--trust-anchors', private, '--root-servers', '127.0.0.1')
    checks.equal('doctor: other root servers have other keys', state(lines, 'trust anchors'), 'note', lines)


def kept(tool, w, checks):
    """What is kept in files: only where that is configured."""
    _, lines = examine(tool, '--offline')
    checks.that('doctor: no word of files that nobody configured', 'cache' not in lines and 'anchor state' not in lines, lines)
    key = '0101030d' + '00' * 64
    good = f'danelaw trust anchor state 1\nzone .\nseen 1\nnext 2\nkey add-pending 1800000000 86400 {key}\nend\n'
    for what, text, want, said in (('as it should be', good, 'ok', 'add-pending 1038 until 2027-01-16'),
                                   ('cut short', good[:-1], 'fail', 'remove this file')):
        file = w.write('state', text)
        os.chmod(file, 0o600)
        _, lines = examine(tool, '--offline', '--engine', 'stub', '--trust-anchor-state', file)
        line = lines.get('anchor state', {})
        checks.that(f'doctor: anchor state {what}', line.get('state') == want and said in line.get('text', ''), line)
    _, lines = examine(tool, '--offline', '--engine', 'stub', '--trust-anchor-state', w.directory + '/not-yet')
    checks.equal('doctor: an anchor state that is not there yet', state(lines, 'anchor state'), 'note', lines)
    folder = pathlib.Path(w.directory) / 'cache'
    folder.mkdir(mode=0o700)
    for mode, want in ((0o700, 'ok'), (0o755, 'fail')):
        folder.chmod(mode)
        _, lines = examine(tool, '--offline', '--engine', 'stub', '--cache', folder)
        checks.equal(f'doctor: a cache of mode {mode:o}', state(lines, 'cache'), want, lines)
    checks.one_line_and_exit('a cache is the stub engine\'s',
                             Run([tool, 'lookup', 'a.example', 'A', '--engine', 'recursing', '--cache', folder]), USAGE)


def dns(tool, w, checks):
    run, lines = examine(tool, '--timeout', '300', '--root-servers', '127.0.0.1')
    questions = [line for name, line in lines.items() if name.startswith('DNS ')]
    checks.that('doctor: without network every question fails, with its cure',
                run.code == ILL and len(questions) == 3 and all(q['state'] == 'fail' and q['cure'] for q in questions), run)
    _, lines = examine(tool, '--offline')
    questions = [line for name, line in lines.items() if name.startswith('DNS ')]
    checks.that('doctor --offline asks nothing and says so',
                len(questions) == 3 and all(q['state'] == 'note' and q['text'] == 'not asked' for q in questions), lines)


def configuration(tool, w, checks):
    """The resolvers that are looked at are the program's own: whatever of the places names them."""
    plain = environment()
    conf = w.write('danelaw.conf', 'resolvers = 127.0.0.2@5302\ndeadline = 300\n')
    section = w.write('openssl.cnf', 'openssl_conf = openssl_init\n[openssl_init]\ndanelaw = here\n[here]\npath = /x.so\n'
                      'resolvers = tls://127.0.0.4@5304/dns.example\n')
    lines_of = 'resolvers = 127.0.0.3@5303\n'
    rows = (('--config', ['--config', conf], {}, '127.0.0.2@5302'),
            ('DANELAW_CONF', [], {'DANELAW_CONF': conf}, '127.0.0.2@5302'),
            ("openssl.cnf's section", [], {'OPENSSL_CONF': section}, 'tls://127.0.0.4@5304/dns.example'),
            ('DANELAW_CONF before that section', [], {'OPENSSL_CONF': section, 'DANELAW_CONF': conf}, '127.0.0.2@5302'),
            ('DANELAW_SETTINGS after a file', [], {'DANELAW_CONF': conf, 'DANELAW_SETTINGS': lines_of}, '127.0.0.3@5303'),
            ('an option after all', ['--resolver', '127.0.0.5@5305'], {'DANELAW_CONF': conf}, '127.0.0.5@5305'))
    for what, words, variables, resolver in rows:
        _, lines = examine(tool, '--offline', *words, env=plain | variables)
        named = [check for check in lines if check.startswith('resolver ')]
        checks.equal(f'doctor: whom {what} names', named, [f'resolver {resolver}'], lines)
        checks.equal(f'doctor: {what} is read', state(lines, 'configuration'), 'ok', lines)
    for what, text in (('a bad value', 'resolvers = ns.example\n'), ('no configuration', '[\n')):
        _, lines = examine(tool, '--offline', env=plain | {'DANELAW_CONF': w.write('bad.conf', text)})
        checks.equal(f'doctor: {what}', state(lines, 'configuration'), 'fail', lines)
    pins = 'dnssec_chain_pins = memory\nrules = a, b\n[a]\nhosts = a.example\n[b]\nhosts = b.example\n'
    for what, text, code in (('some rule asks for', pins + 'dnssec_chain = on\n', ILL), ('nobody asks for', pins, USAGE)):
        run = Run([tool, 'doctor', '--offline', '--trust-anchors', w.directory, '--config', w.write('pins.conf', text)],
                  env=plain)
        checks.that(f'doctor: promises of chains that {what}',
                    run.code == code and ('dnssec_chain_pins' in run.err) == (code == USAGE), run)
    _, lines = examine(tool, '--offline', '--root-servers', '127.0.0.1', env=plain)
    checks.equal('doctor: root servers are no resolvers', [one for one in lines if one.startswith('resolver ')], [], lines)


def environment():
    return {name: value for name, value in os.environ.items() if not name.startswith(('DANELAW_', 'OPENSSL_CONF'))} | {
        name: value for name, value in os.environ.items() if name.startswith('DANELAW_TEST')}


def shape(tool, checks):
    run, lines = examine(tool, '--offline')
    got = run.object()
    checks.that('doctor --json: one object, nothing else', len(run.out.splitlines()) == 1 and set(got) == {'well', 'checks'}
                and all(set(line) == {'check', 'state', 'text', 'cure'} for line in got['checks']), run)
    checks.equal('doctor: well is exit 0', (run.code, got['well']), (WELL, True), run)
    text = Run([tool, 'doctor', '--offline'])
    checks.that('doctor: a line for each check', text.code == WELL and len(text.out.splitlines()) == len(lines)
                and all(f' {name}: ' in text.out for name in lines), text)


def plugin(tool, w, checks):
    _, lines = examine(tool, '--offline')
    for check in ('plugin', 'preload', 'module'):
        checks.equal(f'doctor: {check}', state(lines, check), 'ok', lines.get(check))
    folder = copy_of_plugin(tool, w, 'ill')
    (folder / 'danelaw-preload.so').write_text('no object')
    run, lines = examine(tool, '--offline', '--plugin-dir', folder)
    checks.that('doctor: a preload object that cannot be loaded is one thing, the module another', run.code == ILL
                and [state(lines, check) for check in ('plugin', 'preload', 'module')] == ['ok', 'fail', 'ok'], run)
    (folder / 'danelaw-plugin.so').unlink()
    run, lines = examine(tool, '--offline', '--plugin-dir', folder)
    checks.that('doctor: a plugin that is missing', run.code == ILL and state(lines, 'plugin') == 'fail'
                and 'missing' in lines['plugin']['text'], run)


def openssl_cnf(tool, w, checks):
    own = plugin_folder(tool) + '/openssl.cnf'
    gone = w.write('gone.cnf', 'openssl_conf = openssl_init\n[openssl_init]\ndanelaw = a\n[a]\npath = /nowhere/x.so\n')
    with open(own) as file:
        examples = re.sub(r'^#(?! )', '', file.read(), flags=re.MULTILINE)
    checks.that('openssl.cnf has examples of settings', '\nmode = ' in examples and '\nrules = ' in examples, examples)
    wrong = w.write('wrong.cnf', examples.replace('mode = opportunistic', 'mode = x'))
    for what, conf, want, said in (('one that loads the plugin', own, 'ok', own),
                                   ('the same with its examples', w.write('examples.cnf', examples), 'ok', 'loads'),
                                   ('one with a wrong setting', wrong, 'fail', 'mode'),
                                   ('one that loads what is not there', gone, 'fail', '/nowhere/x.so'),
                                   ('one without the plugin', w.write('bare.cnf', '# nothing\n'), 'note', 'without the plugin'),
                                   ('one that is broken', w.write('broken.cnf', '[a\n'), 'fail', 'line 1'),
                                   ('none', '', 'note', 'empty')):
        _, lines = examine(tool, '--offline', env={'OPENSSL_CONF': conf})
        line = lines.get('openssl.cnf', {})
        checks.that(f'doctor: openssl.cnf: {what}', line.get('state') == want and said in line.get('text', ''), line)
    run, lines = examine(tool, '--offline', '--as-is', env={'OPENSSL_CONF': own})
    checks.that('doctor --as-is: an environment with the plugin', run.code == WELL and state(lines, 'plugin') == 'ok', run)
    run, lines = examine(tool, '--offline', '--as-is', env={'OPENSSL_CONF': ''})
    checks.that('doctor --as-is: one without', run.code == ILL and state(lines, 'plugin') == 'fail'
                and 'danelaw run' in lines['plugin']['cure'], run)


def programs(tool, w, checks):
    late = "import socket, ssl; c = ssl._create_unverified_context(); " \
           "c.wrap_socket(socket.create_connection(('{host}', {port})), server_hostname='{host}')"
    for what, words in (('openssl', ['openssl']), ('openssl', ['openssl', 's_client']),
                        ('python3', ['/usr/bin/python3', '-c', late]),
                        ('openssl', ['openssl', 's_client', '-brief', '-connect', '{host}:{port}', '-servername', '{host}'])):
        run, lines = examine(tool, '--offline', '--', *words)
        checks.that(f'doctor: the plugin refuses in {words[:2]}', run.code == WELL and state(lines, what) == 'ok', run)
    run, lines = examine(tool, '--offline', '--as-is', '--', 'openssl', env={'OPENSSL_CONF': ''})
    checks.that('doctor --as-is: a program without the plugin takes a wrong certificate', run.code == ILL
                and 'took a wrong certificate' in lines['openssl']['text'], run)
    run, lines = examine(tool, '--offline', '--', 'true', '{url}')
    checks.that('doctor: a program that does not connect', run.code == ILL and 'did not connect' in lines['true']['text'], run)
    run, lines = examine(tool, '--offline', '--', 'danelaw-no-such-command', '{url}')
    checks.that('doctor: a program that is not there', run.code == ILL
                and 'not found' in lines['danelaw-no-such-command']['text'], run)
    run, lines = examine(tool, '--offline', '--', 'sh', '-c',
                         'openssl s_client -brief -connect {host}:{port} -servername {host}; exit 0')
    checks.that('doctor: a program that ends well all the same', run.code == ILL and 'does not tell' in lines['sh']['text'], run)
    off = w.write('off.conf', 'rules = a\n[a]\nhosts = *\nmode = off\n')
    run, lines = examine(tool, '--offline', '--config', off, '--', 'openssl')
    checks.that('doctor: a rule that switches DANE off shows', run.code == ILL
                and 'wrong certificate' in lines['openssl']['text'], run)


def nothing_is_left(tool, w, checks):
    """Neither files nor processes, also where doctor is ended early."""
    folder = pathlib.Path(w.directory) / 'scratch'
    folder.mkdir()
    env = {**os.environ, 'TMPDIR': str(folder)}
    mark = f'danelaw-test-{os.getpid()}'
    program = ['sh', '-c', f'echo {{url}} > {w.directory}/{mark}; sleep 600 & wait']
    doctor = subprocess.Popen([tool, 'doctor', '--offline', '--', *program], env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    while not os.path.exists(f'{w.directory}/{mark}') and doctor.poll() is None:
        time.sleep(0.01)
    checks.equal('doctor: its folder is there while a program runs', len(list(folder.iterdir())), 1)
    children = pathlib.Path(f'/proc/{doctor.pid}/task/{doctor.pid}/children').read_text().split()
    doctor.terminate()
    said, _ = doctor.communicate(timeout=30)
    checks.that('doctor: ended early it says so', b'interrupted' in said and doctor.returncode == ILL, said)
    checks.equal('doctor: ended early it leaves no folder', list(folder.iterdir()), [])
    checks.that('doctor: ended early it leaves no program', children and not any(os.path.exists(f'/proc/{c}') for c in children),
                children)


def run_all(tool, w, checks):
    arguments(tool, w, checks)
    trust_anchors(tool, w, checks)
    kept(tool, w, checks)
    if not can_preload():
        print('doctor: built with a sanitizer, so that no program is tried')
        return
    dns(tool, w, checks)
    configuration(tool, w, checks)
    shape(tool, checks)
    plugin(tool, w, checks)
    openssl_cnf(tool, w, checks)
    programs(tool, w, checks)
    nothing_is_left(tool, w, checks)
