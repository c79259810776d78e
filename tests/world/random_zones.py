# SPDX-License-Identifier: Apache-2.0
"""Trees of zones made from dice: every chain of denial, algorithm and kind of delegation, names of every kind, and sometimes
something wrong. They hang below the root of a running world, at name servers of their own."""

import dataclasses

import zones

TOP_SERVER = "10.53.0.5"
BELOW_SERVER = "10.53.0.6"

_TYPES = ("A", "A", "TLSA", "TLSA", "TLSA", "TXT", "MX", "CNAME", "DS", "SOA", "DNAME")
_LIKELY = ("www", "_443._tcp.www", "many", "x.wild", "alias", "x.walias", "there.moved")
_PREFIXES = (*_LIKELY, "_tcp.www", "no", "a.no", "a.no.www", "y.x.wild", "there.wild", "wild", "*.wild", "x.there.wild",
             "walias", "x.moved", "moved", "y.x.moved", "empty", "deep.empty", "no.empty", "x", "y.x", "q.y.x",
             "_443._tcp.no", "*", "_443._tcp.x.wild", "_443._tcp.alias", "www.no.alias")
_TARGETS = ("www", "no", "x.wild", "there.wild", "alias", "empty")
_FRAUD = "4711 13 2 " + "5a" * 32


@dataclasses.dataclass
class Made:
    """A zone, and what is in it but SOA and NS: by owner without the final dot, and by type, RDATA as text."""

    zone: zones.Zone
    records: dict
    has_fraudulent_ds: bool = False  # its parent has a DS record, and it has no key

    @property
    def apex(self):
        return self.zone.name.rstrip(".")


def tree(dice, number):
    """The zones of one tree, parents first."""
    top = f"r{number}"
    apexes = [top, f"a.{top}", f"b.{top}", f"c.a.{top}"]
    return [_made(dice, apex, apexes) for apex in apexes]


def question(dice, trees_zones):
    """(name, type) of something about the zones of one tree."""
    apex = dice.choice(trees_zones).apex
    if dice.randrange(10) == 0:
        return apex, dice.choice(_TYPES)
    prefix = dice.choice(_LIKELY if dice.randrange(2) else _PREFIXES)
    return f"{prefix}.{apex}", dice.choice(("A", "TLSA") if dice.randrange(2) else _TYPES)


def master_files(made, ds_records):
    """Texts by zone, and the lines that the root needs; `ds_records` as zones.zone_texts() takes them."""
    texts = {one.zone.name: zones.head(one.zone) for one in made}
    root = ""
    for one in made:
        lines = "\n".join(_delegation(one, ds_records)) + "\n"
        parent = one.zone.name.partition(".")[2]
        if parent:
            texts[parent] += lines
        else:
            root += lines
    return texts, root


def _delegation(one, ds_records):
    lines = zones.delegation(one.zone, ds_records)
    return lines + [f"{one.zone.name} DS {_FRAUD}"] if one.has_fraudulent_ds else lines


def _made(dice, apex, apexes):
    is_top = "." not in apex
    algorithm = zones.P256 if dice.randrange(4) else dice.choice(("ECDSAP384SHA384", "ED25519", "RSASHA256"))
    has_fraudulent_ds = False
    if not is_top and dice.randrange(6) == 0:
        algorithm, has_fraudulent_ds = None, dice.randrange(8) == 0
    denial = dice.choice(("nsec", "nsec3", "nsec3-salted", "opt-out"))
    if dice.randrange(12) == 0:
        denial = "nsec3-many"
    delegation = "secure" if is_top or dice.randrange(4) else dice.choice(("wrong", "mixed", "weak", "unknown", "insecure"))
    records = _records(dice, apex, apexes)
    text = "".join(f"{owner}. {kind} {rdata}\n" for owner, kinds in records.items() for kind, rdatas in kinds.items()
                   for rdata in rdatas)
    zone = zones.Zone(f"{apex}.", algorithm, denial, TOP_SERVER if is_top else BELOW_SERVER, delegation,
                      "expired" if not is_top and dice.randrange(20) == 0 else "", text)
    return Made(zone, records, has_fraudulent_ds)


def _records(dice, apex, apexes):
    records = {}

    def maybe(labels, kind, rdata):
        if dice.randrange(4):
            records.setdefault(f"{labels}.{apex}", {}).setdefault(kind, []).append(rdata)

    def target():
        return f"{dice.choice(_TARGETS)}.{dice.choice(apexes)}."

    for labels in ("www", "many", "many", "*.wild", "there.wild", "deep.empty", "z.y.x"):
        maybe(labels, "A", f"192.0.2.{dice.randrange(256)}")
    for labels in ("_443._tcp.www", "*.wild", "many"):
        maybe(labels, "TLSA", f"3 1 1 {dice.randrange(256):02x}" + "5a" * 31)
    maybe("www", "TXT", "ok")
    if dice.randrange(3) == 0:
        maybe("*", "TLSA", f"3 1 1 {dice.randrange(256):02x}" + "a5" * 31)
    maybe("alias", "CNAME", target())
    maybe("*.walias", "CNAME", target())
    maybe("moved", "DNAME", f"wild.{dice.choice(apexes)}.")
    return records
