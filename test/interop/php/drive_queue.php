<?php
// Drives the sample client of the queue from lines on stdin, for the interop tests: an outcome in JSON for each line.

declare(strict_types=1);

require __DIR__ . '/QueueClient.php';
require __DIR__ . '/driving.php';

/** The sample client, able to leave a header out. */
class DrivenClient extends MessageClient
{
    public ?string $without = null;

    protected function headers(): array
    {
        return array_values(array_filter(parent::headers(), fn ($header) => $header->name !== $this->without));
    }
}

function besked(object $registration): array
{
    $by = $registration->RequestUserMetadata;
    return [
        'message' => $registration->MessageIdentifier,
        'type' => $registration->RegistrationType,
        'event' => $registration->EventDate,
        'personnummer' => $registration->Personnummer,
        'by' => [
            'name' => $by->RequestUserStructure->UserFullName,
            'userType' => $by->RequestUserStructure->RequestUserTypeIdentifier->CodeListItemIdentifier,
            'user' => $by->RequestUserStructure->UserIdentifier,
            'organisationType' => $by->RequestOrganisationStructure->OrganisationTypeIdentifier->CodeListItemIdentifier,
            'organisation' => $by->RequestOrganisationStructure->OrganisationCode,
            'registered' => $by->RegistrationDateTime,
        ],
    ] + as_array($registration);
}

[, $wsrmWsdl, $messageWsdl, $cert, $key, $ca, $organisationType, $organisationCode] = $argv;
$identity = [$cert, $key, $ca, (int) $organisationType, $organisationCode];
$wsrm = new WsrmClient($wsrmWsdl, ...$identity);
$messages = new DrivenClient($messageWsdl, ...$identity);
drive([
    'create' => function (array $given) use ($wsrm): array {
        // A null that is given is sent as xsi:nil; what is not given is left out.
        $nils = ['AcksTo' => null, 'Expires' => null, 'Offer' => null, 'SubQueueIdentifier' => null];
        $opened = $wsrm->create(isset($given['elements']) ? $nils : []);
        $items = array_map(fn (object $item): array => [
            'service' => $item->ServiceName,
            'endpoint' => $item->ServiceEndpoint,
            'count' => $item->MessageCount,
        ], $opened->inventory);
        return ['sequence' => $opened->Identifier, 'inventory' => $items];
    },
    'fetch' => function (array $given) use ($messages): array {
        $messages->without = $given['without'] ?? null;
        $beskeder = array_map('besked', $messages->fetch($given['sequence'], $answered));
        return ['sequence' => $answered, 'beskeder' => $beskeder];
    },
    'close' => fn (array $given): array => ['sequence' => $wsrm->close($given['sequence'])],
    'terminate' => fn (array $given): array => ['sequence' => $wsrm->terminate($given['sequence'])],
]);
