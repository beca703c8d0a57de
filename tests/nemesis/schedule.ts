import type { Random } from '../simulation/kernel/random.ts';

/** What a schedule must know of a fault. */
export interface Scheduled {
  readonly name: string;
  /** What it takes away. Two faults of one side are never there at the same time. */
  readonly side: string;
  /** How long it is there, at least and at most. */
  readonly holdMs: readonly [number, number];
}

/** Some faults at once, for a while. */
export interface Round<Fault extends Scheduled> {
  readonly faults: readonly Fault[];
  /** How long all is well before. */
  readonly calmMs: number;
  readonly holdMs: number;
}

const CALM_MS = [300, 1_500] as const;
const TWO_AT_ONCE = 0.4;

/**
 * Faults one round after the other, for ever: in the order of a shuffled deck, so that each had its turn before one comes again.
 * Sometimes two at once, of different sides. All of it is drawn from `random`.
 */
export function* drawRounds<Fault extends Scheduled>(
  faults: readonly Fault[],
  random: Random,
): Generator<Round<Fault>, never> {
  let deck: Fault[] = [];
  for (;;) {
    if (deck.length === 0) deck = shuffled(faults, random);
    const first = deck.pop() as Fault;
    const together = [first];
    const next = deck.findLastIndex(({ side }) => side !== first.side);
    if (random.chance(TWO_AT_ONCE) && next >= 0) together.push(...deck.splice(next, 1));
    const [low, high] = [0, 1].map((end) => Math.max(...together.map(({ holdMs }) => holdMs[end] as number)));
    yield {
      faults: together,
      calmMs: random.between(...CALM_MS),
      holdMs: random.between(low as number, high as number),
    };
  }
}

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const deck = [...items];
  for (let last = deck.length - 1; last > 0; last -= 1) {
    const other = random.between(0, last);
    [deck[last], deck[other]] = [deck[other] as Item, deck[last] as Item];
  }
  return deck;
}
