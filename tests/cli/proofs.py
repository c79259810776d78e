"""`danelaw validate-proof`: the examples of RFC 9102, changed in every way that must or must not matter, and bad input."""

import random

import rfc9102_vectors as vectors
from harness import Run

_RECORD = '3 1 1 8bd1da95272f7fa4ffb24137fc0ed03aae67e5c4d8b3c50734e1050a7920b922'
_WANTED = {'A.6': ('secure', 'denial', 0, []), 'A.7': ('secure', 'denial', 0, []), 'A.8': ('insecure', '', 3, [])}
_SECURE = ('secure', 'rrset', 0, [_RECORD])
# It denies *.example, which matters not: below an opt-out span the name may be delegated, whatever a wildcard says.
_NOT_NEEDED = {('A.8', b' shn05itmoa45mmnv74lc4p0nnfmimtjt\x07example')}
_WWW = '_443._tcp.www.example.com'
_ROOT_TXT = b'\0' + vectors.u16(16) + vectors.u16(1) + bytes(4) + vectors.u16(2) + b'\1x'


class Judge:
    def __init__(self, tool, w):
        self.tool, self.w = tool, w
        self.anchors = w.write('rfc9102.ds', vectors.ANCHOR + '\n')

    def __call__(self, octets, qname, *options, qtype='TLSA', time=vectors.VALID):
        return Run([self.tool, 'validate-proof', '--json', '--proof', self.w.write('proof', octets), '--anchors', self.anchors,
                    '--qname', qname, '--qtype', qtype, '--time', str(time), *options])


def said(run):
    got = run.object() if run.out else {}
    return got.get('dnssec'), got.get('answer'), run.code, got.get('records')


def failed(run, word, code=''):
    got = run.object() if run.out else {}
    return run.code == 1 and got.get('dnssec') == word and got.get('code') == (code or got.get('code')) and not got['records']


def rrset_of(wire):
    """Owner and type of a record in wire form; of a signature the type that it covers."""
    end = wire.index(b'\0')
    kind = wire[end + 1:end + 3]
    return wire[:end], wire[end + 11:end + 13] if kind == vectors.u16(46) else kind


def whole_vectors(judge, checks):
    for which, (qname, _blocks) in vectors.VECTORS.items():
        records = vectors.records(which)
        wanted = _WANTED.get(which, _SECURE)
        checks.equal(f'RFC 9102 {which}', said(judge(b''.join(records), qname)), wanted)
        checks.equal(f'{which}: the type by number, the name in capitals',
                     said(judge(b''.join(records), qname.upper(), qtype='TYPE52')), wanted)
        traced = judge(b''.join(records), qname, '--trace')
        end = traced.object()['trace'][-1]
        state = {'secure': 'secure', 'insecure': 'insecure', 'bogus': 'bogus'}.get(wanted[0], 'missing')
        checks.equal(f'{which}: the trace ends as the verdict', (said(traced), end['kind'], end['state']), (wanted, 'end', state))
        mixed = records + records
        random.Random(which).shuffle(mixed)
        checks.equal(f'{which}: neither order nor duplicates matter', said(judge(b''.join(mixed), qname)), wanted)
        more = mixed + [_ROOT_TXT] + [record for other in vectors.VECTORS if other != which
                                      for record in vectors.records(other)]
        checks.equal(f'R9102-2b: {which}: records of other questions do not matter', said(judge(b''.join(more), qname)),
                     wanted)
        for rrset in sorted(set(map(rrset_of, records))):
            run = judge(b''.join(one for one in records if rrset_of(one) != rrset), qname)
            if (which, rrset[0]) in _NOT_NEEDED:
                checks.equal(f'{which}: {rrset} is not needed', said(run), wanted)
            else:
                checks.that(f'{which}: without {rrset} nothing is proven', run.code == 1, run)
        for time, code in ((vectors.EXPIRED, 'signature-expired'), (vectors.NOT_YET, 'signature-not-yet-valid')):
            run = judge(b''.join(records), qname, time=time)
            checks.that(f'{which}: {code}', failed(run, 'bogus', code), run)
    run = judge(vectors.chain('A.1'), 'www.example.net')
    checks.that('a proof proves nothing of another name', failed(run, 'indeterminate', 'incomplete'), run)


def forgeries(judge, checks):
    """R9102-2b: what follows the DNAME must be its own substitution; a synthesized CNAME is not looked at."""
    qname = vectors.VECTORS['A.5'][0]
    synthesized = vectors.record(f'{qname}. 3600 CNAME {_WWW}.')
    checks.equal('A.5 with the CNAME that the DNAME makes', said(judge(vectors.chain('A.5') + synthesized, qname)), _SECURE)
    forged = vectors.record(f'{qname}. 3600 CNAME elsewhere.example.')
    checks.equal('A.5 with another CNAME', said(judge(vectors.chain('A.5') + forged, qname)), _SECURE)
    evil = vectors.record(f'{_WWW}. 3600 TLSA 3 1 1 {"00" * 32}')
    run = judge(vectors.chain('A.1') + evil, _WWW)
    checks.that('A.1 with another TLSA record beside its own is bogus', failed(run, 'bogus', 'signature-invalid'), run)
    flipped = bytearray(vectors.chain('A.1'))
    flipped[60] ^= 1
    run = judge(bytes(flipped), _WWW)
    checks.that('A.1 with one bit of its record changed is bogus', failed(run, 'bogus', 'signature-invalid'), run)
    other = judge.w.write('other.ds', '. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n')
    judge.anchors, kept = other, judge.anchors
    run = judge(vectors.chain('A.1'), _WWW)
    checks.that('another anchor at the root', failed(run, 'bogus', 'key-not-linked'), run)
    judge.anchors = judge.w.write('org.ds', vectors.ANCHOR.replace('. IN', 'org. IN', 1) + '\n')
    run = judge(vectors.chain('A.1'), _WWW)
    checks.that('R6698-4.1a: an anchor that does not cover the name', failed(run, 'indeterminate', 'no-anchor-above'), run)
    judge.anchors = kept


