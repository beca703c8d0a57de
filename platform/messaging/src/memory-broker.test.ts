import { expect, it } from 'vitest';
import { brokerContract, eventually, testEvent } from './broker-contract.ts';
import { memoryBroker } from './memory-broker.ts';

brokerContract('the broker in memory', async () => memoryBroker());

it('resolves a publish only when every group is through, and groups do not wait for each other', async () => {
  const broker = memoryBroker();
  const order: string[] = [];
  let letSlowGo = (): void => {};
  broker.subscribe({
    group: 'slow',
    topics: ['a'],
    handle: () =>
      new Promise<void>((resolve) => {
        letSlowGo = () => {
          order.push('slow');
          resolve();
        };
      }),
  });
  broker.subscribe({
    group: 'quick',
    topics: ['a'],
    async handle() {
      order.push('quick');
    },
  });
  const published = broker.publish([testEvent('a', 'k', 1)]).then(() => order.push('published'));
  await eventually(() => order.length === 1);
  letSlowGo();
  await published;
  expect(order).toEqual(['quick', 'slow', 'published']);
});

it('lets one group work on one chunk at a time, whoever publishes', async () => {
  const broker = memoryBroker();
  let running = 0;
  let most = 0;
  broker.subscribe({
    group: 'one',
    topics: ['a'],
    async handle() {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
    },
  });
  await Promise.all(Array.from({ length: 8 }, (_, index) => broker.publish([testEvent('a', 'k', index)])));
  expect(most).toBe(1);
});

it('delivers nothing before it is resumed, when it starts paused', async () => {
  const broker = memoryBroker({ paused: true });
  const published = broker.publish([testEvent('a', 'k', 1)]);
  const seen: string[] = [];
  broker.subscribe({
    group: 'late',
    topics: ['a'],
    async handle(events) {
      seen.push(...events.map((event) => event.id));
    },
  });
  broker.resume();
  await published;
  expect(seen).toEqual(['1']);
});

it('refuses after it was closed, also those who waited for it to open', async () => {
  const broker = memoryBroker({ paused: true });
  const waiting = expect(broker.publish([testEvent('a', 'k', 1)])).rejects.toMatchObject({ code: 'broker-closed' });
  await broker.close();
  await waiting;
  await expect(broker.publish([testEvent('a', 'k', 2)])).rejects.toMatchObject({ code: 'broker-closed' });
});
