<?php
// PensionService from PHP with SoapClient: report a forløb, read a citizen's forløb.

declare(strict_types=1);

require_once __DIR__ . '/ServiceClient.php';

class PensionClient extends ServiceClient
{
    /** Reports the whole state of one forløb and returns its identifier. What is left out is gone. */
    public function save(array $indberetning): string
    {
        return $this->call('SaveTidligPension', $indberetning)->CreatedItemIdentifier;
    }

    /** Reads the citizen's forløb, as objects with the names of the WSDL. */
    public function get(string $personnummer): array
    {
        // An empty list comes as a property that is not there.
        return $this->call('GetTidligPension', ['Personnummer' => $personnummer])->TidligPension ?? [];
    }
}
