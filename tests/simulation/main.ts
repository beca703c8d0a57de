import { readArguments } from './arguments.ts';
import { KINDS } from './kinds.ts';
import { replaySeed, simulate } from './simulate.ts';

/** `npm run simulate`: runs seeds, and takes away every safeguard in turn; or replays one seed with all that happens. */
const wanted = readArguments(
  process.argv.slice(2),
  KINDS.map((kind) => kind.name),
);
if (!wanted.ok) {
  console.error(wanted.failure);
  process.exitCode = 1;
} else {
  const { kind: name, seed } = wanted.value;
  const kinds = KINDS.filter((kind) => name === undefined || kind.name === name);
  const isGood =
    seed === undefined ? simulate(kinds, wanted.value) : kinds.map((kind) => replaySeed(kind, seed)).every(Boolean);
  if (!isGood) process.exitCode = 1;
}
