import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortPair } from '../../tools/free-ports.ts';
import { startBankProcess } from '../bank-process.ts';

/**
 * Starts a bank with its demo data for all browser tests, and says where it is in the environment the workers inherit.
 * `FLORIN_URL` and `FLORIN_HOME` name one that runs already instead. Answers what ends it.
 */
export default async function startBank(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['FLORIN_URL'] !== undefined) return undefined;
  const home = mkdtempSync(join(tmpdir(), 'florin-browser-'));
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(home, 0o711);
  const bank = await startBankProcess(home, await freePortPair());
  process.env['FLORIN_URL'] = bank.url;
  process.env['FLORIN_HOME'] = home;
  return async () => {
    await bank.stop();
    rmSync(home, { recursive: true, force: true });
  };
}
