import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faultTable } from './faults.ts';

it('every fault is in the guide as it is', () => {
  const guide = readFileSync(new URL('../../docs/guides/chaos.md', import.meta.url), 'utf8');
  expect(guide).toContain(faultTable());
});
