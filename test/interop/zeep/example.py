"""Reports a forløb, reads it back and is refused another that overlaps it."""

import sys
import uuid
from datetime import date

from pension_client import PensionClient
from service_client import PensionFault

wsdl, cert, key, ca, organisation_type, organisation_code = sys.argv[1:]
personnummer = input("Personnummer: ")  # not an argument: those stand in the process list

overgang = {
    "TidligPensionOvergangsdato": date(2026, 2, 1),
    "TidligPensionAfgoerelsesdato": date(2026, 1, 12),
}
with PensionClient(wsdl, cert, key, ca, int(organisation_type), organisation_code) as client:
    # Make the identifier yourself: a call that is sent again after a lost answer then overwrites itself.
    print("saved", client.save(personnummer, str(uuid.uuid4()), overgang))
    for forloeb in client.get(personnummer):
        print("read", forloeb.TidligPensionIdentifier, forloeb.OvergangTilTidligPension.TidligPensionOvergangsdato)
    try:
        client.save(personnummer, str(uuid.uuid4()), overgang)
    except PensionFault as fault:
        print("refused", fault.code, fault.message)
