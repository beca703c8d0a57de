import { parseArgs } from 'node:util';
import { fail, ok, type Result } from '@florin/primitives';

export interface Wanted {
  readonly seeds: number;
  readonly from: number;
  /** One seed to be replayed with everything that happens. */
  readonly seed: number | undefined;
  /** One kind only. */
  readonly kind: string | undefined;
  /** Write what was found into docs/reference/simulation.md. */
  readonly page: boolean;
}

const SEEDS = 3_000;
const SEED_MAX = 0x7fff_ffff;

/** What a command line asks for, or one sentence about why it makes no sense. */
export function readArguments(args: readonly string[], kinds: readonly string[]): Result<Wanted, string> {
  let values: { seeds?: string; from?: string; seed?: string; kind?: string; page?: boolean };
  try {
    const text = { type: 'string' } as const;
    const options = { seeds: text, from: text, seed: text, kind: text, page: { type: 'boolean' } } as const;
    ({ values } = parseArgs({ args: [...args], options, allowPositionals: false }));
  } catch (error) {
    // Node says more than one sentence.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\.?\n/);
    return fail(`${sentence.replace(/\.$/, '')}.`);
  }
  for (const name of ['seeds', 'from', 'seed'] as const) {
    const value = values[name];
    if (value !== undefined && !(/^\d{1,10}$/.test(value) && Number(value) <= SEED_MAX)) {
      return fail(`--${name} is a whole number from 0 to ${SEED_MAX}, not ${JSON.stringify(value)}.`);
    }
  }
  if (values.kind !== undefined && !kinds.includes(values.kind)) {
    return fail(`--kind is one of ${kinds.join(', ')}, not ${JSON.stringify(values.kind)}.`);
  }
  if (values.seed !== undefined && (values.seeds ?? values.from ?? values.page) !== undefined) {
    return fail('--seed replays one seed and goes with --kind only.');
  }
  return ok({
    seeds: Number(values.seeds ?? SEEDS),
    from: Number(values.from ?? 0),
    seed: values.seed === undefined ? undefined : Number(values.seed),
    kind: values.kind,
    page: values.page ?? false,
  });
}
