/** How a saga ended, or that it did not within the time it is given. */
export type SagaEnd = 'completed' | 'compensated' | 'needs_attention' | 'unfinished';

/** A transfer that takes longer has its client go on without it. */
const UNFINISHED_AFTER_MS = 30_000;

/** Tells when sagas have ended. It looks when it is told to, never better than it was: an end is told after it is committed. */
export class FinalWatch {
  /** How often the database was asked. */
  looks = 0;
  readonly #nowMs: () => number;
  readonly #waiting = new Map<string, { readonly sinceMs: number; resolve(end: SagaEnd): void }>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Resolves when a look has found the saga ended. At most as many wait as there are clients. */
  endOf(id: string): Promise<SagaEnd> {
    return new Promise((resolve) => this.#waiting.set(id, { sinceMs: this.#nowMs(), resolve }));
  }

  /** Asks `findEnded` about those that wait and are `mine`, if there are any. */
  async look(
    mine: (id: string) => boolean,
    findEnded: (ids: readonly string[]) => Promise<readonly { readonly id: string; readonly status: SagaEnd }[]>,
  ): Promise<void> {
    const ids = [...this.#waiting.keys()].filter(mine);
    if (ids.length === 0) return;
    this.looks += 1;
    for (const { id, status } of await findEnded(ids)) this.#end(id, status);
    for (const id of ids) {
      const since = this.#waiting.get(id)?.sinceMs ?? Number.POSITIVE_INFINITY;
      if (this.#nowMs() - since > UNFINISHED_AFTER_MS) this.#end(id, 'unfinished');
    }
  }

  #end(id: string, how: SagaEnd): void {
    this.#waiting.get(id)?.resolve(how);
    this.#waiting.delete(id);
  }
}
