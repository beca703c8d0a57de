import { Fault } from '@florin/primitives';
import { afterEach, expect, it } from 'vitest';
import type { HistoryLine } from '../../domain/history.ts';
import { PdfWorkers } from './pdf-workers.ts';
import { pagesOf, statementOf } from './statement.fixture.ts';
import { statementPdf } from './statement-pdf.ts';

/** On a busy machine a thread takes seconds to start; where time is not what is tested, there is enough of it. */
const PATIENT = { waitMs: 60_000, runMs: 60_000 };

let workers: PdfWorkers;
afterEach(() => workers.close());

const { statement, lines } = statementOf(
  Array.from({ length: 60 }, (_, index) => ({ amountMinor: BigInt(index - 30) || 7n })),
);

function job(pages: () => AsyncIterable<readonly HistoryLine[]> = () => pagesOf(lines, 40)) {
  return { statement, lines: async () => pages() };
}

/** Pages that never come, until they are told to. */
function heldBack() {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* pages() {
    await promise;
    yield* pagesOf(lines);
  }
  return { job: job(pages), letGo: resolve };
}

it('makes in its threads what is made without them, one after the other and side by side', async () => {
  workers = new PdfWorkers(PATIENT);
  const pdf = statementPdf(statement);
  pdf.add(lines);
  const expected = Buffer.from(await pdf.finish());
  const made = await Promise.all(Array.from({ length: 5 }, () => workers.render(job())));
  for (const bytes of made) expect(expected.equals(bytes)).toBe(true);
});

it('throws on what reading the lines throws, and goes on with the next', async () => {
  workers = new PdfWorkers(PATIENT);
  async function* broken() {
    yield* pagesOf(lines.slice(0, 40));
    throw new Error('the lines are not those that were frozen');
  }
  await expect(workers.render(job(broken))).rejects.toThrow('not those that were frozen');
  expect((await workers.render(job())).length).toBeGreaterThan(1_000);
});

it('outlives a thread that fails', async () => {
  workers = new PdfWorkers(PATIENT);
  const [line] = lines;
  const bad = { ...line, journalId: 7, bookedAtMs: Number.NaN } as unknown as HistoryLine;
  await expect(workers.render(job(() => pagesOf([bad])))).rejects.toThrow('Invalid time value');
  expect((await workers.render(job())).length).toBeGreaterThan(1_000);
});

it('refuses whoever would wait for too long', async () => {
  workers = new PdfWorkers({ ...PATIENT, waitMs: 100 });
  const [one, two] = [heldBack(), heldBack()];
  const running = [one, two].map((held) => workers.render(held.job));
  await expect(workers.render(job())).rejects.toMatchObject({ code: 'pdf-overloaded', retryable: true });
  one.letGo();
  two.letGo();
  await Promise.all(running);
});

it('lets sixteen wait for the two threads, and refuses the others at once', async () => {
  workers = new PdfWorkers(PATIENT);
  const [one, two] = [heldBack(), heldBack()];
  const outcomes = [one.job, two.job, ...Array.from({ length: 20 }, () => job())].map((wanted) =>
    workers.render(wanted).then(
      () => 'made',
      (error: Fault) => error.code,
    ),
  );
  one.letGo();
  two.letGo();
  const counts = Map.groupBy(await Promise.all(outcomes), (outcome) => outcome);
  expect(counts.get('made')).toHaveLength(18);
  expect(counts.get('pdf-overloaded')).toHaveLength(4);
});

it('starts a new thread for whoever waits when one fails', async () => {
  workers = new PdfWorkers(PATIENT);
  const { promise, resolve } = Promise.withResolvers<void>();
  const failing = {
    statement,
    async lines() {
      await promise;
      throw new Error('no lines');
    },
  };
  const all = Promise.allSettled([failing, failing, job()].map((wanted) => workers.render(wanted)));
  resolve();
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

it('gives up what takes too long, and a caller who has gone', async () => {
  workers = new PdfWorkers({ ...PATIENT, runMs: 200 });
  const held = heldBack();
  await expect(workers.render(held.job)).rejects.toMatchObject({ code: 'pdf-timeout', retryable: true });
  held.letGo();
  await workers.close();
  workers = new PdfWorkers(PATIENT);
  const gone = { ...job(), signal: AbortSignal.abort() };
  await expect(workers.render(gone)).rejects.toMatchObject({ code: 'caller-gone' });
});

it('refuses everything once it is closed', async () => {
  workers = new PdfWorkers(PATIENT);
  const held = heldBack();
  const running = workers.render(held.job).catch((error: unknown) => error);
  await workers.close();
  held.letGo();
  expect(await running).toBeInstanceOf(Fault);
  await expect(workers.render(job())).rejects.toMatchObject({ code: 'pdf-overloaded' });
});
