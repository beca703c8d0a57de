import { describe, expect, it } from 'vitest';
import { type HistoryPage, readStretch } from './history-stretch.ts';
import { posting } from './posting.fixture.ts';

const LINE = posting();
const OLD = posting({ bookedAt: '2025-03-01T10:00:00.000Z' });

/** A history that answers these pages, one after the other, and says what it was asked. */
function historyOf(pages: readonly HistoryPage[]) {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    source: {
      pageSize: 2,
      async page(cursor: string | undefined) {
        asked.push(cursor);
        const page = pages[asked.length - 1];
        if (page === undefined) throw new Error('asked too often');
        return page;
      },
      lineAt: async (cursor: string) => (cursor === 'gone' ? undefined : OLD),
    },
  };
}

const empty = (nextCursor: string | null): HistoryPage => ({ data: [], nextCursor });

describe('readStretch', () => {
  it('takes a full page as it is, without asking where it ends', async () => {
    const { source, asked } = historyOf([{ data: [LINE, LINE], nextCursor: 'next' }]);
    expect(await readStretch(source, 'start')).toEqual({ lines: [LINE, LINE], nextCursor: 'next' });
    expect(asked).toEqual(['start']);
  });

  it('asks on over empty pages, each from where the one before ended', async () => {
    const { source, asked } = historyOf([empty('a'), empty('b'), { data: [LINE, LINE], nextCursor: null }]);
    expect(await readStretch(source, undefined)).toEqual({ lines: [LINE, LINE], nextCursor: null });
    expect(asked).toEqual([undefined, 'a', 'b']);
  });

  it('shows the few it has found, and says how far back it has looked', async () => {
    const { source } = historyOf([empty('a'), { data: [LINE], nextCursor: 'b' }]);
    expect(await readStretch(source, undefined)).toEqual({
      lines: [LINE],
      nextCursor: 'b',
      searchedBackTo: OLD.bookedAt,
    });
  });

  it('stops after five empty pages, with a way to go on', async () => {
    const { source, asked } = historyOf(Array.from({ length: 5 }, (_, at) => empty(`${at}`)));
    expect(await readStretch(source, undefined)).toEqual({
      lines: [],
      nextCursor: '4',
      searchedBackTo: OLD.bookedAt,
    });
    expect(asked).toHaveLength(5);
  });

  it('goes on without the day when that is not to be had', async () => {
    const { source } = historyOf([{ data: [LINE], nextCursor: 'gone' }]);
    expect(await readStretch(source, undefined)).toEqual({ lines: [LINE], nextCursor: 'gone' });
  });

  it('ends where the history ends, whether or not it found something', async () => {
    const { source } = historyOf([empty(null)]);
    expect(await readStretch(source, undefined)).toEqual({ lines: [], nextCursor: null });
  });

  it('fails when a page fails', async () => {
    const { source } = historyOf([empty('a')]);
    await expect(readStretch(source, undefined)).rejects.toThrow('asked too often');
  });
});
