import { normaliseIban } from '@florin/money';
import type { Context } from '../domain/ledger-view.ts';
import { markPaid, type PaidNote } from '../repositories/payees.ts';
import type { Shards, Stored } from './shards.ts';

/** Payments to different IBANs between two flushes; what is beyond is not noted, and no payment waits. */
const NOTES_MAX = 5_000;

/**
 * When payees were paid last, noted in memory and written down by a chore, so that a transfer pays nothing for it. It is
 * a convenience for sorting, kept as well as that allows: a process that dies forgets the last few seconds.
 */
export class PaidNotes {
  readonly #now: () => Context;
  #notes = new Map<string, PaidNote>();

  constructor(now: () => Context) {
    this.#now = now;
  }

  /** Notes that a customer has just paid an IBAN, written in any form. */
  note(owner: string, writtenIban: string): void {
    const iban = normaliseIban(writtenIban);
    const key = `${owner} ${iban}`;
    if (this.#notes.size < NOTES_MAX || this.#notes.has(key)) {
      this.#notes.set(key, { owner, iban, atMs: this.#now().nowMs });
    }
  }

  /** Writes down what was noted; what can not be written is forgotten. */
  async flush({ all, ofCustomer }: Pick<Shards<Stored>, 'all' | 'ofCustomer'>): Promise<void> {
    const notes = [...this.#notes.values()];
    if (notes.length === 0) return;
    this.#notes = new Map();
    for (const shard of all) {
      const ours = notes.filter(({ owner }) => ofCustomer(owner) === shard);
      if (ours.length > 0) await markPaid(shard.db, ours);
    }
  }
}
