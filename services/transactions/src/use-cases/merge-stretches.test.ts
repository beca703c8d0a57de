import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FoundStretch, mergeStretches } from './merge-stretches.ts';

interface Booked {
  readonly id: string;
  /** Whether the search is for it. */
  readonly isHit: boolean;
}

const idOf = (moment: number) => moment.toString().padStart(6, '0');

/** A shard's books, newest first, and the stretch of them from a cursor on that a search looks through. */
function stretchOf(books: readonly Booked[], cursor: string | undefined, limit: number, searched: number) {
  const rest = cursor === undefined ? books : books.filter(({ id }) => id < cursor);
  const looked = rest.slice(0, searched);
  const found = looked.filter(({ isHit }) => isHit).slice(0, limit + 1);
  const last = found.length > limit ? found.at(-1) : rest.length >= searched ? looked.at(-1) : undefined;
  const stretch: FoundStretch<Booked> = {
    found: found.map((journal) => ({
      place: journal.id,
      journal,
      above: `${journal.id}+`,
      isElsewhere: false,
    })),
    lookedTo: last === undefined ? null : { place: last.id, journalId: last.id },
  };
  return stretch;
}

/** All pages of a search, to the end. */
function pagesOf(shards: readonly (readonly Booked[])[], limit: number, searched: number): string[][] {
  const pages: string[][] = [];
  let cursors: readonly (string | null | undefined)[] = shards.map(() => undefined);
  while (cursors.some((cursor) => cursor !== null)) {
    expect(pages.length, 'pages get on').toBeLessThan(1_000);
    const stretches = shards.map((books, shard) => {
      const cursor = cursors[shard];
      return cursor === null ? { found: [], lookedTo: null } : stretchOf(books, cursor, limit, searched);
    });
    const page = mergeStretches(stretches, limit);
    pages.push(page.journals.map(({ id }) => id));
    cursors = page.cursors;
  }
  return pages;
}

describe('the pages of several shards', () => {
  it('hold every journal once, the newest first, however far each shard looks for it', () => {
    const moments = fc.uniqueArray(fc.nat({ max: 5_000 }), { minLength: 30, maxLength: 60 });
    const books = fc.record({ moments, shares: fc.array(fc.nat({ max: 3 }), { minLength: 60, maxLength: 60 }) });
    const sizes = fc.record({ limit: fc.integer({ min: 1, max: 7 }), searched: fc.integer({ min: 8, max: 20 }) });
    fc.assert(
      fc.property(
        books,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        sizes,
        (drawn, count, every, size) => {
          const shards: Booked[][] = Array.from({ length: count }, () => []);
          drawn.moments
            .toSorted((a, b) => b - a)
            .forEach((moment, index) => {
              const shard = (drawn.shares[index] ?? 0) % count;
              // The first shard is busy with what nobody looks for, so the others look further back.
              shards[shard]?.push({ id: idOf(moment), isHit: shard > 0 || moment % every === 0 });
            });
          const wanted = shards.flat().filter(({ isHit }) => isHit);
          const expected = wanted
            .map(({ id }) => id)
            .toSorted()
            .toReversed();
          const pages = pagesOf(shards, size.limit, size.searched);
          expect(pages.flat()).toEqual(expected);
          for (const page of pages) expect(page.length).toBeLessThanOrEqual(size.limit);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keep the order of a shard where ids only nearly follow it, and lose nothing', () => {
    const found = ['5', '3', '4'].map((id) => ({
      place: `p${id}`,
      journal: { id },
      above: `a${id}`,
      isElsewhere: false,
    }));
    const busy = { found: [], lookedTo: { place: 'q', journalId: '4' } };
    const page = mergeStretches([{ found, lookedTo: null }, busy], 10);
    expect(page).toEqual({ journals: [{ id: '5' }], cursors: ['p5', 'q'] });
  });

  it('get on with the shard that looked least far, also where its ids do not follow its order', () => {
    const entry = (id: string) => ({ place: `p${id}`, journal: { id }, above: `a${id}`, isElsewhere: false });
    const leastFar = { found: [entry('3')], lookedTo: { place: 'q', journalId: '6' } };
    const further = { found: [entry('4')], lookedTo: { place: 'r', journalId: '5' } };
    expect(mergeStretches([leastFar, further], 10)).toEqual({ journals: [{ id: '3' }], cursors: ['q', 'a4'] });
  });

  it('begin a shard that shows nothing yet where it was, not with what was booked since', () => {
    const old = [{ place: 'p1', journal: { id: '1' }, above: 'a1', isElsewhere: false }];
    const page = mergeStretches(
      [
        { found: old, lookedTo: null },
        { found: [], lookedTo: { place: 'q', journalId: '7' } },
      ],
      10,
    );
    expect(page).toEqual({ journals: [], cursors: ['a1', 'q'] });
  });

  it('show what stands in two shards once, from where it is at home', () => {
    const at = (isElsewhere: boolean) => ({ place: 'p', journal: { id: '1' }, above: 'a', isElsewhere });
    const page = mergeStretches(
      [
        { found: [at(true)], lookedTo: null },
        { found: [at(false)], lookedTo: null },
      ],
      10,
    );
    expect(page).toEqual({ journals: [{ id: '1' }], cursors: [null, null] });
  });
});
