import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** Long enough for loopback to have delivered what it delivers; nothing that must happen waits so short. */
const NOT_MS = 100;
const MEGABYTE = 1_048_576;

let echo: Server;
let proxy: TcpProxy;
const heard: Buffer[] = [];
const open: Socket[] = [];

beforeEach(async () => {
  heard.length = 0;
  echo = createServer((socket) => {
    open.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard.push(bytes);
      socket.write(bytes);
    });
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const { port } = echo.address() as { port: number };
  proxy = await openTcpProxy({ port: 0, targetPort: port, random: () => 0.5 });
});

afterEach(async () => {
  await proxy.close();
  for (const socket of open.splice(0)) socket.destroy();
  echo.close();
});

async function dial(): Promise<Socket> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' });
  open.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Sends and waits for the echo; answers the milliseconds it took. */
async function roundTrip(socket: Socket, text: string): Promise<number> {
  const startedAtMs = performance.now();
  socket.write(text);
  let answer = '';
  while (answer.length < text.length) answer += String((await once(socket, 'data'))[0]);
  expect(answer).toBe(text);
  return performance.now() - startedAtMs;
}

it('passes bytes both ways, in order, however many', async () => {
  const socket = await dial();
  await roundTrip(socket, `${'a'.repeat(MEGABYTE)}b`);
  expect(proxy.connections()).toBe(1);
});

it('passes an end on after what came before it', async () => {
  const socket = await dial();
  socket.end('last words');
  const words: string[] = [];
  socket.on('data', (bytes) => words.push(String(bytes)));
  await once(socket, 'close');
  expect(words.join('')).toBe('last words');
  await expect.poll(() => proxy.connections()).toBe(0);
});

it('resets open connections when it is cut, refuses new ones, and takes them again afterwards', async () => {
  const socket = await dial();
  await roundTrip(socket, 'before');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await proxy.set({ kind: 'cut' });
  expect(await closed, 'whether by an error').toBe(true);
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.set({ kind: 'pass' });
  await roundTrip(await dial(), 'after');
});

it('keeps what is sent while it is stalled, closes nothing, and delivers it late', async () => {
  const socket = await dial();
  await roundTrip(socket, 'before');
  await proxy.set({ kind: 'stall', direction: 'both' });
  socket.write('during');
  await sleep(NOT_MS);
  expect(String(Buffer.concat(heard))).toBe('before');
  expect(socket.destroyed).toBe(false);
  const answered = once(socket, 'data');
  await proxy.set({ kind: 'pass' });
  expect(String((await answered)[0])).toBe('during');
});

it('delivers requests and keeps their answers when only those are stalled', async () => {
  const socket = await dial();
  await proxy.set({ kind: 'stall', direction: 'answers' });
  let isAnswered = false;
  socket.on('data', () => {
    isAnswered = true;
  });
  socket.write('done, but nobody knows');
  await expect.poll(() => String(Buffer.concat(heard))).toBe('done, but nobody knows');
  await sleep(NOT_MS);
  expect(isAnswered).toBe(false);
  // Whoever gives up is not heard of on the other side before the link is well again.
  socket.destroy();
  await sleep(NOT_MS);
  expect(proxy.connections()).toBe(1);
  await proxy.set({ kind: 'pass' });
  await expect.poll(() => proxy.connections()).toBe(0);
});

it('delivers a request after the one who sent it has gone', async () => {
  const socket = await dial();
  await proxy.set({ kind: 'stall', direction: 'both' });
  socket.end('from somebody who left');
  await sleep(NOT_MS);
  socket.destroy();
  await proxy.set({ kind: 'pass' });
  await expect.poll(() => String(Buffer.concat(heard))).toBe('from somebody who left');
});

it('delays each way by its delay and half of its jitter, and is as narrow as it is told', async () => {
  const socket = await dial();
  await proxy.set({ kind: 'slow', delayMs: 50, jitterMs: 20, bytesPerSecond: MEGABYTE });
  expect(await roundTrip(socket, 'late')).toBeGreaterThanOrEqual(119);
  await proxy.set({ kind: 'slow', delayMs: 0, jitterMs: 0, bytesPerSecond: 10_000 });
  expect(await roundTrip(socket, 'x'.repeat(2_000))).toBeGreaterThanOrEqual(399);
});
