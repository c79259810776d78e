"""`danelaw run`: what the command gets, what it leaves behind, and everything that keeps it from being run."""

import os
import pathlib
import shutil
import signal
import stat
import subprocess

from harness import Run
from servers import Server, context_for

USAGE, CANNOT_RUN, NOT_FOUND = 2, 126, 127
OURS = ('LD_PRELOAD', 'OPENSSL_CONF', 'DANELAW_OPENSSL_CONF', 'DANELAW_PLUGIN_DIR', 'DANELAW_SETTINGS', 'DANELAW_CONF')


def can_preload():
    return 'DANELAW_TEST_NO_PRELOAD' not in os.environ


def plugin_folder(tool):
    """Of the build tree that the tool is in."""
    return str(pathlib.Path(tool).resolve().parents[2] / 'plugin')


def environment_of(tool, *options, env=None):
    """What `env` sees, of the variables that concern us; a value may have several lines."""
    run = Run([tool, 'run', *options, '--', 'env', '-0'], env=env)
    entries = dict(entry.split('=', 1) for entry in run.out.split('\0') if '=' in entry)
    return run, {name: entries.get(name) for name in OURS}


def usage_rows(w):
    yield 'no command', [], 'COMMAND'
    yield 'no command after --', ['--'], 'COMMAND'
    yield 'an unknown option', ['--frob', '--', 'true'], '"--frob"'
    yield 'an unknown option without --', ['--frob=1', 'true'], '"--frob"'
    yield 'an option without its value', ['--mode', '--', 'true'], '--mode'
    for option, value in (('--mode', 'x'), ('--profile', 'x'), ('--engine', 'x'), ('--resolver', 'ns.example'), ('--timeout', '0'),
                          ('--timeout', 'soon'), ('--root-servers', 'ns.example'), ('--verify-none', 'x'),
                          ('--log', 'somewhere'), ('--log-level', 'all'), ('--mode', ''), ('--trust-anchors', ''),
                          ('--log', '/a\nmode = off')):
        yield f'{option} {value!r}', [option, value, '--', 'true'], option
    for text, said in (('x=1', 'unknown setting "x"'), ('mode=x', 'mode'), ('mode', 'KEY=VALUE'), ('=x', 'KEY=VALUE'),
                       ('rules=a', '--config'), ('log=x', 'log'), ('mode=off\n', 'control'), ('mode=', 'value')):
        yield f'--set {text!r}', ['--set', text, '--', 'true'], said
    yield '--config nowhere', ['--config', w.directory + '/nowhere', '--', 'true'], 'no such file'
    yield '--config a folder', ['--config', w.directory, '--', 'true'], 'no such file'
    yield '--config nothing', ['--config', '', '--', 'true'], '--config'


def wrong_arguments(tool, w, checks):
    for what, words, said in usage_rows(w):
        run = Run([tool, 'run', *words])
        checks.one_line_and_exit(f'run: {what}', run, USAGE)
        checks.that(f'run: {what}: the words', said in run.err, run)


def copy_of_plugin(tool, w, name):
    folder = pathlib.Path(w.directory) / name
    folder.mkdir()
    for file in ('danelaw-plugin.so', 'danelaw-preload.so', 'run.cnf'):
        shutil.copy(pathlib.Path(plugin_folder(tool)) / file, folder)
    return folder


def refused(checks, what, run, code, *said):
    checks.one_line_and_exit(f'run: {what}', run, code)
    checks.that(f'run: {what}: the words', all(word in run.err for word in said), f'want {said}\n    {run}')


def missing_plugin(tool, w, checks):
    empty = pathlib.Path(w.directory) / 'empty'
    empty.mkdir()
    refused(checks, 'a folder without plugin', Run([tool, 'run', '--plugin-dir', empty, '--', 'true']), CANNOT_RUN,
            str(empty / 'danelaw-plugin.so'), 'missing', '--plugin-dir')
    refused(checks, 'DANELAW_PLUGIN_DIR without plugin',
            Run([tool, 'run', '--', 'true'], env={'DANELAW_PLUGIN_DIR': str(empty)}), CANNOT_RUN, str(empty), 'missing')
    half = copy_of_plugin(tool, w, 'half')
    (half / 'danelaw-preload.so').unlink()
    refused(checks, 'a folder without preload object', Run([tool, 'run', '--plugin-dir', half, '--', 'true']), CANNOT_RUN,
            str(half / 'danelaw-preload.so'), 'missing')
    blank = copy_of_plugin(tool, w, 'a blank')
    refused(checks, 'a folder that LD_PRELOAD cannot name', Run([tool, 'run', '--plugin-dir', blank, '--', 'true']), CANNOT_RUN,
            'LD_PRELOAD')
    for number, file in enumerate(('danelaw-plugin.so', 'danelaw-preload.so')):
        folder = copy_of_plugin(tool, w, f'garbage{number}')
        (folder / file).write_text('no object')
        refused(checks, f'{file} is garbage', Run([tool, 'run', '--plugin-dir', folder, '--', 'true']), CANNOT_RUN,
                str(folder / file))
    folder = copy_of_plugin(tool, w, 'idle')
    (folder / 'run.cnf').write_text('openssl_conf = openssl_init\n[openssl_init]\n')
    refused(checks, 'the plugin is there and not active', Run([tool, 'run', '--plugin-dir', folder, '--', 'true']), CANNOT_RUN,
            'not active')


