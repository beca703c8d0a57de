import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, EVENTS_PER_CHUNK_MAX } from './broker.ts';
import type { CloudEvent, ReceivedEvent } from './cloud-event.ts';

/** What every adapter of the broker port promises; each adapter's test file runs it. */
export function brokerContract(name: string, open: () => Promise<Broker>): void {
  describe(`${name} keeps the contract of the broker port`, () => {
    let broker: Broker;
    beforeEach(async () => {
      broker = await open();
    });
    afterEach(async () => broker.close());
    deliveryContract(() => broker);
    failureContract(() => broker);
  });
}

function deliveryContract(opened: () => Broker): void {
  it('gives each group the events of its topics, those of one key in order, and no chunk above 500', async () => {
    const broker = opened();
    const first = collector(broker, 'first', ['topic.a', 'topic.b']);
    const second = collector(broker, 'second', ['topic.b']);
    const events = Array.from({ length: 1_203 }, (_, index) =>
      testEvent(index % 3 === 0 ? 'topic.b' : 'topic.a', `key-${index % 7}`, index),
    );
    await broker.publish(events);
    await eventually(() => first.seen.length === 1_203 && second.seen.length === 401);
    expect(first.largest).toBeLessThanOrEqual(EVENTS_PER_CHUNK_MAX);
    expect(second.seen.every((event) => event.type === 'topic.b')).toBe(true);
    for (const topic of ['topic.a', 'topic.b']) {
      for (let key = 0; key < 7; key += 1) {
        const numbers = first.seen
          .filter((event) => event.type === topic && event.subject === `key-${key}`)
          .map((event) => Number(event.id));
        expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
      }
    }
  });

  it('keeps every field of an event', async () => {
    const broker = opened();
    const group = collector(broker, 'fields', ['topic.a']);
    const event = {
      ...testEvent('topic.a', 'kéy', 1),
      data: { text: 'ü "quoted" \n', nested: { list: [1, null] } },
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      correlationid: 'the-work',
      causationid: 'the-event-before',
    };
    await broker.publish([event]);
    await eventually(() => group.seen.length === 1);
    expect(group.seen).toEqual([event]);
  });

  it('takes events that nobody listens to, and an empty list', async () => {
    await opened().publish([testEvent('topic.unheard', 'k', 1)]);
    await opened().publish([]);
  });
}

function failureContract(opened: () => Broker): void {
  it('gives the events again to a group that failed, and loses none', async () => {
    const broker = opened();
    const seen = new Set<string>();
    let failures = 0;
    broker.subscribe({
      group: 'flaky',
      topics: ['topic.a'],
      async handle(events) {
        if (failures < 2) {
          failures += 1;
          throw new Error('the database is away');
        }
        for (const event of events) seen.add(event.id);
      },
    });
    const events = Array.from({ length: 20 }, (_, index) => testEvent('topic.a', 'k', index));
    // A broker that stores answers at once and delivers again by itself; one that does not refuses until it succeeded.
    await eventually(async () => {
      await broker.publish(events).catch(() => {});
      return seen.size === 20;
    });
    expect(failures).toBe(2);
  });

  it('does not let one group that fails keep an event from another', async () => {
    const broker = opened();
    const healthy = collector(broker, 'healthy', ['topic.a']);
    let attempts = 0;
    broker.subscribe({
      group: 'broken',
      topics: ['topic.a'],
      async handle() {
        attempts += 1;
        if (attempts < 3) throw new Error('away');
      },
    });
    await broker.publish([testEvent('topic.a', 'k', 1)]).catch(() => {});
    await eventually(() => healthy.seen.length === 1);
  });
}

function collector(broker: Broker, group: string, topics: readonly string[]) {
  const collected = { seen: [] as ReceivedEvent[], largest: 0 };
  broker.subscribe({
    group,
    topics,
    async handle(events) {
      collected.largest = Math.max(collected.largest, events.length);
      collected.seen.push(...events);
    },
  });
  return collected;
}

/** An event for tests; its id is its number. */
export function testEvent(topic: string, key: string, number: number): CloudEvent {
  return {
    specversion: '1.0',
    id: String(number),
    source: '/test',
    type: topic,
    subject: key,
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    data: { number },
  };
}

/** Waits, at most ten seconds, for something that other work brings about. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waits = 0; waits < 500; waits += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen within ten seconds');
}
