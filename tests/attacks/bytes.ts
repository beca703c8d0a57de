import { connect, type Socket } from 'node:net';

/** Writes bytes to a new connection of this machine and reads until the other side closes it, or `patienceMs` are over. */
export async function exchangeBytes(port: number, bytes: string | Buffer, patienceMs = 10_000): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = Promise.withResolvers<void>();
  socket.once('close', () => closed.resolve());
  // A reset closes it too, and what arrived before counts.
  socket.on('error', () => undefined);
  const timer = setTimeout(() => socket.destroy(), patienceMs);
  socket.write(bytes);
  await closed.promise;
  clearTimeout(timer);
  return Buffer.concat(chunks).toString();
}

/** Connections that have said so much and now say nothing. */
export function openSilent(port: number, count: number, beginning: string): readonly Socket[] {
  return Array.from({ length: count }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(beginning);
    return socket;
  });
}

/** The statuses of all answers in what came back, in their order. */
export function statusesIn(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
