<?php
// Has SoapClient read a WSDL (file or address) and print its operations, for the interop tests.

declare(strict_types=1);

[, $wsdl, $ca] = $argv;
$context = stream_context_create(['ssl' => ['cafile' => $ca]]);
$client = new SoapClient($wsdl, ['stream_context' => $context, 'cache_wsdl' => WSDL_CACHE_NONE]);
echo implode("\n", $client->__getFunctions()), "\n";
