import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

/** Where a container finds what is its own, and the internal port of every process in one. */
const FOLDER = '/run/florin';
const INTERNAL_PORT = 8081;
const TIMEOUT_MS = 3_000;

// The health check of the image: ends with 0 when the process of this container says on its internal port that it is ready,
// and shows the certificate that is its own. It starts every few seconds, so it loads nothing of the bank.
const own = new X509Certificate(readFileSync(`${FOLDER}/peer.pem`));
const asked = request(
  {
    host: '127.0.0.1',
    port: INTERNAL_PORT,
    path: '/health/ready',
    ca: readFileSync(`${FOLDER}/ca.pem`),
    servername: own.subjectAltName?.replace(/^DNS:/, ''),
    timeout: TIMEOUT_MS,
  },
  ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1),
);
asked.on('timeout', () => asked.destroy());
asked.on('error', () => process.exit(1));
asked.end();