def extension_data(judge, checks):
    chain = vectors.chain('A.1')
    for what, octets, lifetime in (
            ('A.1 byte for byte: no length before the chain', vectors.A1_EXTENSION_DATA, 0),
            ('R9102-2a: with the length before the chain', vectors.u16(720) + vectors.u16(len(chain)) + chain, 720)):
        run = judge(octets, _WWW, '--extension-data')
        checks.equal(what, (said(run), run.object().get('support_lifetime')), (_SECURE, lifetime), run)
        for cut in (0, 1, 2, 3, 4, 40, len(octets) - 1):
            run = judge(octets[:cut], _WWW, '--extension-data')
            checks.that(f'{what}, cut to {cut} octets', failed(run, 'malformed', 'malformed'), run)
        run = judge(octets, _WWW)
        checks.that(f'{what}, read as a chain alone', failed(run, 'malformed'), run)
    run = judge(chain, _WWW)
    checks.that('a chain alone has no lifetime', 'support_lifetime' not in run.object(), run)


def malformed(judge, checks):
    chain = vectors.chain('A.1')
    pointer = b'\xc0\x00' + vectors.u16(1) + vectors.u16(1) + bytes(4) + vectors.u16(4) + bytes(4)
    cname = b'\1x\0' + vectors.u16(5) + vectors.u16(1) + bytes(4) + vectors.u16(2) + b'\xc0\x00'
    chaos = b'\0' + vectors.u16(16) + vectors.u16(3) + bytes(4) + vectors.u16(2) + b'\1x'
    long = b'\0' + vectors.u16(16) + vectors.u16(1) + bytes(4) + vectors.u16(9) + b'\1x'
    for what, octets in (('empty', b''), ('one octet too many', chain + b'\0'), ('a compressed owner', chain + pointer),
                         ('a compressed name in the data', chain + cname), ('another class', chain + chaos),
                         ('data past the end', chain + long), ('text', b'not a proof\n'), ('zeros', bytes(1000)),
                         ('longer than any chain', chain + _ROOT_TXT * 6000)):
        run = judge(octets, _WWW)
        checks.that(f'{what} is malformed', failed(run, 'malformed', 'malformed'), run)
        checks.that(f'{what}: why', 'malformed authentication chain: ' in run.object().get('reason', ''), run)
    for end in range(0, len(chain), 97):
        run = judge(chain[:end], _WWW)
        checks.that(f'cut to {end} octets nothing is proven', run.code == 1 and run.object()['dnssec'] != 'secure', run)


def bad_input(tool, w, checks):
    proof, anchors = w.write('good.proof', vectors.chain('A.1')), w.write('good.ds', vectors.ANCHOR + '\n')
    good = {'--proof': proof, '--anchors': anchors, '--qname': _WWW, '--qtype': 'TLSA', '--time': str(vectors.VALID)}

    def words(**changed):
        given = {**good, **{f'--{key}': value for key, value in changed.items()}}
        return [tool, 'validate-proof', *(word for pair in given.items() if pair[1] is not None for word in pair)]

    nowhere, garbage = w.directory + '/nowhere', w.write('garbage.ds', b'\0\1 no anchor')
    for key, value in (('proof', nowhere), ('proof', w.directory), ('proof', ''), ('proof', None), ('anchors', nowhere),
                       ('anchors', garbage), ('anchors', w.write('empty.ds', '')), ('anchors', ''), ('anchors', None),
                       ('qname', 'a..b'), ('qname', '192.0.2.1'), ('qname', 'https://www.example.com/'), ('qname', None),
                       ('qtype', 'FROB'), ('qtype', 'TYPE65536'), ('qtype', None), ('time', 'soon'), ('time', '-1'),
                       ('time', ''), ('proof', w.write('huge.proof', bytes((1 << 20) + 1)))):
        checks.one_line_and_exit(f'--{key} {value!r}', Run(words(**{key: value})), 2)
    for what, extra in (('an unknown option', ['--frob']), ('a word too many', ['x']), ('a resolver', ['--resolver', '127.0.0.1'])):
        checks.one_line_and_exit(what, Run(words() + extra), 2)
    for options in (['www.example.com', '--lifetime', '5', '-o', 'x'], ['www.example.com', '--json'], ['192.0.2.1', '-o', 'x'],
                    ['www.example.com', '-o', 'x', '--engine', 'recursing'], ['www.example.com:0', '-o', 'x'], []):
        checks.one_line_and_exit(f'proof {options}', Run([tool, 'proof', *options]), 2)
    checks.one_line_and_exit('--save-proof needs the stub engine',
                             Run([tool, 'lookup', 'www.example.com', 'A', '--engine', 'recursing', '--save-proof', 'x']), 2)
    run = Run(words(time='now'))
    checks.that('--time now, after the signatures have ended', run.code == 1 and run.out.startswith(f'{_WWW} TLSA: bogus'), run)
    run = Run(words())
    checks.that('text for people begins with what is proven', run.code == 0 and
                run.out.startswith(f'{_WWW} TLSA: secure rrset\n  {_RECORD}\n'), run)


def run_all(tool, w, checks):
    judge = Judge(tool, w)
    whole_vectors(judge, checks)
    forgeries(judge, checks)
    extension_data(judge, checks)
    malformed(judge, checks)
    bad_input(tool, w, checks)
