import type { Trace } from '../kernel/kind.ts';
import { Network } from '../kernel/network.ts';
import { Random } from '../kernel/random.ts';
import { Tally } from '../kernel/tally.ts';
import { Timeline } from '../kernel/timeline.ts';
import { type Core, TRANSFER } from './core.ts';
import { Relay } from './relay.ts';
import { Shard } from './shard.ts';
import { drawFaults, type Faults, HEALED, type Surroundings, type TransferEvent } from './surroundings.ts';
import { Tracker } from './tracker.ts';

const SHARDS = ['left', 'right'] as const;
const ACCOUNTS_PER_SHARD = 3;

/** Two shards that hear of each other by events, their relays, and a tracker. */
export class ChoreographyWorld implements Surroundings {
  readonly core: Core;
  readonly random: Random;
  readonly timeline = new Timeline(0);
  readonly tally = new Tally();
  readonly network: Network;
  readonly shards: readonly Shard[];
  readonly relays: readonly Relay[];
  readonly tracker: Tracker;
  readonly transfers = new Map<string, TransferEvent>();
  /** All the money there is. */
  readonly total: bigint;
  faults: Faults;
  readonly #listener: Trace | undefined;
  readonly #marks = new Set<string>();

  constructor(seed: number, core: Core, listener: Trace | undefined) {
    this.core = core;
    this.random = new Random(seed);
    this.#listener = listener;
    this.faults = drawFaults(this.random);
    const onLoss = (id: string) => this.mark(id, 'a message is lost or late');
    this.network = new Network(this.timeline, this.random, this.faults, onLoss);
    this.tracker = new Tracker(this);
    this.shards = SHARDS.map((name) => new Shard(this, name, this.#drawBalances(name)));
    const subscribers = [...this.shards, this.tracker];
    // Two relays on one outbox should not be, and must do no harm when a lease has run out.
    const relaysEach = this.random.chance(0.3) ? 2 : 1;
    this.relays = this.shards.flatMap((shard) =>
      Array.from({ length: relaysEach }, () => new Relay(this, shard, subscribers)),
    );
    this.total = this.shards.reduce(
      (sum, { balances }) => [...balances.values()].reduce((all, each) => all + each, sum),
      0n,
    );
  }

  trace(subject: string, text: () => string): void {
    this.#listener?.(subject, () => `${String(this.timeline.nowMs).padStart(7)} ${text()}`);
  }

  mark(transferId: string, why: string): void {
    this.trace(transferId, () => why);
    this.#marks.add(transferId);
  }

  hasMark(transferId: string): boolean {
    return this.#marks.has(transferId) || this.#marks.has('world');
  }

  /** Somebody asks for a transfer from one shard to the other. */
  begin(transferId: string): void {
    const { random } = this;
    const fromAt = random.between(0, 1);
    const account = (name: string) => `${name}-${random.between(0, ACCOUNTS_PER_SHARD - 1)}`;
    const event: TransferEvent = {
      id: `${transferId}/${TRANSFER.begins}`,
      transferId,
      fact: TRANSFER.begins,
      from: account(SHARDS[fromAt] ?? 'left'),
      to: account(SHARDS[1 - fromAt] ?? 'right'),
      amount: BigInt(random.between(5, 60)),
      begunAtMs: this.timeline.nowMs,
    };
    this.transfers.set(transferId, event);
    this.tally.add('transfers');
    this.trace(transferId, () => `${event.amount} from ${event.from} to ${event.to}`);
    this.shards[fromAt]?.begin(event);
  }

  heal(): void {
    this.faults = HEALED;
    this.network.faults = HEALED;
    for (const shard of this.shards) shard.comesBack();
  }

  #drawBalances(name: string): Map<string, bigint> {
    const accounts = Array.from({ length: ACCOUNTS_PER_SHARD }, (_, at) => `${name}-${at}`);
    return new Map(accounts.map((account) => [account, BigInt(this.random.between(0, 120))]));
  }
}
