import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { createMetrics } from '@florin/observability';
import { afterEach, expect, it } from 'vitest';
import { type AccountNews, NEWS_LINES_MAX, type WantedNews } from '../domain/account-news.ts';
import type { HistoryLine } from '../domain/history.ts';
import { type AccountStreams, createAccountStreams, STREAM_SETTINGS, type StreamSettings } from './account-streams.ts';

const LINE: HistoryLine = {
  version: 1,
  line: 0,
  journalId: 'j',
  kind: 'transfer',
  amountMinor: 1n,
  balanceAfterMinor: 1n,
  counterpartyIban: null,
  counterpartyName: null,
  reference: '',
  bookedAtMs: 0,
  valueDate: '2026-01-01',
  category: 'other',
};
const ALICE = 'alice';
const ACCOUNT = '0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee';

let opened: AccountStreams | undefined;
afterEach(() => opened?.end());

/** A read model in memory: accounts of customers, each with a version, and one line a version. */
function readModel(settings: Partial<StreamSettings> = {}, linePadding = '') {
  const owned = new Map<string, Map<string, number>>();
  const state = { looks: 0, isAway: false, heldUp: undefined as Promise<void> | undefined };
  const newsOf = ({ customerId, accountId, afterVersion }: WantedNews): AccountNews | undefined => {
    const version = owned.get(customerId)?.get(accountId);
    if (version === undefined || version <= afterVersion) return undefined;
    const versions = Array.from({ length: version - afterVersion }, (_, index) => version - index);
    return {
      accountId,
      currency: 'EUR',
      status: 'active',
      balance: { version, postedMinor: 0n, heldMinor: 0n, overdraftMinor: 0n },
      lines: versions.slice(0, NEWS_LINES_MAX).map((each) => ({ ...LINE, version: each })),
      hasMore: versions.length > NEWS_LINES_MAX,
    };
  };
  const streams = createAccountStreams({
    async findVersions(customerIds) {
      const { heldUp } = state;
      state.heldUp = undefined;
      await heldUp;
      await turn();
      state.looks += 1;
      if (state.isAway) throw new Error('away');
      return new Map(customerIds.map((id) => [id, new Map(owned.get(id))]));
    },
    async findNews(wanted) {
      await turn();
      return wanted.map(newsOf);
    },
    texts: {
      opening: 'open\n',
      heartbeat: 'beat\n',
      ready: () => 'ready\n',
      account: ({ lines }) => `${lines.map((line) => line.version).reverse()}${linePadding}\n`,
    },
    settings: { ...STREAM_SETTINGS, ...settings },
    metrics: createMetrics({ service: 'test' }),
  });
  opened = streams;
  return {
    streams,
    state,
    set(customerId: string, accountId: string, version: number) {
      owned.set(customerId, (owned.get(customerId) ?? new Map()).set(accountId, version));
    },
    async open(customerId = ALICE): Promise<Readable> {
      const stream = await streams.open(customerId, undefined);
      if (!stream.ok) throw new Error(stream.failure.code);
      return stream.value.setEncoding('utf8');
    },
  };
}

/** Reads until a text has come. */
async function readUntil(stream: Readable, wanted: string): Promise<string> {
  let text = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.includes(wanted)) return text;
  }
  throw new Error(`the stream ended after ${text}`);
}

it('tells nothing of what was before, also when a look comes while it opens', async () => {
  const { streams, state, set, open } = readModel();
  set(ALICE, ACCOUNT, 7);
  const { promise, resolve } = Promise.withResolvers<void>();
  state.heldUp = promise;
  const opening = open();
  await streams.poll();
  resolve();
  const stream = await opening;
  set(ALICE, ACCOUNT, 8);
  await streams.poll();
  expect(await readUntil(stream, '8\n')).toBe('open\nready\n8\n');
});

