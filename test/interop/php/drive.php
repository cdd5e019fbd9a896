<?php
// Drives the sample client from lines on stdin, for the interop tests: an outcome in JSON for each line.

declare(strict_types=1);

require __DIR__ . '/PensionClient.php';

/** The sample client, able to leave a header out. */
class DrivenClient extends PensionClient
{
    public ?string $without = null;

    protected function headers(): array
    {
        return array_values(array_filter(parent::headers(), fn ($header) => $header->name !== $this->without));
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

function as_array(object $forloeb): array
{
    return array_filter([
        'guid' => $forloeb->TidligPensionIdentifier,
        'overgang' => $forloeb->OvergangTilTidligPension->TidligPensionOvergangsdato ?? null,
        'afgoerelse' => $forloeb->OvergangTilTidligPension->TidligPensionAfgoerelsesdato ?? null,
        'ophoer' => $forloeb->OvergangTilTidligPension->TidligPensionOphoersdato ?? null,
        'kompensation' => $forloeb->Kompensationsudbetaling->Kompensationsafgoerelsesdato ?? null,
    ]);
}

function outcome(DrivenClient $client, string $line): array
{
    $words = explode(' ', trim($line));
    $verb = array_shift($words);
    $given = [];
    foreach ($words as $word) {
        [$name, $value] = explode('=', $word, 2);
        $given[$name] = $value;
    }
    $client->without = $given['without'] ?? null;
    try {
        return $verb === 'save'
            ? ['guid' => $client->save(indberetning($given))]
            : ['list' => array_map('as_array', $client->get($given['personnummer']))];
    } catch (PensionFault $fault) {
        return [
            'fault' => $fault->getCode(),
            'text' => $fault->text,
            'message' => $fault->details,
            'source' => $fault->source,
        ];
    } catch (Throwable $error) {
        return ['error' => $error->getMessage()];
    }
}

[, $wsdl, $cert, $key, $ca, $organisationType, $organisationCode] = $argv;
$client = new DrivenClient($wsdl, $cert === '-' ? null : $cert, $key, $ca, (int) $organisationType, $organisationCode);
while (($line = fgets(STDIN)) !== false) {
    echo json_encode(outcome($client, $line), JSON_THROW_ON_ERROR), "\n";
}
