import { isDeepStrictEqual } from 'node:util';
import {
  isFinal,
  type LoggedEvent,
  pivotIndexOf,
  replay,
  type Saga,
  type SagaDefinition,
  type Transition,
} from '@florin/saga';
import { must } from '../kernel/violation.ts';

/** A row of the table `saga` (platform/saga/migrations/0001_saga.sql) with its rows of `saga_event`. */
interface Row {
  saga: Saga;
  revision: number;
  nextRunAtMs: number | null;
  readonly log: LoggedEvent[];
}

/** A saga as it was read, and the revision that a write has to name. */
export interface Held {
  readonly saga: Saga;
  readonly revision: number;
}

export interface SagaStoreSetting {
  /** The database's clock. */
  readonly nowMs: () => number;
  readonly isFenced: boolean;
  readonly hasEventKey: boolean;
  readonly definitionOf: (saga: Saga) => SagaDefinition;
  /** Hears of every write when it is committed. */
  readonly onWrite: (saga: Saga, events: readonly LoggedEvent[]) => void;
}

/** The table of sagas as two orchestrators share it: leases on the database's clock, writes fenced by a revision. */
export class SagaStore {
  readonly #setting: SagaStoreSetting;
  readonly #rows = new Map<string, Row>();
  readonly #unended = new Set<string>();

  constructor(setting: SagaStoreSetting) {
    this.#setting = setting;
  }

  get unended(): ReadonlySet<string> {
    return this.#unended;
  }

  all(): Saga[] {
    return [...this.#rows.values()].map((row) => row.saga);
  }

  /** Begins a saga; false when it has begun before. */
  insert({ saga, events, nextRunInMs }: Transition): boolean {
    if (this.#rows.has(saga.id)) return false;
    this.#unended.add(saga.id);
    const log: LoggedEvent[] = [];
    const row = { saga, revision: 1, nextRunAtMs: this.#later(nextRunInMs), log };
    this.#rows.set(saga.id, row);
    this.#append(row, events);
    this.#setting.onWrite(saga, events);
    return true;
  }

  read(id: string): Held | undefined {
    const row = this.#rows.get(id);
    return row === undefined ? undefined : { saga: row.saga, revision: row.revision };
  }

  /** Takes sagas whose time has come by `clockMs`, which should be the database's, and gives them a lease. */
  claimDue(claim: {
    readonly clockMs: number;
    readonly leaseMs: number;
    readonly limit: number;
    readonly knows: (saga: Saga) => boolean;
  }): Held[] {
    const held: Held[] = [];
    for (const id of this.#unended) {
      const row = this.#rows.get(id);
      if (row === undefined || row.nextRunAtMs === null || row.nextRunAtMs > claim.clockMs) continue;
      if (!claim.knows(row.saga)) continue;
      row.revision += 1;
      row.nextRunAtMs = claim.clockMs + claim.leaseMs;
      held.push({ saga: row.saga, revision: row.revision });
      if (held.length === claim.limit) break;
    }
    return held;
  }

  /** Writes what was decided on a revision; false when that is not the newest any more. */
  write(revision: number, { saga, events, nextRunInMs }: Transition): boolean {
    const row = this.#rows.get(saga.id);
    if (row === undefined) return false;
    const { isFenced, hasEventKey } = this.#setting;
    if (isFenced && row.revision !== revision) return false;
    if (hasEventKey && events.some((event) => event.seq <= row.log.length)) return false;
    must(
      !isFinal(row.saga) || row.saga.status === saga.status,
      'I7',
      saga.id,
      () => `${row.saga.status} became ${saga.status}`,
    );
    row.saga = saga;
    row.revision += 1;
    row.nextRunAtMs = this.#later(nextRunInMs);
    if (isFinal(saga)) this.#unended.delete(saga.id);
    this.#append(row, events);
    this.#setting.onWrite(saga, events);
    return true;
  }

  /** I11: the log has no gaps, and the row is what it adds up to. */
  checkLogs(): void {
    for (const { saga, log } of this.#rows.values()) {
      must(isDeepStrictEqual(replay(log), saga), 'I11', saga.id, () => 'the row is not what its log adds up to');
    }
  }

  #append(row: Row, events: readonly LoggedEvent[]): void {
    const { id, deadlineAtMs } = row.saga;
    const pivotIndex = pivotIndexOf(this.#setting.definitionOf(row.saga));
    const isByPeople = events.some((event) => event.kind === 'retried' || event.kind === 'resolved');
    for (const event of events) {
      must(event.seq === row.log.length + 1, 'I11', id, () => `event ${event.seq} is written over ${row.log.length}`);
      const lastMs = row.log.at(-1)?.atMs ?? 0;
      const isOnTime = event.atMs >= lastMs && event.atMs <= this.#setting.nowMs();
      must(isOnTime, 'T5', id, () => `event ${event.seq} at ${event.atMs} follows ${lastMs}`);
      if (event.kind === 'sent' && event.op === 'do' && !isByPeople) {
        const isBefore = event.step < pivotIndex || (event.step === pivotIndex && event.attempt === 1);
        must(!isBefore || event.atMs < deadlineAtMs, 'T1', id, () => `${event.branch} is sent after the deadline`);
      }
      row.log.push(event);
    }
  }

  #later(inMs: number | null): number | null {
    return inMs === null ? null : this.#setting.nowMs() + inMs;
  }
}
