import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from './documents.ts';

describe('what is committed is what `npm run generate` writes', () => {
  it.each(Object.entries(DOCUMENTS))('%s', async (path, makeText) => {
    const committed = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
    expect(committed).toBe(await makeText());
  });
});
