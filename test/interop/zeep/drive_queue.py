"""Drives the sample client of the queue from lines on stdin, for the interop tests: an outcome in JSON for each line."""

import json
import sys

from driving import as_dict, outcome_of
from queue_client import MessageClient, WsrmClient
from zeep.xsd import Nil


class Driven(MessageClient):
    """The sample client, able to leave a header out."""

    without = None

    def headers(self):
        return {name: value for name, value in super().headers().items() if name != self.without}


def besked(registration):
    by = registration.RequestUserMetadata
    user, organisation = by.RequestUserStructure, by.RequestOrganisationStructure
    return {
        "message": registration.MessageIdentifier,
        "type": registration.RegistrationType,
        "event": registration.EventDate.isoformat(timespec="milliseconds"),
        "personnummer": registration.Personnummer,
        "by": {
            "name": user.UserFullName,
            "userType": user.RequestUserTypeIdentifier.CodeListItemIdentifier,
            "user": user.UserIdentifier,
            "organisationType": organisation.OrganisationTypeIdentifier.CodeListItemIdentifier,
            "organisation": organisation.OrganisationCode,
            "registered": by.RegistrationDateTime.isoformat(),
        },
        **as_dict(registration),
    }


def create(given):
    nils = ["AcksTo", "Expires", "Offer", "SubQueueIdentifier"] if "elements" in given else []
    identifier, inventory = wsrm.create(**{name: Nil for name in nils})
    items = [
        {"service": item.ServiceName, "endpoint": item.ServiceEndpoint, "count": item.MessageCount}
        for item in inventory
    ]
    return {"sequence": identifier, "inventory": items}


def fetch(given):
    messages.without = given.get("without")
    sequence, beskeder = messages.fetch(given["sequence"])
    return {"sequence": sequence, "beskeder": [besked(registration) for registration in beskeder]}


VERBS = {
    "create": create,
    "fetch": fetch,
    "close": lambda given: {"sequence": wsrm.close(given["sequence"])},
    "terminate": lambda given: {"sequence": wsrm.terminate(given["sequence"])},
}

wsrm_wsdl, message_wsdl, cert, key, ca, organisation_type, organisation_code = sys.argv[1:]
identity = (cert, key, ca, int(organisation_type), organisation_code)
with WsrmClient(wsrm_wsdl, *identity) as wsrm, Driven(message_wsdl, *identity) as messages:
    for line in sys.stdin:
        print(json.dumps(outcome_of(VERBS, line)), flush=True)
