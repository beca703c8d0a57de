import type { AddressInfo } from 'node:net';
import fastify from 'fastify';

/** The yardstick for reads: the web framework alone, answering a constant. */
const app = fastify({ logger: false });
app.get('/', () => ({ hello: 'world' }));
await app.listen({ port: 0, host: '127.0.0.1' });
process.send?.({ port: (app.server.address() as AddressInfo).port });
process.once('disconnect', () => process.exit(0));
