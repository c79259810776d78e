"""`danelaw verify-chain` over chains and records made here: verdict, X.509 code, depth, exit code."""

import time

from harness import Run

OK, NOT_YET_VALID, EXPIRED, SELF_SIGNED, NO_LOCAL_ISSUER, HOSTNAME, NO_MATCH = 0, 9, 10, 18, 20, 62, 65
NAME = 'www.example.com'
DAY = 86400


def rows(w):
    """what, chain, records, options, X.509 code, depth. The CA file is named by `ca`."""
    full = (w.leaf, w.intermediate, w.root)
    sent = (w.leaf, w.intermediate)
    ca = ['--ca-file', w.root.file]
    other_ca = ['--ca-file', w.other_root.file]
    later = ['--time', str(int(time.time()) + 60 * DAY)]
    earlier = ['--time', str(int(time.time()) - 60 * DAY)]
    wrong = '3 1 1 ' + '00' * 32

    for selector in (0, 1):
        for matching_type in (0, 1, 2):
            form = f'{selector} {matching_type}'
            yield f'usage 3 {form} matches the leaf', sent, [w.leaf.record(3, selector, matching_type)], [], OK, 0
            yield f'usage 2 {form} matches the root sent', full, [w.root.record(2, selector, matching_type)], [], OK, 2
            yield (f'usage 2 {form} matches the intermediate sent', sent,
                   [w.intermediate.record(2, selector, matching_type)], [], OK, 1)
            yield f'usage 1 {form} matches the leaf', sent, [w.leaf.record(1, selector, matching_type)], ca, OK, 0
            yield (f'usage 0 {form} matches the root of the store', sent, [w.root.record(0, selector, matching_type)],
                   ca, OK, 2)
    yield 'R7671-5.2b: 2 0 0 vouches for an anchor that was not sent', sent, [w.root.record(2, 0, 0)], [], OK, 2
    yield 'R7671-5.2b: 2 0 1 needs the anchor in the chain', sent, [w.root.record(2, 0, 1)], [], NO_MATCH, -1
    yield ('R7671-5.2c: the anchor merely appended vouches for nothing', (w.other_leaf, w.root),
           [w.root.record(2, 0, 1)], [], NO_MATCH, -1)
    yield 'R7671-5.1b: usage 3 does not match a CA', full, [w.root.record(3, 0, 1)], [], NO_MATCH, -1
    yield 'R7671-5.3a: usage 1 needs a trusted path', sent, [w.leaf.record(1, 1, 1)], [], NO_LOCAL_ISSUER, -1
    yield 'R7671-5.3a: another store does not do', sent, [w.leaf.record(1, 1, 1)], other_ca, NO_LOCAL_ISSUER, -1
    yield 'R7671-5.4a: usage 0 does not match a leaf', sent, [w.leaf.record(0, 1, 1)], ca, NO_MATCH, -1
    yield 'R7671-5.2d: usage 2 does not look at the store', sent, [w.root.record(2, 1, 1)], ca, NO_MATCH, -1
    yield 'usage 3 vouches for a self-signed leaf', (w.self_signed,), [w.self_signed.record(3, 0, 1)], [], OK, 0
    yield 'R6698-4.1d: no match is a failure, whatever PKIX says', sent, [wrong], ca, NO_MATCH, -1
    yield 'R6698-4.1c: the second record matches', sent, [wrong, w.leaf.record(3, 1, 1)], [], OK, 0
    yield 'R6698-4.1c: the first record matches', sent, [w.leaf.record(3, 1, 1), wrong], [], OK, 0
    yield ('R6698-4.1c: an unusable record spoils nothing', sent,
           ['3 1 1 00', '9 9 9 00', w.leaf.record(3, 1, 1)], [], OK, 0)
    yield ('R7671-9a: SHA2-512 wrong is not rescued by SHA2-256 right', sent,
           ['3 1 2 ' + '00' * 64, w.leaf.record(3, 1, 1)], [], NO_MATCH, -1)
    yield ('R7671-9a: another selector has an agility of its own', sent,
           ['3 0 2 ' + '00' * 64, w.leaf.record(3, 1, 1)], [], OK, 0)
    yield 'R6698-4.1e: without a record PKIX decides, and accepts', sent, [], ca, OK, -1
    yield 'R6698-4.1e: without a record PKIX decides, and refuses', sent, [], [], NO_LOCAL_ISSUER, -1
    yield 'R6698-4.1e: with unusable records only, PKIX accepts', sent, ['3 1 1 00'], ca, OK, -1
    yield 'R6698-4.1e: with unusable records only, PKIX refuses', sent, ['3 1 1 00'], other_ca, NO_LOCAL_ISSUER, -1
    yield 'R7671-5.1a: usage 3 does not look at dates (late)', sent, [w.leaf.record(3, 1, 1)], later, OK, 0
    yield 'R7671-5.1a: usage 3 does not look at dates (early)', sent, [w.leaf.record(3, 1, 1)], earlier, OK, 0
    yield 'R7671-5.2a: usage 2 looks at dates (late)', full, [w.root.record(2, 1, 1)], later, EXPIRED, -1
    yield 'R7671-5.2a: usage 2 looks at dates (early)', full, [w.root.record(2, 1, 1)], earlier, NOT_YET_VALID, -1
    yield '--time now is the default', full, [w.root.record(2, 1, 1)], ['--time', 'now'], OK, 2
    yield 'R7671-10.2a: a wildcard stands for one label', (w.wild, w.intermediate), [w.intermediate.record(2, 1, 1)], [], OK, 1
    yield ('R7671-10.2a: the subject is no name', (w.nameless, w.intermediate), [w.intermediate.record(2, 1, 1)], [],
           HOSTNAME, -1)
    yield ('--verify-depth bounds the path', full, [w.root.record(2, 1, 1)], ['--verify-depth', '0'], 22, -1)
    yield '--verify-depth leaves room', full, [w.root.record(2, 1, 1)], ['--verify-depth', '1'], OK, 2


