import { parentPort } from 'node:worker_threads';
import { invariant } from '@florin/primitives';
import type { FromPdfWorker, ToPdfWorker } from './pdf-messages.ts';
import { type StatementPdf, statementPdf } from './statement-pdf.ts';

// A thread that sets one statement after the other. It takes lines when it is given them and says when it wants more,
// so that no more than a page of them is on its way.

invariant(parentPort, 'this runs in a worker thread');
const port = parentPort;
let pdf: StatementPdf | undefined;

function answer(message: FromPdfWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

async function take(message: ToPdfWorker): Promise<void> {
  if (message.kind === 'begin') {
    pdf = statementPdf(message.statement);
    return answer({ kind: 'more' });
  }
  invariant(pdf, 'lines came before their statement');
  if (message.kind === 'lines') {
    pdf.add(message.lines);
    return answer({ kind: 'more' });
  }
  const bytes = Uint8Array.from(await pdf.finish());
  pdf = undefined;
  answer({ kind: 'done', bytes }, [bytes.buffer]);
}

port.on('message', (message: ToPdfWorker) => {
  take(message).catch((error: unknown) => {
    // Thrown outside of any promise it ends the thread, and whoever waits is told why.
    setImmediate(() => {
      throw error;
    });
  });
});
