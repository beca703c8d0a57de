import { Type } from 'typebox';
import { STRICT, Timestamp } from './shapes.ts';

/** How a proof of the books came out. */
export const ReconciliationShape = Type.Object(
  {
    mode: Type.Union([Type.Literal('incremental'), Type.Literal('full')]),
    balanced: Type.Boolean(),
    checkedAccounts: Type.Integer(),
    checkedPostings: Type.Integer(),
    findings: Type.Array(Type.Object({ check: Type.String(), subject: Type.String(), detail: Type.String() }, STRICT)),
    startedAt: Timestamp,
    durationMs: Type.Integer(),
  },
  STRICT,
);
