// OpenSSL's command line, for certificates and clients that are not of our own making.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Whether the machine has it. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** Runs it. Throws with what it said when it fails. */
export function openssl(args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr } = spawnSync('openssl', args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** A certificate authority of OpenSSL's own in a folder: `ca.pem` and `ca.key`. */
export function opensslAuthority(dir: string, subject: string): void {
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key'];
  openssl(['req', '-x509', ...key, '-out', 'ca.pem', '-days', '2', '-utf8', '-subj', subject], dir);
}

/** Has it issue `NAME.pem` with `NAME.key`. `subject` has the lines of a section of its configuration. */
export function opensslIssue(dir: string, name: string, subject: readonly string[]): string {
  const config = [
    '[req]',
    'distinguished_name=dn',
    'prompt=no',
    'string_mask=utf8only',
    '[dn]',
    ...subject,
    '',
  ];
  writeFileSync(path.join(dir, `${name}.cnf`), config.join('\n'));
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
  openssl(['req', '-new', ...key, '-out', `${name}.csr`, '-config', `${name}.cnf`, '-utf8'], dir);
  const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
  writeFileSync(path.join(dir, `${name}.ext`), 'basicConstraints=CA:false\nextendedKeyUsage=clientAuth\n');
  openssl(
    ['x509', '-req', '-in', `${name}.csr`, ...ca, '-extfile', `${name}.ext`, '-out', `${name}.pem`],
    dir,
  );
  return readFileSync(path.join(dir, `${name}.pem`), 'utf8');
}

/** A revocation list of that authority, PEM, with the certificate NAME on it. */
export function opensslRevoke(dir: string, name: string): string {
  const at = (file: string): string => path.join(dir, file);
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('crlnumber'), '01\n');
  const own = [`database=${at('index.txt')}`, `crlnumber=${at('crlnumber')}`, 'default_md=sha256'];
  const extensions = ['crl_extensions=ext', '[ext]', 'authorityKeyIdentifier=keyid', ''];
  writeFileSync(
    at('ca.cnf'),
    ['[ca]', 'default_ca=own', '[own]', ...own, 'default_crl_days=1', ...extensions].join('\n'),
  );
  const ca = ['ca', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
  openssl([...ca, '-revoke', `${name}.pem`], dir);
  return openssl([...ca, '-gencrl'], dir);
}
