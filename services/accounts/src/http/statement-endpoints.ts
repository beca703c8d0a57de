import {
  exportAccountTransactions,
  getStatement,
  listStatements as listStatementsRoute,
  PAGE_SIZE_DEFAULT,
} from '@florin/contracts';
import { type CallContext, type Endpoint, endpoint, type Reply } from '@florin/http';
import type { Statement } from '../domain/statement.ts';
import { exportHistory } from '../use-cases/export-history.ts';
import type { Deps } from '../use-cases/ports.ts';
import { listStatements, readStatement, readStatementLines } from '../use-cases/read-statements.ts';
import { actorOf } from './callers.ts';
import { type DocumentStreams, documentStreams } from './document-streams.ts';
import type { PdfWorkers } from './documents/pdf-workers.ts';
import { presentStatement } from './documents/statement-json.ts';
import { historyCsv, statementCamt, statementCsv, statementJson } from './documents/text-documents.ts';
import { refusal } from './problems.ts';
import { invalidCursor } from './read-endpoints.ts';

export interface StatementEndpointDeps extends Pick<Deps, 'db' | 'ledger' | 'logger' | 'metrics'> {
  readonly pdfWorkers: PdfWorkers;
  /** Where what reads much is read, as new as `db`. */
  readonly reading: Deps['db'];
}

/** A statement of more lines is for programs: it would be a PDF of two hundred pages. */
const PDF_LINES_MAX = 5_000;
const IBAN_TAIL_LENGTH = 4;

/** What an account was, on paper: statements of months, and the history as a file. */
export function statementEndpoints(deps: StatementEndpointDeps): Endpoint[] {
  const streams = documentStreams();
  return [
    endpoint(listStatementsRoute, async (call) => {
      const { limit = PAGE_SIZE_DEFAULT, cursor } = call.query;
      if (cursor !== undefined && !/^\d{1,9}$/.test(cursor)) return invalidCursor(call.traceId);
      const page = await listStatements(deps, actorOf(call), {
        accountId: call.params.id,
        limit,
        ...(cursor === undefined ? {} : { before: Number(cursor) }),
      });
      if (!page.ok) return refusal(page.failure, call.traceId);
      const { statements, next } = page.value;
      return {
        status: 200,
        body: { data: statements.map(presentStatement), nextCursor: next === null ? null : `${next}` },
      };
    }),
    endpoint(getStatement, async (call) => {
      const found = await readStatement(deps, actorOf(call), call.params.id, call.params.period);
      if (!found.ok) return refusal(found.failure, call.traceId);
      return call.query.format === 'pdf'
        ? pdfReply(deps, call, found.value)
        : textReply(deps, call, streams, found.value);
    }),
    endpoint(exportAccountTransactions, async (call) => {
      const found = await exportHistory({ ...deps, db: deps.reading }, actorOf(call), call.params.id, call.query);
      if (!found.ok) return refusal(found.failure, call.traceId);
      const { account, pages } = found.value;
      const stream = await streams.open(call.principal.subject, historyCsv(account.currency, pages));
      return { status: 200, stream, ...fileOf('text/csv; charset=utf-8', account.iban, 'transactions.csv') };
    }),
  ];
}

type StatementCall = CallContext<typeof getStatement>;

/** The forms of a statement that are text, made piece by piece. */
async function textReply(
  deps: StatementEndpointDeps,
  call: StatementCall,
  streams: DocumentStreams,
  statement: Statement,
): Promise<Reply> {
  const { format = 'json' } = call.query;
  const pages = await readStatementLines({ db: deps.reading }, statement);
  const open = (pieces: AsyncGenerator<string>) => streams.open(call.principal.subject, pieces);
  if (format === 'json') return { status: 200, stream: await open(statementJson(statement, pages)) };
  const { iban, period } = statement;
  if (format === 'csv') {
    const file = fileOf('text/csv; charset=utf-8', iban, `${period}.csv`);
    return { status: 200, stream: await open(statementCsv(statement, pages)), ...file };
  }
  const file = fileOf('application/xml; charset=utf-8', iban, `${period}.xml`);
  return { status: 200, stream: await open(statementCamt(statement, pages)), ...file };
}

async function pdfReply(deps: StatementEndpointDeps, call: StatementCall, statement: Statement): Promise<Reply> {
  if (statement.lineCount > PDF_LINES_MAX) {
    const detail =
      `A PDF holds at most ${PDF_LINES_MAX} transactions and this month has ${statement.lineCount}. ` +
      'The formats csv, camt.053 and json hold them all.';
    return refusal({ code: 'statement-too-long', detail }, call.traceId);
  }
  const bytes = await deps.pdfWorkers.render({
    statement,
    lines: () => readStatementLines({ db: deps.reading }, statement),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  });
  return { status: 200, bytes, ...fileOf('application/pdf', statement.iban, `${statement.period}.pdf`) };
}

/** A file to keep: its name has nothing in it that a customer chose, and no browser runs what is in it. */
function fileOf(contentType: string, iban: string, name: string): Pick<Reply, 'contentType' | 'headers'> {
  const fileName = `florin-${iban.slice(-IBAN_TAIL_LENGTH)}-${name}`;
  return {
    contentType,
    headers: {
      'content-disposition': `attachment; filename="${fileName}"`,
      'content-security-policy': "default-src 'none'; sandbox",
    },
  };
}
