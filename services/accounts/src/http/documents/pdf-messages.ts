import type { HistoryLine } from '../../domain/history.ts';
import type { Statement } from '../../domain/statement.ts';

/** What a thread that makes PDFs is told: one statement, its lines in order, and that there are no more. */
export type ToPdfWorker =
  | { readonly kind: 'begin'; readonly statement: Statement }
  | { readonly kind: 'lines'; readonly lines: readonly HistoryLine[] }
  | { readonly kind: 'finish' };

/** What it answers: that it wants the next message, or the document. */
export type FromPdfWorker = { readonly kind: 'more' } | { readonly kind: 'done'; readonly bytes: Uint8Array };
