import { invariant } from '@florin/primitives';
import type { BarrierRecord, Op, Outcome, SagaCommand } from '@florin/saga';
import { must } from '../kernel/violation.ts';

interface Account {
  balance: bigint;
  /** Of the balance, what is promised to open holds. */
  held: bigint;
  isClosed: boolean;
  /** Customers may not owe; the bank's own accounts may. */
  readonly isCustomers: boolean;
}

interface Hold {
  readonly accountId: string;
  readonly amount: bigint;
  state: 'open' | 'posted' | 'voided';
}

/** What a command would do; nothing of it is done yet. */
export interface Work {
  readonly outcome: Outcome;
  readonly lines?: readonly (readonly [accountId: string, amount: bigint])[];
  readonly hold?: Hold['state'];
  /** A notice goes out. */
  readonly isNotice?: boolean;
}

/** How often something was done and undone for one step of one saga. */
interface Effect {
  do: number;
  undo: number;
}

interface Records {
  readonly do?: BarrierRecord;
  readonly undo?: BarrierRecord;
}

/** The databases that keep customers' accounts; an account's id begins with where it is kept. */
export const SHARDS = ['left', 'right'] as const;
export const CLEARING = 'clearing';
const SUSPENSE = 'suspense';
const APPLIED: Outcome = { kind: 'applied', output: {} };

/**
 * One database of the bank in memory: accounts, holds, effects, and the records of the barrier. A commit applies all of a
 * change or nothing, and every commit is followed by the checks of what one database must keep (I1 to I4).
 */
export class Ledger {
  readonly name: string;
  readonly accounts = new Map<string, Account>();
  readonly #holds = new Map<string, Hold>();
  readonly #effects = new Map<string, Effect>();
  readonly #records = new Map<string, Records>();
  /** What a saga has moved into clearing here, by saga. */
  readonly #clearing = new Map<string, bigint>();

  constructor(name: string, customers: readonly string[], opening: () => bigint) {
    this.name = name;
    let paidIn = 0n;
    for (const id of customers) {
      const balance = opening();
      this.accounts.set(id, { balance, held: 0n, isClosed: false, isCustomers: true });
      paidIn += balance;
    }
    const banks: [string, bigint][] = [
      ['equity', -paidIn],
      [CLEARING, 0n],
      [SUSPENSE, 0n],
    ];
    for (const [id, balance] of banks) {
      this.accounts.set(id, { balance, held: 0n, isClosed: false, isCustomers: false });
    }
  }

  account(id: string): Account {
    const account = this.accounts.get(id);
    invariant(account !== undefined, `${this.name} keeps no account ${id}`);
    return account;
  }

  records(sagaId: string, branch: string): Records {
    return this.#records.get(`${sagaId}/${branch}`) ?? {};
  }

  effect(sagaId: string, branch: string): Readonly<Effect> {
    return this.#effects.get(`${sagaId}/${branch}`) ?? { do: 0, undo: 0 };
  }

  holdOf(sagaId: string): Readonly<Hold> | undefined {
    return this.#holds.get(sagaId);
  }

  clearingOf(sagaId: string): bigint {
    return this.#clearing.get(sagaId) ?? 0n;
  }

