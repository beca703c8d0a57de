import { readFileSync } from 'node:fs';
import { Agent, setGlobalDispatcher } from 'undici';

const CONNECTIONS_MAX = 64;

/** What this process fetches from now on trusts an authority, such as the one that development certificates are from. */
export function trustAuthority(caFile: string): void {
  const ca = readFileSync(caFile, 'utf8');
  setGlobalDispatcher(new Agent({ connections: CONNECTIONS_MAX, connect: { ca } }));
}
