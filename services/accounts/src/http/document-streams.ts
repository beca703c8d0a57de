import { Readable } from 'node:stream';
import { Fault } from '@florin/primitives';

/** Documents under way at a time, each with two pieces of about 150 kB in memory at most. */
const OPEN_MAX = 64;
/** One caller who does not read leaves room for the others. */
const OPEN_PER_CALLER_MAX = 4;
/** A caller who takes nothing for so long is gone. */
const STALLED_MS = 30_000;

export interface DocumentStreams {
  /**
   * A text document as a stream that makes each piece when the one before it was taken. The first piece is made before
   * this answers, so what fails at once is still told with a status. A caller who hangs up or stalls ends it, and with
   * it the reading behind it. Fault: `too-many-documents`, for the bank or for one caller.
   */
  open(caller: string, pieces: AsyncGenerator<string>): Promise<Readable>;
}

export function documentStreams(options: { readonly stalledMs?: number } = {}): DocumentStreams {
  const stalledMs = options.stalledMs ?? STALLED_MS;
  const openByCaller = new Map<string, number>();
  let openCount = 0;

  function enter(caller: string): void {
    const own = openByCaller.get(caller) ?? 0;
    if (openCount >= OPEN_MAX || own >= OPEN_PER_CALLER_MAX) {
      const message = 'too many documents are being sent';
      throw new Fault('too-many-documents', message, { retryable: true, retryAfterSeconds: 5 });
    }
    openCount += 1;
    openByCaller.set(caller, own + 1);
  }

  function leave(caller: string): void {
    openCount -= 1;
    const own = (openByCaller.get(caller) ?? 1) - 1;
    if (own === 0) openByCaller.delete(caller);
    else openByCaller.set(caller, own);
  }

  return {
    async open(caller, pieces) {
      enter(caller);
      try {
        const first = await pieces.next();
        const stream = readableOf(first, pieces, stalledMs);
        stream.once('close', () => leave(caller));
        return stream;
      } catch (error) {
        leave(caller);
        throw error;
      }
    },
  };
}

function readableOf(first: IteratorResult<string>, rest: AsyncGenerator<string>, stalledMs: number): Readable {
  async function* guarded(): AsyncGenerator<string> {
    try {
      for (let piece = first; piece.done !== true; piece = await rest.next()) {
        const timer = setTimeout(() => stream.destroy(new Error('nobody reads the document')), stalledMs);
        timer.unref();
        try {
          yield piece.value;
        } finally {
          clearTimeout(timer);
        }
      }
    } finally {
      await rest.return(undefined);
    }
  }
  const stream = Readable.from(guarded(), { highWaterMark: 1 });
  return stream;
}