def name_rows(w):
    """what, names, records, options, X.509 code."""
    chain = (w.leaf, w.intermediate)
    dane_ta, dane_ee = w.intermediate.record(2, 1, 1), w.leaf.record(3, 1, 1)
    ca = ['--ca-file', w.root.file]
    skip = ['--dane-ee-no-namecheck']
    yield 'the name fits', ['www.example.com'], dane_ta, [], OK
    yield 'case and a trailing dot do not matter', ['WWW.Example.COM.'], dane_ta, [], OK
    yield 'another name does not', ['other.example'], dane_ta, [], HOSTNAME
    yield 'R7671-7c: any one of several names is enough', ['other.example', 'www.example.com'], dane_ta, [], OK
    yield 'none of several names', ['a.example', 'b.example'], dane_ta, [], HOSTNAME
    yield 'R7671-5.1a: usage 3 compares names in the generic profile', ['other.example'], dane_ee, [], HOSTNAME
    yield 'R7671-5.1a: --dane-ee-no-namecheck follows the RFC', ['other.example'], dane_ee, skip, OK
    yield '--dane-ee-no-namecheck is for usage 3 only', ['other.example'], dane_ta, skip, HOSTNAME
    yield 'PKIX alone compares names too', ['other.example'], None, ca, HOSTNAME
    yield 'PKIX alone takes the right name', ['www.example.com'], None, ca, OK
    yield 'PKIX alone takes the second name', ['other.example', 'www.example.com'], None, ca, OK


def verify(tool, w, chain, records, names, options):
    names_given = [word for name in names for word in ('--name', name)]
    return Run([tool, 'verify-chain', '--json', '--chain', w.chain_file(*chain), '--tlsa', w.records_file(*records),
                *names_given, *options])


def check_row(checks, what, run, code, depth):
    wanted = {'verdict': 'ok' if code == OK else 'fail', 'verify_result': code, 'match_depth': depth}
    got = {key: run.object().get(key) for key in wanted} if run.out else None
    checks.equal(what, (run.code, got), (0 if code == OK else 1, wanted), run)


def run_all(tool, w, checks):
    for what, chain, records, options, code, depth in rows(w):
        check_row(checks, what, verify(tool, w, chain, records, [NAME], options), code, depth)
    for what, names, record, options, code in name_rows(w):
        run = verify(tool, w, (w.leaf, w.intermediate), [record] if record else [], names, options)
        got = (run.code, run.object()['verify_result'] if run.out else None)
        checks.equal(what, got, (0 if code == OK else 1, code), run)
    shape(tool, w, checks)
    empty_and_long_chains(tool, w, checks)
    records_file_syntax(tool, w, checks)


