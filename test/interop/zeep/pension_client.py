"""PensionService from Python with zeep: report a forløb, read a citizen's forløb."""

from service_client import ServiceClient


class PensionClient(ServiceClient):
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
