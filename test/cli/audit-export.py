# A verifier of exports that shares nothing with the program: written from what docs/audit.md says of the format.
# `python3 audit-export.py FILE`: prints `entries unsealed seals`, or the number of the first bad entry to stderr.

import csv
import hashlib
import json
import sys

FIELDS = """seq tidspunkt correlationId operation udfald fejlkode certificate system activeOrganisationType
activeOrganisationCode requestOrganisationType requestOrganisationCode userFullName userType userIdentifier
personnummer forloebId version modtager modtagerAarsag antal adresse detaljer""".split()
NUMBERS = """seq fejlkode activeOrganisationType requestOrganisationType userType version antal nr""".split()


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = row.pop("line")
            if kind in ("export", "end"):
                yield {kind: json.loads(row["detaljer"])}
                continue
            value = {k: int(v) if k in NUMBERS else v for k, v in row.items() if v != ""}
            if "entries" in value:
                pairs = [pair.split(" ") for pair in value["entries"].split(";")]
                value["entries"] = [{"seq": int(seq), "digest": digest} for seq, digest in pairs]
            yield {kind: value}


def from_json(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)


def bad(seq):
    sys.exit(f"{seq}")


def verify(lines):
    digests, sealed, seals, before = {}, 0, 0, "0" * 64
    for line in lines:
        if "entry" in line:
            entry = line["entry"]
            assert "salt" not in entry, "this verifier knows masked exports only"
            names = [name for name in [*FIELDS, "skjult"] if name in entry]
            digests[entry["seq"]] = sha256(compact({name: entry[name] for name in names}))
        if "seal" in line:
            seal = line["seal"]
            for one in seal["entries"]:
                if digests.get(one["seq"]) != one["digest"]:
                    bad(one["seq"])
            first = seal["entries"][0]["seq"]
            content = "".join(f"{one['seq']} {one['digest']}\n" for one in seal["entries"])
            whole = f"{seal['nr']} {seal['tidspunkt']} {before} {sha256(content)}\n"
            if (seal["nr"], seal["forrige"], seal["indhold"]) != (seals + 1, before, sha256(content)):
                bad(first)
            if seal["hash"] != sha256(whole):
                bad(first)
            seals, before, sealed = seals + 1, seal["hash"], seal["entries"][-1]["seq"]
        if "end" in line and line["end"] != {"entries": len(digests), "seals": seals}:
            bad(len(digests) + 1)
    if sorted(digests) != list(range(1, len(digests) + 1)):
        bad(next(n for n in range(1, len(digests) + 2) if n not in digests))
    print(len(digests), len(digests) - sealed, seals)


verify(from_csv(sys.argv[1]) if open(sys.argv[1], "rb").read(1) != b"{" else from_json(sys.argv[1]))
