import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Fault, invariant } from '@florin/primitives';
import type { HistoryLine } from '../../domain/history.ts';
import type { Statement } from '../../domain/statement.ts';
import type { FromPdfWorker, ToPdfWorker } from './pdf-messages.ts';

/** A PDF takes one processor; the rest is for requests. */
const THREADS_MAX = 2;
/** A job holds nothing until it runs, but whoever waits wants an answer: beyond this they are told to come back. */
const WAITING_MAX = 16;
const WAIT_MS = 3_000;
/** With the wait, less than a caller's own patience of ten seconds. */
const RUN_MS = 6_500;
/** A thread that nobody needs gives its memory back, some 60 MB. */
const IDLE_MS = 60_000;
const HEAP_MB_MAX = 512;

const WORKER_FILE = new URL('./statement-pdf-worker.ts', import.meta.url);

export interface PdfJob {
  readonly statement: Statement;
  /** Begins to read the lines; asked when a thread is free. */
  lines(): Promise<AsyncIterable<readonly HistoryLine[]>>;
  /** Aborted when the caller hangs up. */
  readonly signal?: AbortSignal;
}

interface IdleThread {
  readonly worker: Worker;
  readonly timer: NodeJS.Timeout;
}

/** Threads that make PDFs, off the thread that answers requests. */
export class PdfWorkers {
  readonly #idle: IdleThread[] = [];
  readonly #waiting: ((worker: Worker) => void)[] = [];
  readonly #all = new Set<Worker>();
  readonly #limits: { readonly waitMs: number; readonly runMs: number };
  #isClosed = false;

  constructor(limits: { readonly waitMs?: number; readonly runMs?: number } = {}) {
    this.#limits = { waitMs: limits.waitMs ?? WAIT_MS, runMs: limits.runMs ?? RUN_MS };
  }

  /**
   * A statement as PDF. Faults: `pdf-overloaded` when too many wait or the wait is too long, `pdf-timeout` when it
   * takes too long; both may be tried again. What reading the lines throws is thrown on.
   */
  async render(job: PdfJob): Promise<Uint8Array> {
    const worker = await this.#acquire();
    worker.ref();
    try {
      const bytes = await withTimeout(converse(worker, job), this.#limits.runMs);
      this.#release(worker);
      return bytes;
    } catch (error) {
      // Whatever it was in the middle of, nobody wants it any more.
      this.#discard(worker);
      throw error;
    }
  }

  /** Ends the threads; what they were making is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  async #acquire(): Promise<Worker> {
    if (this.#isClosed) throw overloaded();
    const idle = this.#idle.pop();
    if (idle !== undefined) {
      clearTimeout(idle.timer);
      return idle.worker;
    }
    if (this.#all.size < THREADS_MAX) return this.#start();
    if (this.#waiting.length >= WAITING_MAX) throw overloaded();
    return new Promise((resolve, reject) => {
      const take = (worker: Worker): void => {
        clearTimeout(timer);
        resolve(worker);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(overloaded());
      }, this.#limits.waitMs);
      this.#waiting.push(take);
    });
  }

  #start(): Worker {
    const worker = new Worker(WORKER_FILE, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX } });
    // Who talks to it listens for itself; alone it must not end the process.
    worker.on('error', () => this.#forget(worker));
    worker.on('exit', () => this.#forget(worker));
    this.#all.add(worker);
    return worker;
  }

  #release(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next(worker);
      return;
    }
    worker.unref();
    const timer = setTimeout(() => {
      this.#forget(worker);
      void worker.terminate();
    }, IDLE_MS);
    timer.unref();
    this.#idle.push({ worker, timer });
  }

  #forget(worker: Worker): void {
    this.#all.delete(worker);
    const at = this.#idle.findIndex((thread) => thread.worker === worker);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  #discard(worker: Worker): void {
    this.#forget(worker);
    void worker.terminate();
    if (this.#isClosed) return;
    const next = this.#waiting.shift();
    if (next !== undefined) next(this.#start());
  }
}

/** Tells the thread the statement and its lines, a page whenever it asks for one, and answers the document. */
async function converse(worker: Worker, { statement, lines, signal }: PdfJob): Promise<Uint8Array> {
  await ask(worker, { kind: 'begin', statement });
  for await (const page of await lines()) {
    if (signal?.aborted) throw new Fault('caller-gone', 'nobody waits for the PDF any more', { retryable: true });
    await ask(worker, { kind: 'lines', lines: page });
  }
  const answer = await ask(worker, { kind: 'finish' });
  invariant(answer.kind === 'done', 'a finished document is done');
  return answer.bytes;
}

async function ask(worker: Worker, message: ToPdfWorker): Promise<FromPdfWorker> {
  const over = new AbortController();
  const options = { signal: over.signal };
  try {
    worker.postMessage(message);
    return await Promise.race([
      // `once` rejects when the thread fails.
      once(worker, 'message', options).then(([answer]) => answer as FromPdfWorker),
      once(worker, 'exit', options).then(() => {
        throw new Fault('pdf-stopped', 'a thread that makes PDFs was stopped', { retryable: true });
      }),
    ]);
  } finally {
    over.abort();
  }
}

async function withTimeout<Value>(work: Promise<Value>, timeoutMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Fault('pdf-timeout', 'a PDF took too long', { retryable: true, retryAfterSeconds: 5 }));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function overloaded(): Fault {
  return new Fault('pdf-overloaded', 'too many PDFs are being made', { retryable: true, retryAfterSeconds: 2 });
}
