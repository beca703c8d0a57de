import { createServer, httpCalls, listen } from '@florin/http';
import { overHttp, sagaCommandEndpoint } from '@florin/saga';
import { logger, metrics, type OpenDesk, openSide, type Places } from './desk.ts';
import type { At } from './fault.ts';
import { openOrchestrator, takePart } from './transfer-saga.ts';

/** The participants behind the names of two services: the payer's side and the payee's. */
const SERVICES = { payer: 'transactions', payee: 'accounts' } as const;
const HOST_ADDRESS = '127.0.0.1';
const SECRET = 'of this test';

export const openRestOrchestrator: OpenDesk = async (places, at) => {
  const { payerPort, payeePort } = places;
  const calls = httpCalls({
    [SERVICES.payer]: `http://${HOST_ADDRESS}:${payerPort}`,
    [SERVICES.payee]: `http://${HOST_ADDRESS}:${payeePort}`,
  });
  const to = (side: keyof typeof SERVICES) => overHttp({ calls, service: SERVICES[side], token: () => SECRET });
  const transports = { payer: to('payer'), payee: to('payee') };
  return (await openOrchestrator(places, at, openSide(places.payerUrl), { transports })).desk;
};

export const openRestPayer: OpenDesk = (places, at) => openParticipant('payer', places, at);
export const openRestPayee: OpenDesk = (places, at) => openParticipant('payee', places, at);

async function openParticipant(side: keyof typeof SERVICES, places: Places, at: At) {
  const [url, port] = side === 'payer' ? [places.payerUrl, places.payerPort] : [places.payeeUrl, places.payeePort];
  const db = openSide(url);
  const service = SERVICES[side];
  const server = await createServer({
    service,
    logger,
    metrics,
    endpoints: [sagaCommandEndpoint(service, (command) => takePart(db, command, places.guarded, at))],
    authenticate: ({ authorization }) =>
      authorization === `Bearer ${SECRET}` ? { subject: 'service:payer', kind: 'service', roles: [] } : undefined,
  });
  await listen({ host: HOST_ADDRESS, port, handle: server.handle });
  const nothing = async () => ({ end: undefined, complaints: [] });
  return { begin: async () => {}, standing: nothing };
}
