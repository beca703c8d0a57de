import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { documentStreams } from './document-streams.ts';

/** Counts what it is asked to make. */
function counted(total: number) {
  const made = { count: 0, isOver: false };
  async function* pieces(): AsyncGenerator<string> {
    try {
      for (; made.count < total; ) {
        made.count += 1;
        yield `${made.count},`;
      }
    } finally {
      made.isOver = true;
    }
  }
  return { made, pieces: pieces() };
}

it('sends every piece, once and in order', async () => {
  const stream = await documentStreams().open('alice', counted(5).pieces);
  expect(await text(stream)).toBe('1,2,3,4,5,');
});

it('is empty when there is nothing', async () => {
  expect(await text(await documentStreams().open('alice', counted(0).pieces))).toBe('');
});

it('makes a piece when the one before it was taken', async () => {
  const { made, pieces } = counted(1_000);
  const stream = await documentStreams().open('alice', pieces);
  await once(stream, 'readable');
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  expect(made.count).toBeLessThanOrEqual(2);
  stream.destroy();
});

it('stops making when the reader goes away', async () => {
  const { made, pieces } = counted(1_000);
  const stream = await documentStreams().open('alice', pieces);
  await once(stream, 'readable');
  stream.read();
  stream.destroy();
  await once(stream, 'close');
  await expect.poll(() => made.isOver).toBe(true);
  expect(made.count).toBeLessThan(5);
});

it('gives up a reader who takes nothing', async () => {
  const { made, pieces } = counted(1_000);
  const stream = await documentStreams({ stalledMs: 20 }).open('alice', pieces);
  await expect(
    once(
      stream.on('readable', () => undefined),
      'close',
    ),
  ).rejects.toThrow('nobody reads');
  await expect.poll(() => made.isOver).toBe(true);
});

it('tells what fails before the first piece, and keeps no place for it', async () => {
  const streams = documentStreams();
  async function* broken(): AsyncGenerator<string> {
    yield* [];
    throw new Error('no first piece');
  }
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await expect(streams.open('alice', broken())).rejects.toThrow('no first piece');
  }
});

it('keeps one caller from taking the places of all', async () => {
  const streams = documentStreams();
  const open = (caller: string) => streams.open(caller, counted(1_000).pieces);
  const own = await Promise.all([open('alice'), open('alice'), open('alice'), open('alice')]);
  await expect(open('alice')).rejects.toMatchObject({ code: 'too-many-documents', retryable: true });
  const others = await Promise.all(Array.from({ length: 60 }, (_, index) => open(`caller ${index}`)));
  await expect(open('bob')).rejects.toMatchObject({ code: 'too-many-documents' });
  for (const stream of [...own, ...others]) {
    stream.destroy();
    await once(stream, 'close');
  }
  expect(await text(await streams.open('alice', counted(2).pieces))).toBe('1,2,');
});
