import { expect, it } from 'vitest';
import { outboxStatement } from './outbox.ts';

const EVENT = { topic: 'things.done.v1', key: 'k', id: 'k:1', data: { a: 1 }, time: '2026-01-01T00:00:00.000Z' };
const LINKED = { ...EVENT, id: 'k:2', traceparent: '00-a-b-01', correlationid: 'c', causationid: 'k:1' };

it('writes all events of a transaction as one row of CloudEvents', () => {
  const statement = outboxStatement('/florin/things', [EVENT, LINKED]);
  expect(statement.values).toHaveLength(1);
  expect(JSON.parse(String(statement.values[0]))).toEqual([
    {
      specversion: '1.0',
      id: 'k:1',
      source: '/florin/things',
      type: 'things.done.v1',
      subject: 'k',
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      data: { a: 1 },
    },
    expect.objectContaining({ id: 'k:2', traceparent: '00-a-b-01', correlationid: 'c', causationid: 'k:1' }),
  ]);
});

it('refuses an empty row', () => {
  expect(() => outboxStatement('/florin/things', [])).toThrow('at least one event');
});