it('tells a reader that does not read everything in one piece once it does, and keeps no more than a bound', async () => {
  const padding = 'x'.repeat(10_000);
  const bank = readModel({}, padding);
  bank.set(ALICE, ACCOUNT, 1);
  const stream = await bank.open();
  let version = 1;
  while (stream.readableLength < 64 * 1024) {
    const before = stream.readableLength;
    version += 1;
    bank.set(ALICE, ACCOUNT, version);
    await expect.poll(() => bank.streams.poll().then(() => stream.readableLength)).toBeGreaterThan(before);
  }
  expect(stream.readableLength).toBeLessThan(64 * 1024 + padding.length + 10);
  const [full, toldUpTo] = [stream.readableLength, version];
  for (let more = 0; more < 20; more += 1) {
    version += 1;
    bank.set(ALICE, ACCOUNT, version);
    bank.streams.wake([ACCOUNT]);
    await bank.streams.poll();
    bank.streams.keepAlive();
  }
  expect(stream.readableLength).toBe(full);
  const messages = (await readUntil(stream, `${version}x`)).replaceAll('x', '').trim().split('\n').slice(2);
  const numbers = Array.from({ length: version - 1 }, (_, index) => index + 2);
  expect(messages.join()).toBe(numbers.join());
  expect(messages.at(-1)).toBe(numbers.slice(toldUpTo - 1).join());
});

it('looks once for all streams, and tells several windows of one customer the same', async () => {
  const bank = readModel();
  bank.set(ALICE, ACCOUNT, 1);
  bank.set('bob', 'b0b0aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee', 1);
  const windows = [await bank.open(), await bank.open(), await bank.open('bob')];
  await expect.poll(() => bank.streams.poll().then(() => bank.state.looks)).toBeGreaterThan(6);
  const before = bank.state.looks;
  bank.set(ALICE, ACCOUNT, 2);
  bank.streams.wake([ACCOUNT, ACCOUNT, 'somebody else’s']);
  for (const stream of windows.slice(0, 2)) expect(await readUntil(stream, '2\n')).toMatch(/ready\n2\n$/);
  expect(bank.state.looks - before).toBeLessThanOrEqual(3);
});

it('goes on after a failure, with the next poll', async () => {
  const bank = readModel();
  bank.set(ALICE, ACCOUNT, 1);
  const stream = await bank.open();
  await readUntil(stream, 'ready\n');
  bank.state.isAway = true;
  bank.set(ALICE, ACCOUNT, 2);
  bank.streams.wake([ACCOUNT]);
  await expect.poll(() => bank.streams.poll().then(String, String)).toBe('Error: away');
  await expect(bank.streams.open('bob', undefined)).rejects.toThrow('away');
  bank.state.isAway = false;
  void bank.streams.poll();
  expect(await readUntil(stream, '2\n')).toBe('2\n');
});

it('does not count a stream that could not be opened', async () => {
  const bank = readModel({ perCustomerMax: 1 });
  bank.state.isAway = true;
  await expect(bank.streams.open(ALICE, undefined)).rejects.toThrow('away');
  bank.state.isAway = false;
  const stream = await bank.open();
  expect(await bank.streams.open(ALICE, undefined)).toMatchObject({ ok: false, failure: { code: 'too-many-streams' } });
  stream.destroy();
  await once(stream, 'close');
  await bank.open();
});

it('counts a stream from the moment it is asked for', async () => {
  const bank = readModel({ perCustomerMax: 2, perProcessMax: 3 });
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => bank.streams.open(ALICE, undefined)));
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(2);
  const others = await Promise.allSettled(['bob', 'eve', 'mallory'].map((id) => bank.streams.open(id, undefined)));
  expect(others.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
});

it('keeps silent streams alive, and ends each after its time', async () => {
  const bank = readModel({ heartbeatMs: 0, lifetimeMs: 100 });
  const stream = await bank.open();
  await turn();
  bank.streams.keepAlive();
  let text = '';
  for await (const chunk of stream) text += chunk;
  expect(text).toBe('open\nready\nbeat\n');
});

it('says nothing to those that were told something a moment ago', async () => {
  const bank = readModel({ heartbeatMs: 60_000, lifetimeMs: 100 });
  const stream = await bank.open();
  bank.streams.keepAlive();
  let text = '';
  for await (const chunk of stream) text += chunk;
  expect(text).toBe('open\nready\n');
});

it('ends all streams at once, between two events, and opens no more', async () => {
  const bank = readModel();
  bank.set(ALICE, ACCOUNT, 1);
  const stream = await bank.open();
  const opening = bank.streams.open('bob', undefined);
  bank.streams.end();
  bank.set(ALICE, ACCOUNT, 2);
  bank.streams.wake([ACCOUNT]);
  bank.streams.keepAlive();
  let text = '';
  for await (const chunk of stream) text += chunk;
  expect(text).toBe('open\nready\n');
  const late = await opening;
  expect(late.ok && (await late.value.toArray()).map(String)).toEqual(['open\n']);
  await expect(bank.streams.open(ALICE, undefined)).rejects.toThrow('no more streams');
});
