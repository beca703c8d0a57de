import { describe, expect, it } from 'vitest';
import { answerLength } from './connection.ts';
import { type Caller, requestsOf } from './traffic.ts';

const callers: readonly Caller[] = [
  { token: 'first', accountIds: ['a1', 'a2'] },
  { token: 'second', accountIds: ['b1', 'b2'] },
];

function bodyOf(request: string): string {
  return request.slice(request.indexOf('\r\n\r\n') + 4);
}

describe('requestsOf', () => {
  it('lets the owner of the debit account pay somebody else, each time under a new key', () => {
    const source = requestsOf({ kind: 'transfer', callers }, 1);
    const keys = new Set<string>();
    for (let count = 0; count < 200; count += 1) {
      const request = source.next();
      const transfer = JSON.parse(bodyOf(request));
      expect(request).toContain(`Bearer ${transfer.fromAccountId.startsWith('a') ? 'first' : 'second'}\r\n`);
      expect(transfer.toAccountId).not.toBe(transfer.fromAccountId);
      expect(transfer.amount.amount).toMatch(/^\d+\.\d\d$/);
      expect(request).toContain(`content-length: ${bodyOf(request).length}\r\n`);
      keys.add(/idempotency-key: (\S+)/.exec(request)?.[1] ?? '');
    }
    expect(keys.size).toBe(200);
  });

  it('counts the transfers of a batch that were done', () => {
    const source = requestsOf({ kind: 'batch', callers, itemsPerBatch: 3 }, 1);
    expect(JSON.parse(bodyOf(source.next())).items).toHaveLength(3);
    const answer = Buffer.from('{"items":[{"status":201},{"status":422},{"status":201}]}');
    expect(source.worth(200, answer)).toBe(2);
    expect(source.worth(503, answer)).toBe(0);
  });

  it('draws the same for the same seed', () => {
    const paths = (seed: number) => {
      const source = requestsOf({ kind: 'balance', callers }, seed);
      return Array.from({ length: 20 }, () => source.next());
    };
    expect(paths(3)).toEqual(paths(3));
    expect(paths(3)).not.toEqual(paths(4));
  });
});

describe('answerLength', () => {
  it.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 43],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 43],
    ['HTTP/1.1 200 OK\r\nContent-Le', 0],
  ])('of %j is %d', (text, length) => {
    expect(answerLength(Buffer.from(text))).toBe(length);
  });

  it('refuses an answer of unknown length', () => {
    expect(() => answerLength(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow('without content-length');
  });
});
