import { createServer, connect as openSocket, type Server, type Socket } from 'node:net';
import { createLane, type Lane, type LinkCondition } from './tcp-lane.ts';

/** A link that can be made bad: whoever connects to `port` reaches the server behind it, while the link is well. */
export interface TcpProxy {
  readonly port: number;
  /** Changes the link, for open connections and for new ones. */
  set(condition: LinkCondition): Promise<void>;
  /** Connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  /** Where it listens; 0 for a free port. */
  readonly port: number;
  /** Where the server is, on this machine. */
  readonly targetPort: number;
  /** From 0 up to 1: draws the jitter. */
  readonly random: () => number;
}

const HOST = '127.0.0.1';
const CONNECTIONS_MAX = 4_096;

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly lanes: readonly Lane[];
}

/** Opens a proxy on loopback. It passes everything until it is told otherwise. */
export async function openTcpProxy({ port, targetPort, random }: TcpProxyOptions): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let condition: LinkCondition = { kind: 'pass' };

  function accept(client: Socket): void {
    const server = openSocket({ host: HOST, port: targetPort, noDelay: true });
    client.setNoDelay(true);
    const lane = (from: Socket, to: Socket, direction: 'requests' | 'answers') =>
      createLane(from, to, { condition: () => condition, direction, random });
    const pair = { client, server, lanes: [lane(client, server, 'requests'), lane(server, client, 'answers')] };
    pairs.add(pair);
    const forget = (): void => {
      if (client.destroyed && server.destroyed) pairs.delete(pair);
    };
    for (const socket of [client, server]) socket.once('close', forget);
  }

  let listener = await listen(port, accept);
  const ownPort = portOf(listener);

  async function close(): Promise<void> {
    await stopListening(listener);
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  return {
    port: ownPort,
    async set(next) {
      const wasCut = condition.kind === 'cut';
      condition = next;
      if (next.kind === 'cut') return close();
      if (wasCut) listener = await listen(ownPort, accept);
      for (const { lanes } of pairs) for (const lane of lanes) lane.conditionChanged();
    },
    connections: () => pairs.size,
    close,
  };
}

function listen(port: number, accept: (client: Socket) => void): Promise<Server> {
  const listener = createServer({ allowHalfOpen: true }, accept);
  listener.maxConnections = CONNECTIONS_MAX;
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, HOST, () => resolve(listener));
  });
}

function portOf(listener: Server): number {
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('a proxy listens on a port');
  return address.port;
}

/** Does not wait for connections: those end by themselves, or are reset. */
async function stopListening(listener: Server): Promise<void> {
  listener.close();
}
