import { expect, it } from 'vitest';
import { focusFirst } from './focus-first.ts';

it('goes to the first field with an error, and nowhere without one', () => {
  const focused: string[] = [];
  const focusOn = focusFirst({
    getInputNode: (path) => ({ focus: () => focused.push(path) }) as unknown as HTMLElement,
  });
  focusOn({ most: 'too small', to: 'too early' });
  focusOn({});
  expect(focused).toEqual(['most']);
});
