import type { Clock } from '@florin/primitives';
import { LRUCache } from 'lru-cache';
import {
  type Cache,
  FIELDS_MAX,
  type RateLimit,
  type Take,
  VERSIONED_CHARACTERS_MAX,
  type Versioned,
} from './cache.ts';
import { gcra } from './gcra.ts';

/** Enough for every caller of half a minute at several thousand requests a second; about 20 MB when full. */
const ENTRIES_MAX = 100_000;
/** Values with versions may be long: so many, of 32 to 64 MB together. */
const VERSIONED_MAX = 10_000;
const VERSIONED_CHARACTERS_KEPT_MAX = 32 * 1024 * 1024;

interface Entry<Value> {
  value: Value;
  expiresAtMs: number;
}

/**
 * The cache of one process. The least recently used entry goes when it is full; values, versions and limits have a
 * room each, so a flood of one kind cannot push out another. The work of every call is done before it returns, so a
 * caller who does not await still sees its effect in the next call.
 */
export function memoryCache(options: { readonly clock: Clock; readonly entriesMax?: number }): Cache<string> {
  const { clock } = options;
  const max = options.entriesMax ?? ENTRIES_MAX;
  const values = new LRUCache<string, Entry<string>>({ max });
  const versions = new LRUCache<string, Entry<Map<string, number>>>({ max });
  const versioned = new LRUCache<string, Entry<Versioned>>({
    max: Math.min(max, VERSIONED_MAX),
    maxSize: VERSIONED_CHARACTERS_KEPT_MAX,
    sizeCalculation: ({ value: { value } }, key) => key.length + value.length,
  });
  const arrivals = new LRUCache<string, { us: number }>({ max });

  return {
    get: (key) => Promise.resolve(alive(values, key, clock())),
    set(key, value, ttlMs) {
      values.set(key, { value, expiresAtMs: clock() + ttlMs });
      return DONE;
    },
    delete(key) {
      values.delete(key);
      versions.delete(key);
      versioned.delete(key);
      return DONE;
    },
    putNewer: (key, entry, ttlMs) => Promise.resolve(putNewer(versioned, key, entry, { nowMs: clock(), ttlMs })),
    newest: (key) => Promise.resolve(alive(versioned, key, clock())),
    raise(key, field, version, ttlMs) {
      raiseField(versions, key, { field, version, nowMs: clock(), ttlMs });
      return DONE;
    },
    fields(key) {
      const known = alive(versions, key, clock());
      return known === undefined ? NO_FIELDS : Promise.resolve(known);
    },
    take(key: string, limit: RateLimit, cost = 1): Promise<Take> {
      const arrival = arrivals.get(key);
      const step = gcra(arrival?.us, clock(), limit, cost);
      // Changed in place: every request comes through here twice, and setting costs more than all the arithmetic.
      if (arrival === undefined) arrivals.set(key, { us: step.arrivalUs });
      else arrival.us = step.arrivalUs;
      return Promise.resolve(step.take);
    },
    close() {
      values.clear();
      versions.clear();
      versioned.clear();
      arrivals.clear();
      return DONE;
    },
  };
}

const DONE = Promise.resolve();
const NO_FIELDS: Promise<ReadonlyMap<string, number>> = Promise.resolve(new Map());

function alive<Value>(entries: LRUCache<string, Entry<Value>>, key: string, nowMs: number): Value | undefined {
  const entry = entries.get(key);
  if (entry === undefined) return undefined;
  if (entry.expiresAtMs > nowMs) return entry.value;
  entries.delete(key);
  return undefined;
}

function putNewer(
  entries: LRUCache<string, Entry<Versioned>>,
  key: string,
  entry: Versioned,
  { nowMs, ttlMs }: { readonly nowMs: number; readonly ttlMs: number },
): boolean {
  const known = alive(entries, key, nowMs);
  if (known !== undefined && known.version >= entry.version) return false;
  if (entry.value.length > VERSIONED_CHARACTERS_MAX) return false;
  entries.set(key, { value: entry, expiresAtMs: nowMs + ttlMs });
  return true;
}

function raiseField(
  entries: LRUCache<string, Entry<Map<string, number>>>,
  key: string,
  raised: { readonly field: string; readonly version: number; readonly nowMs: number; readonly ttlMs: number },
): void {
  const fields = alive(entries, key, raised.nowMs) ?? new Map<string, number>();
  const known = fields.get(raised.field);
  // Deleted first, so the field moves to the end: the first one is always the one raised longest ago.
  fields.delete(raised.field);
  if (fields.size >= FIELDS_MAX) {
    for (const oldest of fields.keys()) {
      fields.delete(oldest);
      break;
    }
  }
  fields.set(raised.field, known !== undefined && known > raised.version ? known : raised.version);
  entries.set(key, { value: fields, expiresAtMs: raised.nowMs + raised.ttlMs });
}