  /** Decides what a command does to the books as they are. */
  work(command: SagaCommand): Work {
    const { accountId, amount } = readOrder(command);
    const hold = this.#holds.get(command.sagaId);
    switch (command.operation) {
      case 'hold':
        return this.#available(accountId) < amount ? refused('insufficient-funds') : { outcome: APPLIED, hold: 'open' };
      case 'void':
        return hold?.state === 'open' ? { outcome: APPLIED, hold: 'voided' } : { outcome: APPLIED };
      case 'post':
        if (hold?.state !== 'open') return refused('hold-not-open');
        return { outcome: APPLIED, hold: 'posted', lines: moved(accountId, CLEARING, hold.amount) };
      case 'take':
        if (this.#available(accountId) < amount) return refused('insufficient-funds');
        return { outcome: APPLIED, lines: moved(accountId, CLEARING, amount) };
      case 'claw-back':
        if (this.#available(accountId) < amount) return { outcome: { kind: 'cannot_compensate', detail: 'spent' } };
        return { outcome: APPLIED, lines: moved(accountId, CLEARING, amount) };
      case 'give-back':
      case 'credit':
      case 'credit-early': {
        const isClosed = command.op === 'do' && this.account(accountId).isClosed;
        return { outcome: APPLIED, lines: moved(CLEARING, isClosed ? SUSPENSE : accountId, amount) };
      }
      case 'notify':
        return { outcome: APPLIED, isNotice: true };
      default:
        return { outcome: APPLIED };
    }
  }

  /** Commits work and what the barrier remembers of it. `records` undefined: they are not written. */
  commit(
    command: SagaCommand,
    { outcome, lines = [], hold, isNotice = false }: Work,
    records: Records | undefined,
  ): void {
    const { sagaId, branch, op } = command;
    const touched: string[] = [];
    for (const [accountId, amount] of lines) {
      this.account(accountId).balance += amount;
      touched.push(accountId);
      if (accountId === CLEARING) this.#clearing.set(sagaId, this.clearingOf(sagaId) + amount);
    }
    if (hold !== undefined) touched.push(this.#setHold(command, hold));
    const isEffect = outcome.kind === 'applied' && (lines.length > 0 || hold !== undefined || isNotice);
    const key = `${sagaId}/${branch}`;
    if (isEffect) this.#effects.set(key, increased(this.effect(sagaId, branch), op));
    if (records !== undefined) this.#records.set(key, { ...this.#records.get(key), ...records });
    this.#check(sagaId, branch, lines, touched);
  }

  /** Money comes in from outside. */
  payIn(accountId: string, amount: bigint): void {
    this.account('equity').balance -= amount;
    this.account(accountId).balance += amount;
  }

  /** Holds end when nobody has posted them for long, whatever the saga does that made them. */
  expireHolds(): void {
    for (const hold of this.#holds.values()) {
      if (hold.state !== 'open') continue;
      hold.state = 'voided';
      this.account(hold.accountId).held -= hold.amount;
    }
  }

  /** Records are forgotten when they are old. */
  forgetRecords(): void {
    this.#records.clear();
  }

  /** I1: everything adds up to nothing. I2: nobody has less than is promised. */
  checkBooks(): void {
    let sum = 0n;
    for (const [id, account] of this.accounts) {
      sum += account.balance;
      this.#checkAvailable(id);
    }
    must(sum === 0n, 'I1', this.name, () => `the accounts of ${this.name} add up to ${sum}`);
  }

  #check(sagaId: string, branch: string, lines: NonNullable<Work['lines']>, touched: readonly string[]): void {
    const sum = lines.reduce((total, [, amount]) => total + amount, 0n);
    must(sum === 0n, 'I1', sagaId, () => `${branch}: the lines add up to ${sum}`);
    for (const id of touched) this.#checkAvailable(id, sagaId);
    const effect = this.effect(sagaId, branch);
    must(
      effect.do <= 1 && effect.undo <= 1,
      'I3',
      sagaId,
      () => `${branch}: done ${effect.do} times, undone ${effect.undo}`,
    );
    const records = this.records(sagaId, branch);
    const isRecorded = effect.do === 0 || records.do?.outcome.kind === 'applied';
    must(
      isRecorded && (effect.undo === 0 || records.undo !== undefined),
      'I4',
      sagaId,
      () => `${branch}: an effect without its record`,
    );
  }

  #checkAvailable(id: string, subject = id): void {
    const { isCustomers } = this.account(id);
    const available = this.#available(id);
    must(!isCustomers || available >= 0n, 'I2', subject, () => `${id} has ${available} available`);
  }

  #available(id: string): bigint {
    const { balance, held } = this.account(id);
    return balance - held;
  }

  #setHold(command: SagaCommand, state: Hold['state']): string {
    const found = this.#holds.get(command.sagaId);
    if (state === 'open') {
      const { accountId, amount } = readOrder(command);
      this.#holds.set(command.sagaId, { accountId, amount, state });
      this.account(accountId).held += amount;
      return accountId;
    }
    invariant(found !== undefined, 'only what is held is posted or voided');
    found.state = state;
    this.account(found.accountId).held -= found.amount;
    return found.accountId;
  }
}

function increased(effect: Readonly<Effect>, op: Op): Effect {
  return op === 'do' ? { ...effect, do: effect.do + 1 } : { ...effect, undo: effect.undo + 1 };
}

function moved(from: string, to: string, amount: bigint): Work['lines'] & object {
  return [
    [from, -amount],
    [to, amount],
  ];
}

function refused(code: string): Work {
  return { outcome: { kind: 'rejected', code, detail: '' } };
}

/** Which account a step concerns, and how much: part of what the saga was begun with. */
export function readOrder({ payload, branch }: SagaCommand): { readonly accountId: string; readonly amount: bigint } {
  const { accounts, amount } = payload.input;
  const accountId = (accounts as { readonly [step: string]: string })[branch];
  invariant(accountId !== undefined && typeof amount === 'string', `the order says nothing about ${branch}`);
  return { accountId, amount: BigInt(amount) };
}

export function shardOf(accountId: string): string {
  return accountId.slice(0, accountId.indexOf('-'));
}