def shape(tool, w, checks):
    run = verify(tool, w, (w.leaf, w.intermediate), ['3 1 1 00', w.leaf.record(3, 1, 1)], [NAME], [])
    got = run.object()
    checks.equal('one line of JSON', len(run.out.splitlines()), 1, run)
    for key, kind in (('verdict', str), ('verify_result', int), ('match_depth', int), ('reason', str),
                      ('records', list), ('chain', str), ('decision', str), ('matched_name', str)):
        checks.that(f'JSON has {key}', isinstance(got.get(key), kind), run)
    checks.equal('the unusable record has its standing', got['records'][0]['standing'], 'digest-length', run)
    checks.equal('the deciding record has its depth', got['records'][1]['matched_depth'], 0, run)
    checks.equal('the deciding record has its text', got['records'][1]['text'], w.leaf.record(3, 1, 1), run)
    checks.equal('decision', got['decision'], 'authenticated', run)
    checks.equal('reason', got['reason'], 'matched', run)
    checks.equal('matched name', got['matched_name'], NAME, run)
    text = Run([tool, 'verify-chain', '--chain', w.chain_file(w.leaf), '--tlsa',
                w.records_file(w.leaf.record(3, 1, 1)), '--name', NAME])
    checks.that('text for people begins with the verdict', text.code == 0 and text.out.startswith('ok: '), text)
    checks.that('no colour where there is no terminal', '\x1b' not in text.out, text)
    checks.that('offline there is a name and no port',
                text.out.startswith(f'ok: {NAME}: ') and ':443' not in text.out and '/tcp' not in text.out, text)
    run = verify(tool, w, (w.leaf,), [w.leaf.record(3, 1, 1)], ['a.example', NAME], [])
    checks.that('offline the summary begins with the names', run.object()['reason_text'].startswith(f'a.example, {NAME}: '),
                run)


def empty_and_long_chains(tool, w, checks):
    record = w.leaf.record(3, 1, 1)
    run = verify(tool, w, (), [record], [NAME], [])
    checks.that('an empty chain fails', run.code == 1 and run.object()['verdict'] == 'fail', run)
    run = verify(tool, w, (w.leaf,) + (w.other_root,) * 99, [record], [NAME], [])
    checks.equal('a chain of 100 certificates does no harm', run.code, 0, run)
    run = verify(tool, w, (w.leaf,), ['3 0 0 ' + '00' * 65532, record], [NAME], [])
    checks.equal('a record of 64 KiB does no harm', run.code, 0, run)


def records_file_syntax(tool, w, checks):
    chain = w.chain_file(w.leaf, w.intermediate)
    good = w.leaf.record(3, 1, 1)
    octets = good.split()[3]

    def run(text):
        return Run([tool, 'verify-chain', '--json', '--chain', chain, '--tlsa', w.write('syntax.txt', text), '--name', NAME])

    for what, text in (('comments and blank lines', f'# the new key\n\n   \n{good} # in use\n'),
                       ('no line feed at the end', good),
                       ('carriage returns', f'{good}\r\n'),
                       ('upper case and split hex', f'3 1 1 {octets[:10].upper()} {octets[10:]}\n'),
                       ('the generic form of RFC 3597', f'\\# 35 030101{octets}\n')):
        checks.equal(f'records file: {what}', run(text).code, 0, run(text))
    for what, text, line in (('letters for numbers', 'x y z 00\n', 1), ('odd hex', f'{good}\n3 1 1 abc\n', 2),
                             ('too few fields', '\n\n3 1\n', 3), ('a number too big', '300 1 1 00\n', 1),
                             ('a zero octet', b'3 1 1 00\0\n', 1), ('not a file of text', b'\x7fELF\x01\x02\n', 1),
                             ('generic form of another length', f'\\# 36 030101{octets}\n', 1)):
        refused = run(text)
        checks.one_line_and_exit(f'records file: {what}', refused, 2)
        checks.that(f'records file: {what}: the line is named', f'syntax.txt:{line}: ' in refused.err, refused)
