<?php
// Reports a forløb, reads it back and is refused another that overlaps it.

declare(strict_types=1);

require __DIR__ . '/PensionClient.php';

/** A random GUID. */
function guid(): string
{
    $hex = bin2hex(random_bytes(16));
    $hex[12] = '4';
    $hex[16] = '89ab'[hexdec($hex[16]) & 3];
    return preg_replace('/^(.{8})(.{4})(.{4})(.{4})(.{12})$/', '$1-$2-$3-$4-$5', $hex);
}

[, $wsdl, $cert, $key, $ca, $organisationType, $organisationCode] = $argv;
echo 'Personnummer: '; // not an argument: those stand in the process list
$personnummer = trim(fgets(STDIN));

$client = new PensionClient($wsdl, $cert, $key, $ca, (int) $organisationType, $organisationCode);
$indberetning = [
    'Personnummer' => $personnummer,
    // Make the identifier yourself: a call that is sent again after a lost answer then overwrites itself.
    'TidligPensionIdentifier' => guid(),
    'OvergangTilTidligPension' => [
        'TidligPensionOvergangsdato' => '2026-02-01',
        'TidligPensionAfgoerelsesdato' => '2026-01-12',
    ],
];
echo 'saved ', $client->save($indberetning), "\n";
foreach ($client->get($personnummer) as $forloeb) {
    echo "read $forloeb->TidligPensionIdentifier ";
    echo $forloeb->OvergangTilTidligPension->TidligPensionOvergangsdato, "\n";
}
try {
    $client->save(['TidligPensionIdentifier' => guid()] + $indberetning);
} catch (PensionFault $fault) {
    echo 'refused ', $fault->getCode(), ' ', $fault->details, "\n";
}
