import { connect, type Socket } from 'node:net';

/** Speaks HTTP by the byte, for what no client library would send. */
export interface RawClient {
  readonly socket: Socket;
  send(text: string): void;
  /** All that was received, once it matches. */
  received(pattern: RegExp): Promise<string>;
  /** All that was received until the other side closed. */
  closed(): Promise<string>;
}

export function connectRaw(port: number): RawClient {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let isClosed = false;
  let notify = Promise.withResolvers<void>();
  const changed = (): void => {
    notify.resolve();
    notify = Promise.withResolvers();
  };
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    changed();
  });
  // A reset is one way for the other side to close.
  socket.on('error', () => {});
  socket.on('close', () => {
    isClosed = true;
    changed();
  });

  return {
    socket,
    send: (more) => void socket.write(more, 'latin1'),
    async received(pattern) {
      while (!pattern.test(text)) {
        if (isClosed) throw new Error(`closed before ${String(pattern)}: ${text}`);
        await notify.promise;
      }
      return text;
    },
    async closed() {
      while (!isClosed) await notify.promise;
      return text;
    },
  };
}
