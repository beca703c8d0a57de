import {
  bankRoutes,
  gatewayRoutes,
  PROBLEMS,
  type ProblemCode,
  problemKind,
  type RouteContract,
} from '@florin/contracts';
import { GATEWAY_PROBLEMS } from '@florin/gateway';
import { COMMON_PROBLEMS, describeCommonProblem } from '@florin/http';
import { code, GENERATED, page, table } from './markdown.ts';

const HEADINGS = ['code', 'status', 'title', 'meaning'];

/** The page about problems: those of single operations, those that any may answer, and those of the door. */
export function problemsPage(): string {
  const routes = [...bankRoutes, ...gatewayRoutes];
  const codes = Object.keys(PROBLEMS).sort() as ProblemCode[];
  return page(
    '# Problems',
    GENERATED,
    'Whatever is refused is answered as `application/problem+json` (RFC 9457). `code` is stable and made for programs, ' +
      '`title` belongs to the code, `detail` is for people and about this one time, `traceId` finds it in the log. `errors` ' +
      'names the fields at fault, by JSON Pointers.',
    'What to do follows from the status: 400 mend the request; 401 sign in; 403 not for you; 404 not there, or not yours; ' +
      '409 not now; 422 a rule of the bank says no; 429 and 503 again later, as `Retry-After` says, with the same ' +
      '`Idempotency-Key`.',
    '## Of single operations',
    table(
      [...HEADINGS, 'answered by'],
      codes.map((name) => {
        const { status, title, meaning } = problemKind(name);
        return [code(name), String(status), title, meaning, operationsWith(name, routes)];
      }),
    ),
    'What is in italics is between services and not reached from outside.',
    '## Of any operation',
    table(
      HEADINGS,
      COMMON_PROBLEMS.map((name) => {
        const { status, title, detail } = describeCommonProblem(name);
        return [code(name), String(status), title, detail];
      }),
    ),
    '## Of the gateway',
    table(
      HEADINGS,
      Object.entries(GATEWAY_PROBLEMS).map(([name, [status, title, detail]]) => [
        code(name),
        String(status),
        title,
        detail,
      ]),
    ),
  );
}

function operationsWith(name: ProblemCode, routes: readonly RouteContract[]): string {
  return routes
    .filter((route) => mayAnswer(route, name))
    .map(({ operationId, access }) => (access.kind === 'internal' ? `_${operationId}_` : operationId))
    .join(', ');
}

/** Every operation that takes an `Idempotency-Key` may say that it is in use, or was used for something else. */
function mayAnswer({ problems, idempotent }: RouteContract, name: ProblemCode): boolean {
  const isOfKeys = name === 'idempotency-key-in-flight' || name === 'idempotency-key-reused';
  return problems?.includes(name) === true || (isOfKeys && idempotent !== undefined && idempotent !== false);
}
