<?php
// Drives the sample client from lines on stdin, for the interop tests: an outcome in JSON for each line.

declare(strict_types=1);

require __DIR__ . '/PensionClient.php';
require __DIR__ . '/driving.php';

/** The sample client, able to leave a header out and to have registered at another time. */
class DrivenClient extends PensionClient
{
    public array $given = [];

    protected function headers(): array
    {
        $headers = parent::headers();
        foreach ($headers as $header) {
            if ($header->name === 'RequestUserMetadataHeader' && isset($this->given['registered'])) {
                $header->data['RegistrationDateTime'] = $this->given['registered'];
            }
        }
        $without = $this->given['without'] ?? null;
        return array_values(array_filter($headers, fn ($header) => $header->name !== $without));
    }
}

function indberetning(array $given): array
{
    $request = ['Personnummer' => $given['personnummer']];
    if (isset($given['guid'])) {
        $request['TidligPensionIdentifier'] = $given['guid'];
    }
    if (isset($given['overgang'])) {
        $request['OvergangTilTidligPension'] = [
            'TidligPensionOvergangsdato' => $given['overgang'],
            'TidligPensionAfgoerelsesdato' => $given['afgoerelse'],
        ] + (isset($given['ophoer']) ? ['TidligPensionOphoersdato' => $given['ophoer']] : []);
    }
    if (isset($given['kompensation'])) {
        $request['Kompensationsudbetaling'] = ['Kompensationsafgoerelsesdato' => $given['kompensation']];
    }
    return $request;
}

[, $wsdl, $cert, $key, $ca, $organisationType, $organisationCode] = $argv;
$client = new DrivenClient($wsdl, $cert === '-' ? null : $cert, $key, $ca, (int) $organisationType, $organisationCode);
drive([
    'save' => function (array $given) use ($client): array {
        $client->given = $given;
        return ['guid' => $client->save(indberetning($given))];
    },
    'get' => function (array $given) use ($client): array {
        $client->given = $given;
        return ['list' => array_map('as_array', $client->get($given['personnummer']))];
    },
]);
