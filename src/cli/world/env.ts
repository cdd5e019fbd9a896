// The settings to serve a demo world, in a form that both a shell and `node --env-file` read.
import { WorldPathError } from './errors.ts';
import { ENV_FILE, STORE_FILE, worldFile } from './files.ts';

// What means the same without quotes to a shell, to Node and to readers that know no quotes at all.
const PLAIN = /^[A-Za-z0-9_./:@%+,-]*$/;
// Inside double quotes a shell and Node read these differently, or end the value there.
const UNQUOTABLE = /["$`\\\p{Cc}]/u;

/** Throws WorldPathError when no quoting lets every reader of `env` agree on this path. */
export function assertQuotable(dir: string): void {
  if (!UNQUOTABLE.test(dir)) return;
  throw new WorldPathError(
    `the path of the folder holds a character that cannot stand in its '${ENV_FILE}' file ` +
      '(one of " $ ` \\ or a control character); choose another folder',
  );
}

/** The text of `env` for the world in `dir` (absolute). */
export function envText(dir: string): string {
  const settings = {
    PENSION_HOST: '127.0.0.1',
    PENSION_PORT: '8443',
    PENSION_STORE: `sqlite:${worldFile(dir, STORE_FILE)}`,
    PENSION_TLS: 'on',
    PENSION_TLS_CERT: worldFile(dir, 'server.pem'),
    PENSION_TLS_KEY: worldFile(dir, 'server.key'),
    PENSION_TLS_CA: worldFile(dir, 'ca.pem'),
    PENSION_TLS_CRL: worldFile(dir, 'crl.pem'),
    PENSION_ORGANISATIONER: worldFile(dir, 'organisationer.json'),
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${PLAIN.test(value) ? value : `"${value}"`}\n`)
    .join('');
}
