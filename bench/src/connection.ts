import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { RequestSource } from './traffic.ts';

/** What the load generator does with an answer; `lost` is a connection that broke with a request under way. */
export interface AnswerSink {
  answered(status: number, worth: number, sentAtMs: number): void;
  lost(): void;
  /** Called after `answered` when it is there; the next request leaves when it has resolved. */
  settled?(): Promise<void>;
  /** False once the time is up: the connection then ends after its answer. */
  goesOn(): boolean;
}

/** Where the load goes: a port of this machine, over TLS when the authority of its certificate is given. */
export interface Target {
  readonly port: number;
  readonly ca?: string;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const RECONNECT_PAUSE_MS = 20;

/**
 * One client in a closed loop: the next request leaves when the answer to the last has come. A bare socket instead of a
 * full HTTP client, because the load shares the cores with what it measures. It reads `content-length` answers only,
 * which is how the bank and the peer send theirs.
 */
export function runConnection(target: Target, source: RequestSource, sink: AnswerSink): Promise<void> {
  return new Promise((resolve) => {
    const open = () => {
      if (!sink.goesOn()) return resolve();
      converse(dial(target), source, sink, () => {
        if (!sink.goesOn()) return resolve();
        sink.lost();
        setTimeout(open, RECONNECT_PAUSE_MS);
      });
    };
    open();
  });
}

interface Dialled {
  readonly socket: Socket;
  /** The event after which something can be sent. */
  readonly open: 'connect' | 'secureConnect';
}

function dial({ port, ca }: Target): Dialled {
  if (ca === undefined) return { socket: connect({ port, host: '127.0.0.1', noDelay: true }), open: 'connect' };
  const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca });
  socket.setNoDelay(true);
  return { socket, open: 'secureConnect' };
}

function converse({ socket, open }: Dialled, source: RequestSource, sink: AnswerSink, closed: () => void): void {
  let sentAtMs = 0;
  let chunks: Buffer[] = [];
  let received = 0;
  let expected = 0;

  const send = () => {
    const request = source.next();
    sentAtMs = performance.now();
    socket.write(request, 'latin1');
  };
  const goOn = () => {
    if (sink.goesOn()) send();
    else socket.destroy();
  };
  socket.on(open, send);
  socket.on('error', () => {});
  socket.on('close', closed);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    received += chunk.length;
    if (expected === 0) expected = answerLength(chunks.length === 1 ? chunk : Buffer.concat(chunks));
    if (expected === 0 || received < expected) return;
    const answer = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    chunks = [];
    received = 0;
    expected = 0;
    const status = statusOf(answer);
    sink.answered(status, source.worth(status, answer), sentAtMs);
    if (sink.settled) void sink.settled().then(goOn);
    else goOn();
  });
}

/** `HTTP/1.1 201 Created`: the three digits stand at a fixed place. */
function statusOf(answer: Buffer): number {
  const digit = (at: number) => (answer[at] ?? 48) - 48;
  return digit(9) * 100 + digit(10) * 10 + digit(11);
}

/** Bytes of head and body together, 0 while the head is not whole. */
export function answerLength(received: Buffer): number {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd === -1) return 0;
  const match = /\r\ncontent-length: *(\d+)/i.exec(received.toString('latin1', 0, headEnd));
  if (!match) throw new Error('an answer without content-length; the load generator reads no other');
  return headEnd + HEAD_END.length + Number(match[1]);
}
