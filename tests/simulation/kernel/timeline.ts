import { Violation } from './violation.ts';

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** More than any run needs; one that reaches it goes round in circles. */
const EVENTS_MAX = 100_000;

/** Virtual time: what will happen, in the order of time, and of being asked for where times are equal. A binary heap. */
export class Timeline {
  nowMs: number;
  events = 0;
  readonly #heap: Entry[] = [];
  #order = 0;

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  after(delayMs: number, run: () => void): void {
    this.#order += 1;
    const entry = { atMs: this.nowMs + delayMs, order: this.#order, run };
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || isBefore(parent, entry)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = entry;
  }

  /** Lets happen what is due by then, or until `isOver`; it is that time afterwards. */
  runUntil(endMs: number, isOver: () => boolean = () => false): void {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= endMs; next = this.#heap[0]) {
      if (isOver()) return;
      this.#take();
      this.nowMs = next.atMs;
      this.events += 1;
      if (this.events > EVENTS_MAX) throw new Violation('I14', 'world', `more than ${EVENTS_MAX} events`);
      next.run();
    }
    this.nowMs = Math.max(this.nowMs, endMs);
  }

  #take(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
