import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from './participant.ts';
import type { SagaRunner } from './runner.ts';
import { OPERATIONS, openTrips, start, TRIP, type Trips, tripWith, until } from './testing/trips.ts';

/** The two ends of a transport: a host of sagas, and participants with a database of their own. */
export interface Ends {
  readonly host: Trips;
  readonly away: Trips;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** Opens a runner at the host whose commands reach the participants by the transport under test. */
export type OpenTransport = (ends: Ends) => Promise<{ runner: SagaRunner; close(): Promise<void> }>;

/** What every transport does. */
export function transportContract(name: string, open: OpenTransport): void {
  describe(`sagas over ${name}`, () => {
    let host: Trips;
    let away: Trips;
    let runner: SagaRunner;
    let close: () => Promise<void>;
    let operations: Record<string, Operation>;
    beforeAll(async () => {
      [host, away] = await Promise.all([openTrips(), openTrips()]);
    });
    beforeEach(async () => {
      operations = { ...OPERATIONS };
      ({ runner, close } = await open({ host, away, operations }));
    });
    afterEach(async () => {
      await host.empty();
      await close();
      await away.empty();
    });
    afterAll(() => Promise.all([host.close(), away.close()]));

    test('every step is done once; outputs come back and go on to the next step', async () => {
      const seen: unknown[] = [];
      operations['send'] = async (_tx, payload) => {
        seen.push(payload);
        return { kind: 'applied', output: { sent: true } };
      };
      const definition = tripWith({ version: 2 }, { tickets: { do: 'send' } });
      const id = await start(host.db, runner, definition);
      expect(await until(runner, id)).toMatchObject({ status: 'completed', outputs: { tickets: { sent: true } } });
      expect(await away.effects(id)).toEqual(['do flight', 'do hotel', 'do payment']);
      expect(seen[0]).toMatchObject({
        input: { traveller: 'alice' },
        outputs: { flight: { place: 'flight 1' }, payment: { place: 'payment 1' } },
      });
    });

    test('a rejection turns it back, with its reason', async () => {
      await away.stock('payment', 0);
      const id = await start(host.db, runner);
      const saga = await until(runner, id);
      expect(saga).toMatchObject({
        status: 'compensated',
        failure: { code: 'sold-out', detail: 'None is left.' },
        undone: ['hotel', 'flight'],
      });
      expect(await away.effects(id)).toEqual(['do flight', 'do hotel', 'undo hotel', 'undo flight']);
    });

    test('what failed at the participant is asked again, and was not done twice', async () => {
      let failures = 2;
      operations['reserve'] = async (tx, payload, command) => {
        const outcome = await OPERATIONS['reserve']?.(tx, payload, command);
        if (failures > 0 && command.branch === 'hotel') {
          failures -= 1;
          throw new Error('the participant is unwell');
        }
        return outcome ?? { kind: 'pending' };
      };
      const id = await start(host.db, runner);
      expect(await until(runner, id)).toMatchObject({ status: 'completed' });
      expect(await away.effects(id)).toEqual(['do flight', 'do hotel', 'do payment', 'do tickets']);
      const sent = (await runner.timeline(id)).filter((event) => event.kind === 'sent' && event.branch === 'hotel');
      expect(sent.length).toBeGreaterThan(1);
    });

    test('an operation the participant does not know yet is asked for again, and no failure of business', async () => {
      const known = operations['reserve'];
      let looks = 0;
      Object.defineProperty(operations, 'reserve', { get: () => (++looks > 2 ? known : undefined) });
      const id = await start(host.db, runner);
      expect(await until(runner, id)).toMatchObject({ status: 'completed', failure: null });
      const sent = (await runner.timeline(id)).filter((event) => event.kind === 'sent' && event.branch === 'flight');
      expect(sent.length).toBeGreaterThan(1);
    });

    test('what is pending is asked again until it is done', async () => {
      let asked = 0;
      operations['reserve'] = async (tx, payload, command) => {
        asked += 1;
        if (asked < 3) return { kind: 'pending' };
        return (await OPERATIONS['reserve']?.(tx, payload, command)) ?? { kind: 'pending' };
      };
      const id = await start(host.db, runner, TRIP);
      expect(await until(runner, id)).toMatchObject({ status: 'completed' });
      expect((await away.effects(id)).filter((effect) => effect === 'do flight')).toHaveLength(1);
    });

    test('many at once', async () => {
      const ids = await Promise.all(Array.from({ length: 60 }, () => start(host.db, runner)));
      const sagas = await Promise.all(ids.map((id) => until(runner, id)));
      expect(sagas.map((saga) => saga.status)).toEqual(ids.map(() => 'completed'));
      const effects = await Promise.all(ids.map((id) => away.effects(id)));
      expect(effects.every((list) => list.length === 4)).toBe(true);
    });
  });
}
