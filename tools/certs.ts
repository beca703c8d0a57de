import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readSettings, systemClock } from '@florin/primitives';
import { CERTS_SETTINGS } from './certs-settings.ts';
import { ensureCertificates } from './development-certificates.ts';

const USAGE = `npm run certs -- [--renew]

  --renew    new certificates for the public port and every process, from the authority that is there`;

// `npm run certs`: a development authority and its certificates, under the bank's home folder.
const { values } = parseArgs({
  options: { renew: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
} else {
  const home = resolve(readSettings(CERTS_SETTINGS, process.env).FLORIN_HOME);
  const { folder, made } = await ensureCertificates(home, { clock: systemClock, renew: values.renew });
  const what = made.length === 0 ? 'every certificate is good for two weeks or more' : `made ${made.join(', ')}`;
  process.stdout.write(`${folder}: ${what}\n`);
}
