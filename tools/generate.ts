import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { schemaText } from '@florin/sdk/generate';

/** `npm run generate`: writes what is made from the contracts and committed, so that a reader finds it. */
const GENERATED: Readonly<Record<string, () => Promise<string>>> = {
  'clients/sdk/src/schema.d.ts': schemaText,
};

for (const [path, text] of Object.entries(GENERATED)) {
  writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), await text());
  process.stdout.write(`${path}\n`);
}
