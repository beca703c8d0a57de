import type { Socket } from 'node:net';

/** How a link is at the moment. Bytes are never changed or lost from the middle of a connection: TCP would not do that. */
export type LinkCondition =
  | { readonly kind: 'pass' }
  /** Open connections are reset and new ones refused. */
  | { readonly kind: 'cut' }
  /** Nothing arrives and nothing ends, as behind a dead cable: of everything, or of the answers only. What was kept arrives later. */
  | { readonly kind: 'stall'; readonly direction: 'both' | 'answers' }
  /** Each piece arrives later, in order. */
  | {
      readonly kind: 'slow';
      readonly delayMs: number;
      readonly jitterMs: number;
      readonly bytesPerSecond: number;
    };

/** One direction of a connection through a proxy. */
export interface Lane {
  /** What was kept may go on now, or may not any more. */
  conditionChanged(): void;
}

interface LaneOptions {
  readonly condition: () => LinkCondition;
  readonly direction: 'requests' | 'answers';
  readonly random: () => number;
}

/** So much is on its way at most; then the sender is not read, and waits as with a slow reader. */
const UNDERWAY_BYTES_MAX = 256 * 1_024;

/** Passes on what one side sends, when the link lets it; the end of the one side becomes the end of the other, in its turn. */
export function createLane(from: Socket, to: Socket, { condition, direction, random }: LaneOptions): Lane {
  const queue: { readonly bytes: Buffer; readonly dueAtMs: number }[] = [];
  let underwayBytes = 0;
  let lastDueAtMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const isStalled = (): boolean => {
    const now = condition();
    return now.kind === 'stall' && (now.direction === 'both' || direction === 'answers');
  };

  function take(bytes: Buffer): void {
    lastDueAtMs = dueAtMs(condition(), bytes.length, lastDueAtMs, random);
    queue.push({ bytes, dueAtMs: lastDueAtMs });
    underwayBytes += bytes.length;
    if (underwayBytes >= UNDERWAY_BYTES_MAX) from.pause();
    release();
  }

  function release(): void {
    clearTimeout(timer);
    if (isStalled() || to.destroyed) return;
    while (queue[0] !== undefined && !to.writableNeedDrain) {
      const waitMs = queue[0].dueAtMs - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(release, waitMs);
        return;
      }
      const { bytes } = queue[0];
      queue.shift();
      underwayBytes -= bytes.length;
      to.write(bytes);
    }
    if (underwayBytes < UNDERWAY_BYTES_MAX && from.isPaused()) from.resume();
    if (queue.length === 0) passOnTheEnd(from, to);
  }

  from.on('data', take);
  from.on('end', release);
  from.on('close', release);
  to.on('drain', release);
  // A reset is known by the close that follows.
  from.on('error', () => {});
  return { conditionChanged: release };
}

function passOnTheEnd(from: Socket, to: Socket): void {
  if (from.destroyed) to.destroy();
  else if (from.readableEnded && !to.writableEnded) to.end();
}

function dueAtMs(condition: LinkCondition, length: number, lastDueAtMs: number, random: () => number): number {
  const nowMs = performance.now();
  if (condition.kind !== 'slow') return Math.max(lastDueAtMs, nowMs);
  const { delayMs, jitterMs, bytesPerSecond } = condition;
  const arrivesAtMs = Math.max(lastDueAtMs, nowMs + delayMs + random() * jitterMs);
  return arrivesAtMs + (length / bytesPerSecond) * 1_000;
}
