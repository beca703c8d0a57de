import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from './endpoint.ts';
import { sendReply } from './send-reply.ts';

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

async function answerTo(reply: Reply, method = 'GET'): Promise<IncomingMessage> {
  const server = createServer((request, response) => sendReply(request, response, reply)).listen(0, '127.0.0.1');
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', method }, resolve).on('error', reject).end();
  });
}

async function bytesOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('an answer in bytes', () => {
  it('goes out as it is, with its length', async () => {
    const bytes = Buffer.from([0, 255, 37, 80]);
    const answer = await answerTo({ status: 200, bytes, contentType: 'application/pdf' });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-length': '4' });
    expect(await bytesOf(answer)).toEqual(bytes);
  });
});

describe('who may keep an answer', () => {
  it('is nobody, unless the answer says so', async () => {
    expect((await answerTo({ status: 200, body: {} })).headers['cache-control']).toBe('no-store');
    const kept = await answerTo({ status: 200, body: {}, cacheControl: 'no-cache' });
    expect(kept.rawHeaders.filter((text) => text === 'cache-control')).toHaveLength(1);
    expect(kept.headers['cache-control']).toBe('no-cache');
  });

  it('of 304 hears neither a type nor a length', async () => {
    const { headers } = await answerTo({ status: 304, text: '', headers: { etag: '"a"' } });
    expect(headers).not.toHaveProperty('content-type');
    expect(headers).not.toHaveProperty('content-length');
    expect(headers['etag']).toBe('"a"');
  });
});

describe('an answer that is a stream', () => {
  it('sends its head before the first piece is there, and then every piece', async () => {
    const stream = new Readable({ read() {} });
    const answer = await answerTo({ status: 200, stream, contentType: 'text/event-stream' });
    expect(answer.headers['content-length']).toBeUndefined();
    stream.push('one,');
    stream.push('two');
    stream.push(null);
    expect(String(await bytesOf(answer))).toBe('one,two');
  });

  it('is destroyed when the caller hangs up', async () => {
    const stream = new Readable({ read() {} });
    const answer = await answerTo({ status: 200, stream });
    answer.destroy();
    // Whoever feeds it is told why: nobody is there any more.
    await expect(once(stream, 'close')).rejects.toThrow('Premature close');
    expect(stream.destroyed).toBe(true);
  });

  it('breaks the answer off when its source fails', async () => {
    const stream = new Readable({ read() {} });
    const answer = await answerTo({ status: 200, stream });
    stream.push('half');
    stream.destroy(new Error('the source failed'));
    await expect(bytesOf(answer)).rejects.toThrow('aborted');
  });

  it('is not read for HEAD', async () => {
    const stream = new Readable({ read() {} });
    const answer = await answerTo({ status: 200, stream }, 'HEAD');
    expect(answer.statusCode).toBe(200);
    expect(stream.destroyed).toBe(true);
  });
});
