import { type Static, Type } from 'typebox';
import { route } from './route.ts';
import { STRICT, Timestamp } from './shapes.ts';

/** More than staff look at; the oldest are shown first. */
export const IN_DOUBT_MAX = 200;

const ShardShape = Type.String({ examples: ['shard-1'] });
const GidShape = Type.String({ description: "The transaction's name: the id of the transfer." });

const InDoubtShape = Type.Object(
  {
    name: Type.String({ description: 'What it is prepared under, for `pg_prepared_xacts`.' }),
    gid: Type.Union([GidShape, Type.Null()], { description: 'Null for a name that is none of ours.' }),
    shard: Type.Union([ShardShape, Type.Null()], { description: 'Where it holds its locks; null as `gid` is.' }),
    database: Type.String(),
    preparedAt: Timestamp,
    ageMs: Type.Integer({ minimum: 0, description: 'By the clock of the database.' }),
    logSays: Type.Union(
      [
        Type.Literal('commit'),
        Type.Literal('abort'),
        Type.Literal('undecided'),
        Type.Literal('unreachable'),
        Type.Literal('no-coordinator'),
      ],
      {
        description:
          'The decision, or that there is none yet, that its log can not be asked, or that no log answers for it.',
      },
    ),
  },
  STRICT,
);
export type InDoubtAnswer = Static<typeof InDoubtShape>;

const TwoPhaseAttentionShape = Type.Object(
  {
    gid: GidShape,
    outcome: Type.Union([Type.Literal('commit'), Type.Literal('abort')]),
    shards: Type.Array(ShardShape, { description: 'The shards that have to hear of it.' }),
    decidedAt: Timestamp,
    attention: Type.String({ description: 'Why somebody must look at it.' }),
  },
  STRICT,
);
export type TwoPhaseAttentionAnswer = Static<typeof TwoPhaseAttentionShape>;

export const listInDoubt = route({
  operationId: 'listInDoubt',
  service: 'transactions',
  method: 'GET',
  path: '/v1/two-phase/in-doubt',
  summary:
    'What is prepared in the shards of the ledger and neither committed nor rolled back, the oldest first, and what ' +
    'the log of its coordinator says. A moment is the rule; what is older than a minute needs somebody.',
  access: { kind: 'signed-in', permissions: ['two-phase:read:any'] },
  responses: { 200: Type.Object({ data: Type.Array(InDoubtShape, { maxItems: IN_DOUBT_MAX }) }, STRICT) },
});

export const listTwoPhaseAttention = route({
  operationId: 'listTwoPhaseAttention',
  service: 'transactions',
  method: 'GET',
  path: '/v1/two-phase/attention',
  summary: 'Decisions on transfers in two shards at once that can not be carried out, the oldest first',
  access: { kind: 'signed-in', permissions: ['two-phase:read:any'] },
  responses: { 200: Type.Object({ data: Type.Array(TwoPhaseAttentionShape, { maxItems: IN_DOUBT_MAX }) }, STRICT) },
});

/** What staff see of transfers that are made in two shards at once. */
export const twoPhaseRoutes = [listInDoubt, listTwoPhaseAttention] as const;
