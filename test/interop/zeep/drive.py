"""Drives the sample client from lines on stdin, for the interop tests: an outcome in JSON for each line."""

import json
import sys

from pension_client import PensionClient, PensionFault


class Driven(PensionClient):
    """The sample client, able to leave a header out."""

    without = None

    def headers(self):
        return {name: value for name, value in super().headers().items() if name != self.without}


def save(client, given):
    overgang = {
        "TidligPensionOvergangsdato": given.get("overgang"),
        "TidligPensionAfgoerelsesdato": given.get("afgoerelse"),
        "TidligPensionOphoersdato": given.get("ophoer"),
    }
    kompensation = {"Kompensationsafgoerelsesdato": given.get("kompensation")}
    return {
        "guid": client.save(
            given["personnummer"],
            given.get("guid"),
            overgang if "overgang" in given else None,
            kompensation if "kompensation" in given else None,
        )
    }


def as_dict(forloeb):
    overgang = forloeb.OvergangTilTidligPension
    kompensation = forloeb.Kompensationsudbetaling
    found = {
        "guid": forloeb.TidligPensionIdentifier,
        "overgang": overgang and overgang.TidligPensionOvergangsdato.isoformat(),
        "afgoerelse": overgang and overgang.TidligPensionAfgoerelsesdato.isoformat(),
        "ophoer": overgang and overgang.TidligPensionOphoersdato and overgang.TidligPensionOphoersdato.isoformat(),
        "kompensation": kompensation and kompensation.Kompensationsafgoerelsesdato.isoformat(),
    }
    return {name: value for name, value in found.items() if value is not None}


def outcome(client, line):
    verb, *words = line.split()
    given = dict(word.split("=", 1) for word in words)
    client.without = given.get("without")
    try:
        if verb == "save":
            return save(client, given)
        return {"list": [as_dict(forloeb) for forloeb in client.get(given["personnummer"])]}
    except PensionFault as fault:
        return {"fault": fault.code, "text": fault.text, "message": fault.message, "source": fault.source}
    except Exception as error:
        return {"error": repr(error)}


wsdl, cert, key, ca, organisation_type, organisation_code = sys.argv[1:]
with Driven(wsdl, None if cert == "-" else cert, key, ca, int(organisation_type), organisation_code) as client:
    for line in sys.stdin:
        print(json.dumps(outcome(client, line)), flush=True)
