import { expect, it } from 'vitest';
import type { Principal } from './principal.ts';
import { isFreshAndStrong } from './step-up.ts';

const SOMEBODY: Principal = { subject: 'mia', kind: 'person', roles: [] };
const NOW_MS = 1_000_000_000;
const NOW = NOW_MS / 1_000;

it.each<[Partial<Principal>, boolean]>([
  [{ acr: 'urn:florin:acr:mfa', authTimeSeconds: NOW }, true],
  [{ acr: 'urn:florin:acr:mfa', authTimeSeconds: NOW - 300 }, true],
  [{ acr: 'urn:florin:acr:mfa', authTimeSeconds: NOW - 301 }, false],
  [{ acr: 'urn:florin:acr:password', authTimeSeconds: NOW }, false],
  [{ acr: 'urn:florin:acr:mfa' }, false],
  [{ authTimeSeconds: NOW }, false],
])('a sign-in of %o is fresh and strong: %s', (signIn, wanted) => {
  expect(isFreshAndStrong({ ...SOMEBODY, ...signIn }, NOW_MS)).toBe(wanted);
});
