"""Drives the sample client from lines on stdin, for the interop tests: an outcome in JSON for each line."""

import json
import sys

from driving import as_dict, outcome_of
from pension_client import PensionClient


class Driven(PensionClient):
    """The sample client, able to leave a header out and to have registered at another time."""

    given = {}

    def headers(self):
        headers = super().headers()
        if "registered" in self.given:
            headers["RequestUserMetadataHeader"]["RegistrationDateTime"] = self.given["registered"]
        return {name: value for name, value in headers.items() if name != self.given.get("without")}


def save(given):
    client.given = given
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


def get(given):
    client.given = given
    return {"list": [as_dict(forloeb) for forloeb in client.get(given["personnummer"])]}


wsdl, cert, key, ca, organisation_type, organisation_code = sys.argv[1:]
with Driven(wsdl, None if cert == "-" else cert, key, ca, int(organisation_type), organisation_code) as client:
    for line in sys.stdin:
        print(json.dumps(outcome_of({"save": save, "get": get}, line)), flush=True)