def wrong_settings(tool, w, checks):
    """What only the plugin can judge is judged before the command runs."""
    bad = w.write('bad.conf', 'mode = off\nrules = a\n[a]\nmode = off\n')
    refused(checks, 'a configuration that is wrong', Run([tool, 'run', '--config', bad, '--', 'true']), CANNOT_RUN, bad, '[a]')
    refused(checks, 'DANELAW_SETTINGS that are wrong', Run([tool, 'run', '--', 'true'], env={'DANELAW_SETTINGS': 'moode = off'}),
            CANNOT_RUN, 'DANELAW_SETTINGS', 'moode')
    refused(checks, 'R6698-4.1a: trust anchors that are not there',
            Run([tool, 'run', '--trust-anchors', w.directory + '/nowhere', '--', 'true']), CANNOT_RUN, 'nowhere')


def missing_command(tool, w, checks):
    plain = w.write('plain', 'no program')
    program = pathlib.Path(w.directory) / 'raised'
    shutil.copy(shutil.which('true'), program)
    refused(checks, 'no such command', Run([tool, 'run', '--', 'danelaw-no-such-command']), NOT_FOUND, 'not found')
    refused(checks, 'an empty command', Run([tool, 'run', '--', '']), NOT_FOUND, '""')
    refused(checks, 'no such file', Run([tool, 'run', '--', w.directory + '/nowhere']), NOT_FOUND, 'no such file')
    refused(checks, 'a file that is no program', Run([tool, 'run', '--', plain]), CANNOT_RUN, plain)
    refused(checks, 'a folder', Run([tool, 'run', '--', w.directory]), CANNOT_RUN, w.directory)
    for bit, word in ((stat.S_ISUID, 'set-uid'), (stat.S_ISGID, 'set-gid')):
        program.chmod(0o755 | bit)
        refused(checks, f'a {word} program', Run([tool, 'run', '--', program]), CANNOT_RUN, str(program), word)
    program.chmod(0o755)
    checks.equal('run: the same program without the bit', Run([tool, 'run', '--', program]).code, 0)


def exit_codes(tool, w, checks):
    for code in (0, 1, 7, 126, 255):
        for words in (['--', 'sh', '-c', f'exit {code}'], ['sh', '-c', f'exit {code}']):
            run = Run([tool, 'run', *words])
            checks.that(f'run: the exit code {code} is the command\'s: {words[0]}', run.code == code and not run.err, run)
    run = Run([tool, 'run', '--', 'sh', '-c', 'kill -TERM $$'])
    checks.equal('run: a signal ends the command, and nothing hides it', run.code, -signal.SIGTERM, run)
    run = Run([tool, 'run', '--', 'printf', '%s|', '--mode', '--', '-x', ''])
    checks.equal('run: words after -- are the command\'s', run.out, '--mode|--|-x||', run)
    run = Run([tool, 'run', 'printf', '%s|', '--', '-x'])
    checks.equal('run: so is a -- after the command', run.out, '--|-x|', run)
    script = pathlib.Path(w.write('script', 'exit 9\n'))
    script.chmod(0o755)
    checks.equal('run: a script without #! is the shell\'s', Run([tool, 'run', '--', script]).code, 9)
    said = subprocess.run([tool, 'run', '--', 'cat'], input=b'through', capture_output=True, timeout=60)
    checks.equal('run: standard input is the command\'s', said.stdout, b'through')


