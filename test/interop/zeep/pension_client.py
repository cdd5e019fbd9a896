"""PensionService from Python with zeep: sign in with a certificate, report a forløb, read a citizen's forløb."""

from datetime import datetime, timezone

import requests
import zeep
from zeep.transports import Transport


class PensionFault(Exception):
    """A refusal by the service. Decide on `code`; quote `source` when you ask about it."""

    def __init__(self, code, text, message, source):
        super().__init__(f"{code} {text}: {message} (source {source})")
        self.code, self.text, self.message, self.source = code, text, message, source


class PensionClient:
    def __init__(self, wsdl, cert, key, ca, organisation_type, organisation_code):
        session = requests.Session()
        # requests lets REQUESTS_CA_BUNDLE of the environment win over `verify`; so do not read the environment.
        session.trust_env = False
        session.verify = ca
        if cert is not None:
            session.cert = (cert, key)
        self.session = session
        self.zeep = zeep.Client(wsdl, transport=Transport(session=session, operation_timeout=30))
        self.organisation_type = organisation_type
        self.organisation_code = organisation_code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.close()

    def headers(self):
        """Both headers go with every call: who works, and for which organisation."""
        return {
            "RequestUserMetadataHeader": {
                "RequestUserStructure": {
                    "UserFullName": "sample : zeep",
                    "RequestUserTypeIdentifier": {"CodeListItemIdentifier": 3},  # 3: a system
                    "UserIdentifier": "sample-zeep",
                },
                "RequestOrganisationStructure": {
                    "OrganisationTypeIdentifier": {"CodeListItemIdentifier": self.organisation_type},
                    "OrganisationCode": self.organisation_code,
                },
                "RegistrationDateTime": datetime.now(timezone.utc),
            },
            "ActiveOrganisationHeader": {
                "OrganisationTypeIdentifier": self.organisation_type,
                "OrganisationCode": self.organisation_code,
            },
        }

    def save(self, personnummer, identifier=None, overgang=None, kompensation=None):
        """Reports the whole state of one forløb and returns its identifier. What is left out is gone."""
        # zeep unwraps an answer with a single child: this is the identifier itself, not an object that has it.
        return self._call(
            self.zeep.service.SaveTidligPension,
            Personnummer=personnummer,
            TidligPensionIdentifier=identifier,
            OvergangTilTidligPension=overgang,
            Kompensationsudbetaling=kompensation,
        )

    def get(self, personnummer):
        """Reads the citizen's forløb; no forløb is an empty list."""
        # Unwrapped as well: this is the list itself.
        return self._call(self.zeep.service.GetTidligPension, Personnummer=personnummer)

    def _call(self, operation, **request):
        try:
            return operation(**request, _soapheaders=self.headers())
        except zeep.exceptions.Fault as fault:
            if fault.detail is None or len(fault.detail) == 0:
                raise  # not a refusal by the catalogue
            # zeep leaves the detail as XML. The WSDL knows its type: let it be read by that.
            details = self.zeep.wsdl.types.deserialize(fault.detail[0])
            raise PensionFault(details.ErrorCode, fault.message, details.Message, details.Source) from None
