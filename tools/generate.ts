import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DOCUMENTS } from './reference/documents.ts';

// `npm run generate`: writes what is made from the code and committed.
for (const [path, makeText] of Object.entries(DOCUMENTS)) {
  writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), await makeText());
  process.stdout.write(`${path}\n`);
}
