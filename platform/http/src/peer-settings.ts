import { type Environment, Fault, readSettings, settingTable } from '@florin/primitives';
import type { TlsFiles } from './tls-credentials.ts';

/** What a process needs to talk to the others over mutual TLS; every process that runs alone reads these. */
export const PEER_SETTINGS = settingTable({
  FLORIN_PEER_CERTIFICATE_FILE: {
    meaning: "this process's certificate, PEM; its name is that of the service, `.florin.internal` after it",
    otherwise: 'it talks to the others in plain text',
  },
  FLORIN_PEER_KEY_FILE: { meaning: 'the key of that certificate, PEM', otherwise: 'as above' },
  FLORIN_PEER_CA_FILE: {
    meaning: 'the authority that the certificates of all processes are from, PEM',
    otherwise: 'as above',
  },
});

/** Reads the three of them: all or none. Faults with `setting-missing`, naming the one that is not there. */
export function readPeerFiles(environment: Environment): Required<TlsFiles> | undefined {
  const settings = readSettings(PEER_SETTINGS, environment);
  const certificateFile = settings.FLORIN_PEER_CERTIFICATE_FILE;
  const keyFile = settings.FLORIN_PEER_KEY_FILE;
  const caFile = settings.FLORIN_PEER_CA_FILE;
  if (certificateFile && keyFile && caFile) return { certificateFile, keyFile, caFile };
  if (!certificateFile && !keyFile && !caFile) return undefined;
  const missing = Object.entries(settings).find(([, value]) => !value);
  throw new Fault('setting-missing', `the setting ${missing?.[0]} is missing, which goes with the other two`);
}
