<?php
// What both drivers share: reading lines, doing what each says, and saying in JSON what came of it.

declare(strict_types=1);

/** A forløb as the tests compare it; what is not there is left out. */
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

/** Does what a line says, by the function of its verb. */
function outcome(array $verbs, string $line): array
{
    $words = explode(' ', trim($line));
    $verb = array_shift($words);
    $given = [];
    foreach ($words as $word) {
        [$name, $value] = explode('=', $word, 2);
        $given[$name] = $value;
    }
    try {
        return $verbs[$verb]($given);
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

/** Answers every line of stdin. */
function drive(array $verbs): void
{
    while (($line = fgets(STDIN)) !== false) {
        echo json_encode(outcome($verbs, $line), JSON_THROW_ON_ERROR), "\n";
    }
}
