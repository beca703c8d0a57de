import type { Reaction } from '@florin/saga';
import { must } from '../kernel/violation.ts';
import { TRANSFER } from './core.ts';
import type { Surroundings, TransferEvent } from './surroundings.ts';

/** So often an event is tried before it is put aside. */
const ATTEMPTS_MAX = 3;

/** A consumer of events: acknowledges when its part is committed. */
export interface Subscriber {
  readonly name: string;
  receive(event: TransferEvent, acknowledge: () => void): void;
}

interface Change {
  readonly lines: readonly (readonly [account: string, amount: bigint])[];
  readonly says: string;
}

/**
 * A shard of the bank that takes part in choreographed transfers, as the payer's or as the payee's: one database with
 * accounts, inbox, outbox, and a place for what can not be dealt with.
 */
export class Shard implements Subscriber {
  readonly name: string;
  readonly balances: Map<string, bigint>;
  readonly closed = new Set<string>();
  readonly outbox = new Map<string, TransferEvent>();
  readonly parked = new Map<string, TransferEvent>();
  readonly #world: Surroundings;
  readonly #inbox = new Set<string>();
  readonly #effects = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  #awayUntilMs = 0;

  constructor(world: Surroundings, name: string, balances: Map<string, bigint>) {
    this.#world = world;
    this.name = name;
    this.balances = balances.set(`${name}-clearing`, 0n);
  }

  get isAway(): boolean {
    return this.#world.timeline.nowMs < this.#awayUntilMs;
  }

  isAwayFor(ms: number): void {
    this.#awayUntilMs = this.#world.timeline.nowMs + ms;
  }

  /** How often something was done for a transfer. */
  effect(transferId: string, does: string): number {
    return this.#effects.get(`${transferId}/${does}`) ?? 0;
  }

  /** Begins a transfer of an account that is kept here: the fact is committed, nothing else yet. */
  begin(event: TransferEvent): void {
    this.outbox.set(event.id, event);
  }

  receive(event: TransferEvent, acknowledge: () => void): void {
    const { core, random, faults } = this.#world;
    const { transferId } = event;
    if (this.isAway) {
      this.#world.mark(transferId, `${this.name} is away`);
      return;
    }
    if (!core.acknowledgesLast) acknowledge();
    // What is not its concern can neither be done nor fail.
    if (this.#reactions(event).length === 0) {
      acknowledge();
      return;
    }
    if (this.parked.has(event.id) || this.#isSpoilt(event)) {
      if (this.parked.has(event.id) || !core.parks) acknowledge();
      return;
    }
    if (!this.#deal(event)) return;
    if (random.chance(faults.consumerCrash)) this.#world.mark(transferId, `${this.name} stops before it acknowledges`);
    else acknowledge();
  }

  /** Deals again with what was put aside of a transfer. */
  replay(transferId: string): void {
    for (const event of this.parked.values()) {
      if (event.transferId !== transferId || !this.#deal(event)) continue;
      this.#world.tally.add('replayed');
      this.parked.delete(event.id);
    }
  }

  comesBack(): void {
    this.#awayUntilMs = 0;
  }

  /** Whether it can not be dealt with; after some attempts it is put aside. Once people have looked it can be. */
  #isSpoilt(event: TransferEvent): boolean {
    const { core, random, faults } = this.#world;
    const known = this.#failures.get(event.id);
    if (faults.poison === 0 || this.#inbox.has(event.id)) return false;
    if (known === undefined && !random.chance(faults.poison)) {
      this.#failures.set(event.id, 0);
      return false;
    }
    if (known === 0) return false;
    const failures = (known ?? 0) + 1;
    this.#failures.set(event.id, failures);
    this.#world.mark(event.transferId, `${this.name} can not deal with ${event.fact}`);
    if (failures < ATTEMPTS_MAX || !core.parks) return true;
    this.parked.set(event.id, event);
    this.#world.tally.add('parked');
    return true;
  }

  /** Hears, does and says in one commit. False when the commit failed. */
  #deal(event: TransferEvent): boolean {
    const { core, random, faults } = this.#world;
    const { id, transferId } = event;
    if (core.hasInbox && this.#inbox.has(id)) {
      this.#world.tally.add('heard before');
      return true;
    }
    if (random.chance(faults.commitFailure)) {
      this.#world.mark(transferId, `${this.name} fails to commit`);
      if (!core.isAtomic) this.#inbox.add(id);
      return false;
    }
    this.#inbox.add(id);
    for (const reaction of this.#reactions(event)) this.#react(event, reaction);
    return true;
  }

  /** What it has to do about an event, as the payer's shard or as the payee's. */
  #reactions({ fact, from, to }: TransferEvent): Reaction[] {
    const roles = [
      ['payer', from],
      ['payee', to],
    ] as const;
    return roles.flatMap(([role, account]) => {
      const reaction = this.balances.has(account) ? this.#world.core.reactionTo(TRANSFER, role, fact) : undefined;
      return reaction ?? [];
    });
  }

  #react(event: TransferEvent, { does, says, orSays }: Reaction): void {
    const lines = this.#lines(does, event);
    if (lines !== null) this.#apply(event, does, { lines, says });
    else if (orSays !== null) this.#apply(event, 'nothing', { lines: [], says: orSays });
  }

  /** What is posted; null when it is refused. */
  #lines(does: string, { from, to, amount }: TransferEvent): Change['lines'] | null {
    const clearing = `${this.name}-clearing`;
    const moved = (payer: string, payee: string): Change['lines'] => [
      [payer, -amount],
      [payee, amount],
    ];
    switch (does) {
      case 'debit':
        return (this.balances.get(from) ?? 0n) < amount ? null : moved(from, clearing);
      case 'credit':
        return this.closed.has(to) ? null : moved(clearing, to);
      case 'refund':
        return moved(clearing, from);
      default:
        return [];
    }
  }

  #apply(event: TransferEvent, does: string, { lines, says }: Change): void {
    const { transferId } = event;
    this.#world.trace(transferId, () => `${this.name} hears ${event.fact}, does ${does} and says ${says}`);
    this.#world.tally.add(says);
    for (const [account, amount] of lines) {
      const balance = (this.balances.get(account) ?? 0n) + amount;
      this.balances.set(account, balance);
      must(balance >= 0n || account.endsWith('clearing'), 'I2', transferId, () => `${account} has ${balance}`);
    }
    const times = this.effect(transferId, does) + 1;
    this.#effects.set(`${transferId}/${does}`, times);
    must(times === 1, 'I3', transferId, () => `${this.name}: ${does} ${times} times`);
    const said = { ...event, id: `${transferId}/${says}`, fact: says };
    this.outbox.set(said.id, said);
  }
}
