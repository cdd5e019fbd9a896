"""The queue of an a-kasse from Python with zeep: open a sequence, fetch its beskeder, terminate or close it."""

from service_client import ServiceClient


class WsrmClient(ServiceClient):
    """Opens and ends a transfer."""

    def create(self, **elements):
        """Opens a sequence: its identifier, and how many beskeder each operation has for it (none is an empty list)."""
        opened = self._call(self.zeep.service.CreateSequence, **elements)
        # zeep shows an element without content as None.
        inventory = opened.ServiceInventoryCollection
        return opened.Identifier, inventory.ServiceItem if inventory else []

    def close(self, identifier):
        """Breaks off: the same beskeder come again in the next sequence."""
        return self._call(self.zeep.service.CloseSequence, Identifier=identifier)

    def terminate(self, identifier):
        """All received and stored: the beskeder leave the queue."""
        return self._call(self.zeep.service.TerminateSequence, Identifier=identifier)


class MessageClient(ServiceClient):
    """Hands out the beskeder of a sequence."""

    sequence = None

    def headers(self):
        return {**super().headers(), "SequenceRequest": {"Identifier": self.sequence}}

    def fetch(self, identifier):
        """Every besked of the sequence, and the sequence that the header of the answer names."""
        self.sequence = identifier
        answer = self._call(self.zeep.service.GetTidligPensionVersion1)
        # This answer has a header in the WSDL, so zeep gives both parts of it and unwraps neither.
        return answer.header.SequenceResponse.Identifier, answer.body.TidligPensionRegistration
