import { connect } from 'node:net';

export type RawHeader = readonly [name: string, value: string];

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  readonly text: string;
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends exactly these bytes: no client library that would mend a path or refuse a header on the way. */
export async function sendRaw(
  port: number,
  method: string,
  path: string,
  headers: readonly RawHeader[] = [],
  body = '',
): Promise<RawAnswer> {
  const all: RawHeader[] = [...headers];
  const has = (wanted: string) => all.some(([name]) => name.toLowerCase() === wanted);
  if (!has('host')) all.unshift(['Host', 'bank.test']);
  if (!has('connection')) all.push(['Connection', 'close']);
  if (body !== '' && !has('content-type')) all.push(['Content-Type', 'application/json']);
  if (body !== '' && !has('transfer-encoding')) all.push(['Content-Length', String(Buffer.byteLength(body))]);
  const head = [`${method} ${path} HTTP/1.1`, ...all.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return parseAnswer(await exchangeBytes(port, `${head}\r\n\r\n${body}`));
}

/** Writes bytes to a new connection and reads until the other side closes. */
export async function exchangeBytes(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A reset or a refused connection closes it too, and what arrived before counts.
  socket.on('error', () => undefined);
  const closed = Promise.withResolvers<void>();
  socket.once('close', () => closed.resolve());
  socket.write(bytes);
  await closed.promise;
  return Buffer.concat(chunks).toString();
}

export function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const pairs = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ]);
  const headers: Record<string, string> = Object.fromEntries(pairs);
  const body = text.slice(end + 4);
  const isJson = headers['content-type']?.includes('json') === true && body !== '';
  const parsed: Record<string, unknown> = isJson ? JSON.parse(body) : {};
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    setCookies: pairs.filter(([name]) => name === 'set-cookie').map(([, value]) => value ?? ''),
    text: body,
    code: typeof parsed['code'] === 'string' ? parsed['code'] : undefined,
    body: parsed,
  };
}
