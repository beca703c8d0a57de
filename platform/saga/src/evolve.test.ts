import { expect, it } from 'vitest';
import { evolve, replay } from './evolve.ts';
import { APPLIED, Play, TRIP } from './saga.fixture.ts';
import type { LoggedEvent } from './saga.ts';

const { log } = new Play(TRIP).answer(APPLIED, APPLIED);

it.each<[string, readonly (LoggedEvent | undefined)[]]>([
  ['is empty', []],
  ['does not begin with the start', log.slice(1)],
  ['lacks an event', [...log.slice(0, 3), ...log.slice(4)]],
  ['has an event twice', [...log.slice(0, 3), log[2], ...log.slice(3)]],
  ['is out of order', [log[0], log[2], log[1]]],
  ['starts twice', [log[0], { ...log[0], seq: 2 } as LoggedEvent]],
])('I11: takes no log that %s for the log of a saga', (_, events) => {
  expect(() => replay(events.filter((event) => event !== undefined))).toThrow();
});

it('is the same saga whether it is folded at once or one event at a time', () => {
  const first = replay(log.slice(0, 4));
  expect(log.slice(4).reduce((saga, event) => evolve(saga, event), first)).toEqual(replay(log));
});
