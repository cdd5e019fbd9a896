"""What every service of the platform wants of a zeep client: a certificate, two headers, and the reading of a fault."""

from datetime import datetime, timezone

import requests
import zeep
from zeep.transports import Transport


class PensionFault(Exception):
    """A refusal by the service. Decide on `code`; quote `source` when you ask about it."""

    def __init__(self, code, text, message, source):
        super().__init__(f"{code} {text}: {message} (source {source})")
        self.code, self.text, self.message, self.source = code, text, message, source


class ServiceClient:
    """One service, by its WSDL."""

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

    def _call(self, operation, *args, **request):
        try:
            return operation(*args, **request, _soapheaders=self.headers())
        except zeep.exceptions.Fault as fault:
            if fault.detail is None or len(fault.detail) == 0:
                raise  # not a refusal by the catalogue
            # zeep leaves the detail as XML. The WSDL knows its type: let it be read by that.
            details = self.zeep.wsdl.types.deserialize(fault.detail[0])
            raise PensionFault(details.ErrorCode, fault.message, details.Message, details.Source) from None
