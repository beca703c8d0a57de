import { KEY_SPACES } from '@florin/cache';
import { code, GENERATED, page, table } from './markdown.ts';

/** The page about what is kept in the cache. */
export function cacheKeysPage(): string {
  return page(
    '# Keys of the cache',
    GENERATED,
    'On Redis where there is one, else in the memory of each process. Nothing in here decides: all of it may be lost at any ' +
      'moment, and then the last column holds.',
    table(
      ['key', 'what', 'lives', 'written by', 'without it'],
      Object.values(KEY_SPACES).map(({ key, what, lives, writtenBy, without }) => [
        code(key),
        what,
        lives,
        writtenBy,
        without,
      ]),
    ),
    'Not in the cache: balances ([decision 27](../decisions/0027-warm-lines.md) says why); who was signed out, which every ' +
      'gateway hears by event and reads from the users service when it starts; exchange rates, which the bank does not have yet.',
  );
}
