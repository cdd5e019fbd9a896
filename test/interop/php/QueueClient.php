<?php
// The queue of an a-kasse from PHP with SoapClient: open a sequence, fetch its beskeder, terminate or close it.

declare(strict_types=1);

require_once __DIR__ . '/ServiceClient.php';

/** Opens and ends a transfer. */
class WsrmClient extends ServiceClient
{
    /** Opens a sequence: its Identifier, and in `inventory` how many beskeder each operation has for it. */
    public function create(array $elements = []): object
    {
        $opened = $this->call('CreateSequence', $elements);
        // An empty list comes as a property that is not there.
        $opened->inventory = $opened->ServiceInventoryCollection->ServiceItem ?? [];
        return $opened;
    }

    /** Breaks off: the same beskeder come again in the next sequence. */
    public function close(string $identifier): string
    {
        return $this->call('CloseSequence', ['Identifier' => $identifier])->Identifier;
    }

    /** All received and stored: the beskeder leave the queue. */
    public function terminate(string $identifier): string
    {
        return $this->call('TerminateSequence', ['Identifier' => $identifier])->Identifier;
    }
}

/** Hands out the beskeder of a sequence. */
class MessageClient extends ServiceClient
{
    private string $sequence = '';

    protected function headers(): array
    {
        return [
            ...parent::headers(),
            new SoapHeader(
                'http://docs.oasis-open.org/ws-rx/wsrm/200602',
                'SequenceRequest',
                ['Identifier' => $this->sequence],
            ),
        ];
    }

    /** Every besked of the sequence; the one that the header of the answer names goes into the second argument. */
    public function fetch(string $identifier, ?string &$answered = null): array
    {
        $this->sequence = $identifier;
        $answer = $this->call('GetTidligPensionVersion1', [], $headers);
        $answered = $headers['SequenceResponse']->Identifier;
        return $answer->TidligPensionRegistration ?? [];
    }
}
