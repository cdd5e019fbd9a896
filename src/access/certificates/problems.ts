// What can be wrong with a certificate, in the words that its owner reads in the fault.

export const PROBLEM = {
  expired: 'the certificate has expired',
  notYetValid: 'the certificate is not yet valid',
  selfSigned: 'the certificate is self-signed',
  notTrusted: 'the certificate was issued by an authority that is not trusted here',
  badSignature: 'the signature of the certificate is not that of a trusted authority',
  revoked: 'the certificate has been revoked',
  notForClientUse: 'the certificate is not for client use',
  unknownExtension:
    'the certificate, or an authority above it, has a critical extension that is not understood',
  unreadable: 'the certificate, or an authority above it, has an extension that cannot be read',
  tooWeak: 'the certificate, or an authority above it, has a key or a signature that is too weak',
  noSystem: 'the certificate is valid but belongs to no system known here',
  authorityExpired: 'an authority that the certificate depends on has expired',
  authorityNotYetValid: 'an authority that the certificate depends on is not yet valid',
  authorityRevoked: 'an authority that the certificate depends on has been revoked',
  notAnAuthority: 'the certificate was issued with a certificate that is not an authority’s',
  pathTooLong: 'the chain of the certificate is longer than one of its authorities allows',
  listExpired: 'the revocation list of the service has expired; tell its operators',
  listNotYetValid: 'the revocation list of the service is not yet valid; tell its operators',
  listMissing:
    'the service has no revocation list of the authority that issued the certificate; tell its operators',
} as const;