def environment(tool, w, checks):
    folder = plugin_folder(tool)
    run, seen = environment_of(tool)
    checks.that('run: the environment of a command without options',
                seen['LD_PRELOAD'] == folder + '/danelaw-preload.so' and seen['OPENSSL_CONF'] == folder + '/run.cnf'
                and seen['DANELAW_PLUGIN_DIR'] == folder and seen['DANELAW_OPENSSL_CONF'].endswith('/openssl.cnf')
                and seen['DANELAW_SETTINGS'] is None and seen['DANELAW_CONF'] is None, f'{seen}\n    {run}')
    own = w.write('own.cnf', '# nothing\n')
    config = w.write('danelaw.conf', 'mode = off\n')
    harmless = copy_of_plugin(tool, w, 'harmless') / 'danelaw-preload.so'
    run, seen = environment_of(tool, '--config', config, env={'OPENSSL_CONF': own, 'LD_PRELOAD': str(harmless)})
    checks.that('run: what the user has set is kept: openssl.cnf is included, and LD_PRELOAD comes after ours',
                seen['DANELAW_OPENSSL_CONF'] == own and seen['OPENSSL_CONF'] == folder + '/run.cnf'
                and seen['LD_PRELOAD'] == f'{folder}/danelaw-preload.so:{harmless}' and seen['DANELAW_CONF'] == config,
                f'{seen}\n    {run}')
    for conf in ('', w.directory + '/nowhere.cnf'):
        _, seen = environment_of(tool, env={'OPENSSL_CONF': conf})
        checks.equal(f'run: OPENSSL_CONF={conf!r} is no file to include', seen['DANELAW_OPENSSL_CONF'], '/dev/null', seen)
    run, seen = environment_of(tool, env={'OPENSSL_CONF': folder + '/openssl.cnf'})
    checks.equal('run: an openssl.cnf that loads the plugin stays', seen['OPENSSL_CONF'], folder + '/openssl.cnf', run)
    nested = Run([tool, 'run', '--', tool, 'run', '--', 'sh', '-c', 'echo "$OPENSSL_CONF"; exit 5'])
    checks.that('run: within run', nested.code == 5 and nested.out.strip() == folder + '/run.cnf', nested)


def settings(tool, w, checks):
    run, seen = environment_of(tool, '--mode', 'mandatory', '--profile', 'smtp', '--engine', 'recursing', '--timeout', '1234',
                               '--root-servers', '127.0.0.1', '--verify-none', 'enforce', '--log', 'stderr', '--log-level',
                               'info', '--set', 'never_asked=a.example', '--set', 'never_asked=b.example')
    lines = set((seen['DANELAW_SETTINGS'] or '').splitlines())
    checks.that('run: every option is a setting', {
        'mode = "mandatory"', 'profile = "smtp"', 'engine = "recursing"', 'deadline = "1234"', 'root_servers = "127.0.0.1"',
        'verify_none = "enforce"', 'log = "stderr"', 'log_level = "info"', 'never_asked = "b.example"'} <= lines, run)
    _, seen = environment_of(tool, '--mode', 'mandatory', env={'DANELAW_SETTINGS': 'mode = off\\'})
    checks.that('run: settings that are there come first, and end their line',
                seen['DANELAW_SETTINGS'].startswith('mode = off\\\n')
                and seen['DANELAW_SETTINGS'].endswith('[default]\nmode = "mandatory"\n'), seen)


def doors(tool, w, checks):
    """The plugin refuses in a program that comes in by either door; its settings come through, odd paths too."""
    log = pathlib.Path(w.directory) / 'a log with "quotes", #, $ and \\'
    sections = {
        'other': ('openssl_conf = other\n[other]\n', 'openssl_init'),
        'node': ('nodejs_conf = other\n[other]\n', 'nodejs_conf'),
        'broken': ('[broken\n', 'line 1'),
        'another plugin': ('openssl_conf = openssl_init\n[openssl_init]\ndanelaw = a\n[a]\npath = /nowhere/x.so\n',
                           '/nowhere/x.so'),
    }
    for what, (text, said) in sections.items():
        conf = w.write(what.replace(' ', '-') + '.cnf', text)
        run = Run([tool, 'run', '--', 'true'], env={'OPENSSL_CONF': conf})
        refused(checks, f'openssl.cnf: {what}', run, CANNOT_RUN, conf, said)
    with Server(context_for(w.leaf, w.intermediate)) as server:
        connect = ['openssl', 's_client', '-brief', '-connect', f'localhost:{server.port}', '-servername', 'localhost']
        checks.equal('run: openssl s_client takes any certificate by itself', Run(connect).code, 0)
        run = Run([tool, 'run', '--mode', 'mandatory', '--verify-none', 'enforce', '--log', log, '--', *connect])
        checks.equal('run: with DANE mandatory it takes none that nobody vouches for', run.code, 1, run)
        said = log.read_text() if log.exists() else ''
        checks.that('run: the log says so', f'localhost:{server.port}/tcp' in said and 'mandatory-without-dane' in said, said)


def run_all(tool, w, checks):
    wrong_arguments(tool, w, checks)
    if not can_preload():
        print('run: built with a sanitizer, so that only its arguments are tried')
        return
    missing_plugin(tool, w, checks)
    wrong_settings(tool, w, checks)
    missing_command(tool, w, checks)
    exit_codes(tool, w, checks)
    environment(tool, w, checks)
    settings(tool, w, checks)
    doors(tool, w, checks)
