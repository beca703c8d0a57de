import { Readable } from 'node:stream';
import { ACCOUNTS_PER_CUSTOMER_MAX } from '../domain/account.ts';

/** One open stream: what it goes out through, and the place in the history of each account that it has told up to. */
export interface Stream {
  readonly customerId: string;
  readonly readable: Readable;
  /** What the listener has been told, by account; only accounts that were the customer's at the last look. */
  readonly versions: Map<string, number>;
  /** It knows from where on it tells; before that nothing may be told, or it would be told from the beginning. */
  hasBegun: boolean;
  /** Its buffer is full: what happens meanwhile is told in one piece when it has been read. */
  isFull: boolean;
  /** Nothing more goes into it; what is in it may still be on its way. */
  hasEnded: boolean;
  wroteAtMs: number;
}

const BUFFERED_BYTES_MAX = 64 * 1024;

/** Makes a stream. `drained` is called when it has room again, `closed` once, however it ends. */
export function createStream(
  customerId: string,
  lifetimeMs: number,
  on: { drained(stream: Stream): void; closed(stream: Stream): void },
): Stream {
  const readable = new Readable({
    highWaterMark: BUFFERED_BYTES_MAX,
    read() {
      if (!stream.isFull) return;
      stream.isFull = false;
      on.drained(stream);
    },
    destroy(error, done) {
      clearTimeout(lifetime);
      stream.hasEnded = true;
      on.closed(stream);
      done(error);
    },
  });
  const stream: Stream = {
    customerId,
    readable,
    versions: new Map(),
    hasBegun: false,
    isFull: false,
    hasEnded: false,
    wroteAtMs: 0,
  };
  const lifetime = setTimeout(() => endStream(stream), lifetimeMs).unref();
  return stream;
}

export function writeTo(stream: Stream, text: string): void {
  if (stream.hasEnded) return;
  stream.isFull = !stream.readable.push(text);
  stream.wroteAtMs = performance.now();
}

/** Ends a stream after what is in it already. */
export function endStream(stream: Stream): void {
  if (stream.hasEnded) return;
  stream.hasEnded = true;
  stream.readable.push(null);
}

/** The open streams, by customer and by account. Bounded by the number of streams, and accounts a customer can have. */
export interface OpenStreams {
  readonly all: ReadonlySet<Stream>;
  countOf(customerId: string): number;
  watchersOf(accountId: string): Iterable<Stream>;
  add(stream: Stream): void;
  remove(stream: Stream): void;
  /**
   * Watches the accounts that are the customer's, those that are new to the stream from where `told` says, else from
   * the beginning; forgets every other.
   */
  follow(stream: Stream, owned: ReadonlyMap<string, number>, told: ReadonlyMap<string, number>): void;
}

export function createOpenStreams(): OpenStreams {
  const all = new Set<Stream>();
  const byCustomer = new Map<string, number>();
  const byAccount = new Map<string, Set<Stream>>();

  function unwatch(stream: Stream, accountId: string): void {
    const watchers = byAccount.get(accountId);
    watchers?.delete(stream);
    if (watchers?.size === 0) byAccount.delete(accountId);
  }

  return {
    all,
    countOf: (customerId) => byCustomer.get(customerId) ?? 0,
    watchersOf: (accountId) => byAccount.get(accountId) ?? [],
    add(stream) {
      all.add(stream);
      byCustomer.set(stream.customerId, (byCustomer.get(stream.customerId) ?? 0) + 1);
    },
    remove(stream) {
      if (!all.delete(stream)) return;
      for (const accountId of stream.versions.keys()) unwatch(stream, accountId);
      const left = (byCustomer.get(stream.customerId) ?? 1) - 1;
      if (left === 0) byCustomer.delete(stream.customerId);
      else byCustomer.set(stream.customerId, left);
    },
    follow(stream, owned, told) {
      for (const accountId of stream.versions.keys()) {
        if (owned.has(accountId)) continue;
        stream.versions.delete(accountId);
        unwatch(stream, accountId);
      }
      for (const accountId of owned.keys()) {
        if (stream.versions.has(accountId)) continue;
        if (stream.versions.size >= ACCOUNTS_PER_CUSTOMER_MAX) return;
        stream.versions.set(accountId, told.get(accountId) ?? 0);
        byAccount.set(accountId, (byAccount.get(accountId) ?? new Set()).add(stream));
      }
    },
  };
}
