"""What a command prints, word by word, against a file under golden/. DANELAW_UPDATE_GOLDEN=1 writes the files anew: read
the difference before it is kept."""

import os

from harness import Run

_HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(_HERE, 'tlsa_data')
_FOLDER = os.path.join(_HERE, 'golden')
_UPDATE = os.environ.get('DANELAW_UPDATE_GOLDEN') == '1'


def transcript(words, run):
    """The command as it would be typed in DATA, and all that it says."""
    lines = [f'$ danelaw {" ".join(words)}\n', run.out]
    if run.err:
        lines.append('--- standard error\n' + run.err)
    return ''.join(lines) + f'--- exit {run.code}\n'


def check(tool, checks, name, words):
    """Text and JSON of one command form, in one file."""
    got = ''.join(transcript(form, Run([os.path.abspath(tool), *form], cwd=DATA)) for form in (words, [*words, '--json']))
    path = os.path.join(_FOLDER, name)
    if _UPDATE:
        with open(path, 'w') as file:
            file.write(got)
    try:
        with open(path) as file:
            want = file.read()
    except FileNotFoundError:
        want = ''
    checks.that(f'golden/{name}', got == want, f'got\n{got}\nwant\n{want}')


def check_all(tool, checks, rows):
    for name, words in rows:
        check(tool, checks, name, words)
    stale = set(os.listdir(_FOLDER)) - {name for name, _ in rows}
    checks.equal('every golden file belongs to a row', stale, set())
