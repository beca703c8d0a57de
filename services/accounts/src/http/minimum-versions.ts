import type { IncomingHttpHeaders } from 'node:http';
import { ACCOUNTS_PER_CUSTOMER_MAX } from '@florin/contracts';
import { type MinimumVersions, NEWEST_ONLY, NO_MINIMUM } from '../domain/balance.ts';

/**
 * Reads `florin-min-version: <accountId>=<version>,...`, which the gateway sends with the reads of someone who just
 * wrote; the word `ledger` when the gateway has forgotten what that was. Entries beyond what a customer can have, or that are none, are left out: they ask for nothing we know.
 */
export function minimumVersions(headers: IncomingHttpHeaders): MinimumVersions {
  const header = headers['florin-min-version'];
  if (typeof header !== 'string' || header === '') return NO_MINIMUM;
  if (header === 'ledger') return NEWEST_ONLY;
  const versions = new Map<string, number>();
  for (const entry of header.split(',', ACCOUNTS_PER_CUSTOMER_MAX)) {
    const [accountId = '', text = ''] = entry.trim().split('=');
    const version = Number(text);
    if (Number.isSafeInteger(version) && version > 0) versions.set(accountId, version);
  }
  return versions;
}
