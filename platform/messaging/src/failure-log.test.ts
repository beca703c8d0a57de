import { createLogger } from '@florin/observability';
import { Fault } from '@florin/primitives';
import { expect, it } from 'vitest';
import { createFailureLog } from './failure-log.ts';

function startLog() {
  const lines: { msg: string; repeated: number; outbox: string; err: { code?: string } }[] = [];
  const time = { ms: 0 };
  const logger = createLogger({ service: 'test', destination: { write: (line) => lines.push(JSON.parse(line)) } });
  const log = createFailureLog(logger, 'round failed', { outbox: 'users' }, () => time.ms);
  return { lines, time, log };
}

const away = (detail = 'away') => new Fault('database-unavailable', detail);

it('says a failure once, and again after a minute with how often it was kept quiet', () => {
  const { lines, time, log } = startLog();
  for (time.ms = 0; time.ms < 150_000; time.ms += 1_000) log(away(`away since ${time.ms} ms`));
  expect(lines).toMatchObject([
    { msg: 'round failed', outbox: 'users', repeated: 0 },
    { repeated: 59 },
    { repeated: 59 },
  ]);
});

it('says another failure at once, also when the two take turns', () => {
  const { lines, time, log } = startLog();
  for (time.ms = 0; time.ms < 10_000; time.ms += 1_000) {
    log(away());
    log(new Fault('broker-absent', 'no broker'));
    log('not even an error');
  }
  expect(lines).toHaveLength(3);
});

it('remembers a bounded number of kinds', () => {
  const { lines, log } = startLog();
  for (let kind = 0; kind < 1_000; kind += 1) log(new Error(`failure ${kind}`));
  log(new Error('failure 999'));
  expect(lines).toHaveLength(1_000);
});
