import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '@florin/primitives';

export interface Wanted {
  readonly seed: number;
  readonly minutes: number;
  readonly isIdempotent: boolean;
}

const MINUTES = 5;
const MINUTES_MAX = 24 * 60;
const SEED_MAX = 0x7fff_ffff;
const USAGE = 'npm run chaos -- [--minutes 5] [--seed N] [--no-idempotency]';

/** What a command line asks for, or a sentence about why it makes no sense. Without a seed `nowMs` is one. */
export function readArguments(args: readonly string[], nowMs: number): Result<Wanted, string> {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        minutes: { type: 'string' },
        seed: { type: 'string' },
        idempotency: { type: 'boolean', default: true },
      },
    });
    const minutes = Number(values.minutes ?? MINUTES);
    const seed = Number(values.seed ?? nowMs % SEED_MAX);
    if (!(minutes > 0 && minutes <= MINUTES_MAX))
      return fail(`--minutes is more than 0 and at most ${MINUTES_MAX}\n${USAGE}`);
    if (!(Number.isInteger(seed) && seed >= 0 && seed <= SEED_MAX)) {
      return fail(`--seed is a whole number from 0 to ${SEED_MAX}\n${USAGE}`);
    }
    return ok({ seed, minutes, isIdempotent: values.idempotency });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
