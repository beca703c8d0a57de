import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runLoad } from './load.ts';
import type { Traffic } from './traffic.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A bank that answers every request the same, in two pieces, as a long answer arrives. */
async function bank(status: number, body: string, everyNthBreaks = Number.POSITIVE_INFINITY): Promise<number> {
  let requests = 0;
  const started = createServer((request, response) => {
    requests += 1;
    if (requests % everyNthBreaks === 0) {
      request.socket.destroy();
      return;
    }
    request.resume();
    response.writeHead(status, { 'content-length': body.length });
    response.write(body.slice(0, 10));
    setImmediate(() => response.end(body.slice(10)));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return (started.address() as AddressInfo).port;
}

function load(port: number, traffic: Traffic) {
  return runLoad({ port, connections: 4, warmUpMs: 50, durationMs: 500, seed: 1, traffic });
}

const callers = [{ token: 't', accountIds: ['a', 'b'] }];

describe('runLoad', () => {
  it('counts what each answer is worth', async () => {
    const body = '{"items":[{"status":201},{"status":201},{"status":409}]}';
    const sample = await load(await bank(200, body), { kind: 'batch', callers, itemsPerBatch: 3 });
    expect(Object.keys(sample.statuses ?? {})).toEqual(['200']);
    expect(Math.round(sample.rate * 0.5)).toBe(2 * (sample.statuses?.['200'] ?? 0));
    expect(sample.p99Ms).toBeGreaterThan(0);
    expect(sample.longestPauseMs).toBeGreaterThan(0);
    expect(sample.longestPauseMs).toBeLessThan(500);
  });

  it('counts no refusal as work', async () => {
    const sample = await load(await bank(429, '{"code":"too-many"}'), { kind: 'transfer', callers });
    expect(sample.rate).toBe(0);
    expect(sample.longestPauseMs).toBeGreaterThanOrEqual(500);
    expect(sample.statuses?.['429']).toBeGreaterThan(0);
  });

  it('tells of connections that broke, and goes on', async () => {
    const sample = await load(await bank(200, '{"hello":"world"}', 5), { kind: 'hello' });
    expect(sample.statuses?.['lost']).toBeGreaterThan(0);
    expect(sample.statuses?.['200']).toBeGreaterThan(0);
  });
});
