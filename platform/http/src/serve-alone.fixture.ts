import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger, createMetrics } from '@florin/observability';
import { serveAlone } from './serve-alone.ts';

/** Long enough for a signal to arrive in the middle of a request. */
const WORK_MS = 400;

// A service in a process of its own, for `serve-alone.test.ts`: it works a while for each answer and says what it does.
const logger = createLogger({ service: 'slow' });
await serveAlone({
  host: '127.0.0.1',
  port: 0,
  logger,
  callers: ['gateway'],
  service: {
    name: 'slow',
    metrics: createMetrics({ service: 'slow' }),
    async handle(_request, response) {
      logger.info('working');
      await sleep(WORK_MS);
      logger.info('answered');
      response.end('done');
    },
    ready: async () => true,
    drain: async () => logger.info('service drained'),
    close: async () => logger.info('service closed'),
  },
  closeAfter: ['first', 'second'].map((name) => ({ close: () => logger.info(`${name} closed`) })),
});
