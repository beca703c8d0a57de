import type { Cache } from '@florin/cache';
import type { Logger } from '@florin/observability';
import type { Clock } from '@florin/primitives';

/** Every gateway beats so often, and looks whether the others did. */
export const BEAT_EVERY_MS = 250;
/** Who has not beaten for so long may be cut off from the cache, and its customers told things that are not in there. */
const SILENT_AFTER_MS = 1_000;
/** By then everybody has noticed: a beat may have been seen late by one look, and a look takes its time. */
export const NOTICED_AFTER_MS = SILENT_AFTER_MS + 2 * BEAT_EVERY_MS;
/** Who was silent for longer was killed, and comes back under another name. */
const GONE_AFTER_MS = 60_000;
/** Longer than anything that a gateway works from is kept. */
const KEPT_MS = 86_400_000;
const BEATS = 'gateways:beats';
/** The last beat of one who has nothing more to tell. */
const LEFT = Number.MAX_SAFE_INTEGER;

/**
 * Whether what the gateways tell each other through the cache can be relied on: that it was not emptied, and that nobody who
 * should have written was cut off. Each gateway has a mark in it, whose loss shows that other things are lost, and a beat that
 * the others see. Doubt lasts, from its last reason, as long as anything is remembered.
 */
export interface CacheTrust {
  /** Tells the others that we are there, and looks for them; to be called every `BEAT_EVERY_MS`. Never rejects. */
  beat(): Promise<void>;
  /** By what this process has seen so far; costs nothing. */
  isDoubted(): boolean;
  /** Whether the cache still has our mark. To be asked after what was read, over the same connection. */
  hasMark(): Promise<boolean>;
  /** Something is missing, as of now. */
  doubt(reason: unknown): void;
  /** Beats no more until `resume` was called as often as this, so that the others begin to doubt. */
  fallSilent(): void;
  resume(): void;
  /** How long a silence that began with `fallSilent` must go on until all others doubt; 0 when they do, or there are none. */
  untilNoticedMs(): number;
  /** Tells the others that this one has nothing more to write. Never rejects; nothing may beat after it. */
  leave(): Promise<void>;
}

export interface CacheTrustOptions {
  readonly cache: Cache;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of this process, and of no other before or after it. */
  readonly instanceId: string;
  readonly doubtedForMs: number;
}

/**
 * Begins to watch. Who finds others there reads the ledger for a while: it can not know what was lost before it came.
 * Never throws; a cache that is away is doubted.
 */
export async function openCacheTrust(options: CacheTrustOptions): Promise<CacheTrust> {
  const { cache, clock, logger, instanceId, doubtedForMs } = options;
  const mark = `gateways:mark:${instanceId}` as const;
  const others = createPulse(clock());
  let doubtedUntilMs = Number.NEGATIVE_INFINITY;
  let beat = 0;
  let beatAtMs = Number.NEGATIVE_INFINITY;
  let silences = 0;

  function doubt(reason: unknown): void {
    if (doubtedUntilMs < clock())
      logger.warn({ err: reason }, 'the cache may have lost something: reads go to the ledger');
    doubtedUntilMs = clock() + doubtedForMs;
  }

  async function look(): Promise<void> {
    if ((await cache.get(mark)) === undefined) {
      if (beat > 0) doubt('the cache was emptied');
      await cache.set(mark, 'here', KEPT_MS);
    }
    if (silences === 0) {
      beat += 1;
      await cache.raise(BEATS, instanceId, beat, KEPT_MS);
      beatAtMs = clock();
    }
    const beats = await cache.fields(BEATS);
    const isLate = others.note(
      [...beats].filter(([id]) => id !== instanceId),
      clock(),
    );
    if (isLate) doubt('another gateway was silent, or there before this one');
  }

  await look().catch(doubt);

  let isLooking = false;
  return {
    async beat() {
      if (isLooking) return;
      isLooking = true;
      await look().catch(doubt);
      isLooking = false;
    },
    isDoubted() {
      if (others.isAnySilent(clock())) doubt('another gateway is silent');
      return doubtedUntilMs >= clock();
    },
    hasMark: async () => (await cache.get(mark)) !== undefined,
    doubt,
    fallSilent() {
      silences += 1;
    },
    resume() {
      silences -= 1;
    },
    untilNoticedMs: () => (others.areThere(clock()) ? Math.max(0, beatAtMs + NOTICED_AFTER_MS - clock()) : 0),
    leave: () => cache.raise(BEATS, instanceId, LEFT, KEPT_MS).catch(() => undefined),
  };
}

/** What is known of the beats of others. */
interface Pulse {
  /** Takes what the cache says of them; whether somebody beats again who was silent, or may have been there before us. */
  note(beats: Iterable<readonly [id: string, beat: number]>, nowMs: number): boolean;
  isAnySilent(nowMs: number): boolean;
  areThere(nowMs: number): boolean;
}

function createPulse(bornAtMs: number): Pulse {
  const known = new Map<string, { readonly beat: number; readonly seenAtMs: number }>();
  const isSilent = (seenAtMs: number, nowMs: number): boolean => nowMs - seenAtMs > SILENT_AFTER_MS;
  const isGone = (seenAtMs: number, nowMs: number): boolean => nowMs - seenAtMs > GONE_AFTER_MS;
  return {
    note(beats, nowMs) {
      let isLate = false;
      for (const [id, beat] of beats) {
        const before = known.get(id);
        if (beat === LEFT) known.delete(id);
        else if (before === undefined || beat > before.beat) {
          // In a cache that was just emptied somebody who was there before us shows with the next beat.
          isLate ||= before === undefined ? nowMs - bornAtMs < NOTICED_AFTER_MS : isSilent(before.seenAtMs, nowMs);
          known.set(id, { beat, seenAtMs: nowMs });
        }
      }
      return isLate;
    },
    isAnySilent(nowMs) {
      for (const { seenAtMs } of known.values()) {
        if (isSilent(seenAtMs, nowMs) && !isGone(seenAtMs, nowMs)) return true;
      }
      return false;
    },
    areThere(nowMs) {
      for (const { seenAtMs } of known.values()) if (!isGone(seenAtMs, nowMs)) return true;
      return false;
    },
  };
}
