<?php
// What every service of the platform wants of SoapClient: a certificate, two headers, and the reading of a fault.

declare(strict_types=1);

/** A refusal by the service. Decide on the code; quote the source when you ask about it. */
class PensionFault extends Exception
{
    public function __construct(int $code, public string $text, public string $details, public string $source)
    {
        parent::__construct("$code $text: $details (source $source)", $code);
    }
}

/** One service, by its WSDL. */
class ServiceClient
{
    private SoapClient $soap;

    public function __construct(
        string $wsdl,
        ?string $cert,
        ?string $key,
        string $ca,
        private int $organisationType,
        private string $organisationCode,
    ) {
        // The options named local_cert and passphrase of SoapClient itself know no separate key file and no CA:
        // certificate, key and CA belong in the stream context, which also serves to read the WSDL.
        $tls = ['cafile' => $ca, 'verify_peer' => true, 'verify_peer_name' => true];
        if ($cert !== null) {
            $tls += ['local_cert' => $cert, 'local_pk' => $key];
        }
        $this->soap = new SoapClient($wsdl, [
            'stream_context' => stream_context_create(['ssl' => $tls]),
            // Otherwise a list of one is no list but the element itself.
            'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
            'soap_version' => SOAP_1_1,
            'exceptions' => true,
            // A cached WSDL survives a change of address; turn the cache on once the address is settled.
            'cache_wsdl' => WSDL_CACHE_NONE,
        ]);
    }

    /** Both headers go with every call: who works, and for which organisation. */
    protected function headers(): array
    {
        $metadata = [
            'RequestUserStructure' => [
                'UserFullName' => 'sample : php',
                'RequestUserTypeIdentifier' => ['CodeListItemIdentifier' => 3], // 3: a system
                'UserIdentifier' => 'sample-php',
            ],
            'RequestOrganisationStructure' => [
                'OrganisationTypeIdentifier' => ['CodeListItemIdentifier' => $this->organisationType],
                'OrganisationCode' => $this->organisationCode,
            ],
            'RegistrationDateTime' => date(DATE_RFC3339),
        ];
        $organisation = [
            'OrganisationTypeIdentifier' => $this->organisationType,
            'OrganisationCode' => $this->organisationCode,
        ];
        // Namespace and name must be those of the WSDL: only then does SoapClient know the type of the content.
        return [
            new SoapHeader(
                'http://service.bm.dk/RequestUserMetadata/2015/01/21/',
                'RequestUserMetadataHeader',
                $metadata,
            ),
            new SoapHeader(
                'http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/',
                'ActiveOrganisationHeader',
                $organisation,
            ),
        ];
    }

    /** Makes a call. What the answer has in its header, if anything, goes into the third argument. */
    protected function call(string $operation, array $request, ?array &$answerHeaders = null): object
    {
        try {
            return $this->soap->__soapCall($operation, [$request], null, $this->headers(), $answerHeaders);
        } catch (SoapFault $fault) {
            $details = $fault->detail->FaultDetails ?? null;
            if ($details === null) {
                throw $fault; // no answer, or not a refusal by the catalogue
            }
            throw new PensionFault(
                (int) $details->ErrorCode, // SoapClient reads a detail without its type: everything is text
                $fault->faultstring,
                $details->Message,
                $details->Source,
            );
        }
    }
}
