import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { schemaText } from '../generate.ts';

it('is what the contracts say today; `npm run generate` writes it again', async () => {
  const committed = readFileSync(new URL('./schema.d.ts', import.meta.url), 'utf8');
  expect(committed).toBe(await schemaText());
});
