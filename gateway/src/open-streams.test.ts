import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type Bank, openBank } from './bank-fixture.ts';
import { createOpenStreams } from './open-streams.ts';

let bank: Bank | undefined;
afterEach(() => bank?.close());

async function listen(opened: Bank): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${await opened.tokenOf()}` };
  const [answer] = await once(get({ port: opened.port, host: '127.0.0.1', path: '/v1/stream', headers }), 'response');
  return answer as IncomingMessage;
}

describe.each(['in-process', 'http'] as const)('the gateway that stops, with services %s', (mode) => {
  it('ends its streams in good order, and does not wait for them', async () => {
    bank = await openBank(mode);
    const stream = new Readable({ read() {} });
    stream.push('event: ready\n\n');
    bank.answers.set('accounts', () => ({ status: 200, stream, contentType: 'text/event-stream' }));
    const answer = await listen(bank);
    const [first] = await once(answer, 'data');
    expect(String(first)).toBe('event: ready\n\n');
    const ended = once(answer, 'end');
    await bank.gateway.drain();
    await ended;
    // Cut off, it would not be.
    expect(answer.complete).toBe(true);
    if (!stream.destroyed) await once(stream, 'close').catch(() => undefined);
    expect(stream.destroyed).toBe(true);
    expect(bank.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ route: '/v1/stream', status: 200, msg: 'request' }),
    );
  });
});

it('cuts off a listener that does not read: its answer has an end nobody waits for', async () => {
  const streams = createOpenStreams();
  const server = createServer((_request, response) => {
    streams.add(response);
    response.writeHead(200).write(Buffer.alloc(LARGER_THAN_ANY_BUFFER));
  });
  const port = await portOf(server);
  const [answer] = await once(get({ port, host: '127.0.0.1' }), 'response');
  streams.end();
  answer.resume();
  await expect(once(answer, 'end')).rejects.toThrow('aborted');
  server.close();
});

const LARGER_THAN_ANY_BUFFER = 64 * 1024 * 1024;

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

it('takes no new stream while it stops', async () => {
  bank = await openBank('in-process');
  let opened = 0;
  bank.answers.set('accounts', () => {
    opened += 1;
    return { status: 200, stream: new Readable({ read() {} }), contentType: 'text/event-stream' };
  });
  const { handle } = bank.gateway;
  const authorization = `Bearer ${await bank.tokenOf()}`;
  await bank.gateway.drain();
  // A connection that was open before, as a proxy keeps them.
  const proxy = createServer(handle);
  const port = await portOf(proxy);
  const request = get({ port, host: '127.0.0.1', path: '/v1/stream', headers: { authorization } });
  await expect(once(request, 'response')).rejects.toThrow('socket hang up');
  proxy.close();
  expect(opened).toBeLessThanOrEqual(1);
});
