import type { RouteContract } from '@florin/contracts';
import { ProblemShape } from '@florin/contracts';
import { Compile } from 'typebox/compile';
import type { Reply } from './endpoint.ts';
import { takesKey } from './idempotency-key.ts';
import { COMMON_PROBLEMS, commonProblem, type FieldError } from './problem.ts';
import { fieldErrors } from './validation.ts';

/** Lets an answer pass that keeps its contract, and replaces any other by a 500 that says what was promised. */
export type ResponseCheck = (reply: Reply, traceId: string) => Reply;

/**
 * For tests: every answer of every test is held against the contract, so the documentation cannot drift from the code.
 * Statuses below 400 must be in the contract and have its shape; problems must be problems, with a code the contract
 * lists or one that any route may answer.
 */
export function responseCheck(contract: RouteContract): ResponseCheck {
  const shapes = new Map(
    Object.entries(contract.responses).map(([status, schema]) => [Number(status), Compile(schema)]),
  );
  const problem = Compile(ProblemShape);

  function violations(reply: Reply): readonly FieldError[] {
    if (reply.contentType !== undefined && !reply.contentType.includes('json')) return [];
    if (reply.bytes !== undefined || reply.stream !== undefined) return [];
    const body: unknown = reply.text === undefined ? reply.body : JSON.parse(reply.text || 'null');
    // What goes over the wire is what JSON makes of it: a Date is text by then, an undefined field is gone.
    const written: unknown = body === undefined ? null : JSON.parse(JSON.stringify(body));
    if (reply.status >= 400) {
      if (!problem.Check(written)) return fieldErrors(problem.Errors(written));
      return isKnownProblem(contract, written.code)
        ? []
        : [{ path: '/code', message: `${written.code} is not a problem of ${contract.operationId}` }];
    }
    const shape = shapes.get(reply.status);
    if (shape === undefined) {
      return [{ path: '', message: `status ${reply.status} is not in the contract of ${contract.operationId}` }];
    }
    return shape.Check(written) ? [] : fieldErrors(shape.Errors(written));
  }

  return (reply, traceId) => {
    const errors = violations(reply);
    if (errors.length === 0) return reply;
    const detail = `The answer of ${contract.operationId} with status ${reply.status} breaks its contract.`;
    return commonProblem('internal-error', traceId, { detail, errors });
  };
}

function isKnownProblem(contract: RouteContract, code: string): boolean {
  if ((COMMON_PROBLEMS as readonly string[]).includes(code)) return true;
  // Every idempotent route may also say that a key is in use or was used for something else.
  if (takesKey(contract) && code.startsWith('idempotency-')) return true;
  return contract.problems?.some((own) => own === code) ?? false;
}
