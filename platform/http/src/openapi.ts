import { type ProblemCode, ProblemShape, type RouteContract, rolesThatMay } from '@florin/contracts';
import { takesKey } from './idempotency-key.ts';
import { type JsonSchema, mayBeLeftOut, toJsonSchema } from './json-schema.ts';
import { type CommonProblem, describeCommonProblem } from './problem.ts';

/** An OpenAPI 3.1 document as plain data. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: JsonSchema;
}

/**
 * Prints the OpenAPI 3.1 document of the public contracts; internal routes are left out. `x-permission` names
 * what a caller needs (one is enough), `x-roles` the roles that have it, `x-problem-codes` the codes its problems may carry.
 */
export function openApiDocument(
  contracts: readonly RouteContract[],
  options: { readonly title: string; readonly version: string; readonly servers: readonly { readonly url: string }[] },
): OpenApiDocument {
  const published = contracts.filter((contract) => contract.access.kind !== 'internal');
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const contract of published) {
    const path = paths[contract.path] ?? {};
    path[contract.method.toLowerCase()] = describeOperation(contract);
    paths[contract.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: { title: options.title, version: options.version },
    servers: options.servers,
    tags: [...new Set(published.map((contract) => contract.service))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: toJsonSchema(ProblemShape) },
      parameters: { IdempotencyKey: IDEMPOTENCY_KEY },
      headers: { RetryAfter: { description: 'Seconds to wait before trying again.', schema: { type: 'integer' } } },
      responses: PROBLEM_RESPONSES,
    },
  };
}

const IDEMPOTENCY_KEY: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'Any text that is new for a new piece of work and the same when it is tried again. The same key with the same ' +
    'request gets the first answer again, with Idempotency-Replayed: true; with another request it is refused with 422.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' },
};

const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

function problemResponse(description: string, retryAfter = false): JsonSchema {
  return {
    description,
    content: PROBLEM_CONTENT,
    ...(retryAfter ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } } : {}),
  };
}

const PROBLEM_RESPONSES: JsonSchema = {
  BadRequest: problemResponse('The request does not have the shape this operation takes.'),
  Unauthenticated: problemResponse(describeCommonProblem('unauthenticated').detail),
  Forbidden: problemResponse(describeCommonProblem('forbidden').detail),
  NotFound: problemResponse(describeCommonProblem('not-found').detail),
  Conflict: problemResponse('The state of things does not allow it now, or the same key is still at work.', true),
  Unprocessable: problemResponse('A rule of the bank refuses it, or the key was used for another request.'),
  TooManyRequests: problemResponse('Too many requests; wait as long as Retry-After says.', true),
  Unavailable: problemResponse(describeCommonProblem('service-unavailable').detail, true),
  Problem: problemResponse('Any other problem.'),
};

function describeOperation(contract: RouteContract): JsonSchema {
  const { access, body } = contract;
  const parameters = [
    ...describeParameters('path', contract.params),
    ...describeParameters('query', contract.query),
    ...describeKey(contract),
  ];
  return {
    operationId: contract.operationId,
    tags: [contract.service],
    summary: contract.summary,
    security: access.kind === 'public' ? [] : [{ bearer: [] }],
    ...(access.kind === 'signed-in'
      ? { 'x-permission': access.permissions, 'x-roles': rolesThatMay(access.permissions) }
      : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !mayBeLeftOut(body),
            content: { 'application/json': { schema: toJsonSchema(body) } },
          },
        }),
    responses: { ...describeAnswers(contract), ...describeProblems(contract) },
    'x-problem-codes': [...problemCodes(contract)],
  };
}

function describeKey({ idempotent = false }: RouteContract): JsonSchema[] {
  if (idempotent === false) return [];
  return [
    idempotent === true ? { $ref: '#/components/parameters/IdempotencyKey' } : { ...IDEMPOTENCY_KEY, required: false },
  ];
}

function describeParameters(place: 'path' | 'query', schema: RouteContract['params']): JsonSchema[] {
  if (schema === undefined) return [];
  const { properties, required = [] } = toJsonSchema(schema) as {
    properties: Readonly<Record<string, JsonSchema>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function describeAnswers(contract: RouteContract): Record<string, JsonSchema> {
  const replayed = {
    'Idempotency-Replayed': { description: 'true when this is the first answer again.', schema: { type: 'boolean' } },
  };
  return Object.fromEntries(
    Object.entries(contract.responses).map(([status, schema]) => [
      status,
      {
        description: contract.summary,
        ...(takesKey(contract) ? { headers: replayed } : {}),
        ...(status === '204' ? {} : { content: describeContent(contract.media ?? JSON_ONLY, toJsonSchema(schema)) }),
      },
    ]),
  );
}

const JSON_ONLY = ['application/json'];

/** JSON has the contract's shape; whatever else an answer may come in is text to us. */
function describeContent(media: readonly string[], schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    media.map((type) => [type, { schema: type === 'application/json' ? schema : { type: 'string' } }]),
  );
}

function describeProblems(contract: RouteContract): Record<string, JsonSchema> {
  const signedIn = contract.access.kind !== 'public';
  const hasRules = takesKey(contract) || (contract.problems?.length ?? 0) > 0;
  const names: readonly (readonly [status: string, name: string, isPossible: boolean])[] = [
    ['400', 'BadRequest', true],
    ['401', 'Unauthenticated', signedIn],
    ['403', 'Forbidden', signedIn],
    ['404', 'NotFound', contract.params !== undefined || hasNotFound(contract)],
    ['409', 'Conflict', hasRules],
    ['422', 'Unprocessable', hasRules],
    ['429', 'TooManyRequests', true],
    ['503', 'Unavailable', true],
    ['default', 'Problem', true],
  ];
  return Object.fromEntries(
    names
      .filter(([, , isPossible]) => isPossible)
      .map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
}

function hasNotFound(contract: RouteContract): boolean {
  return contract.problems?.some((code) => code.endsWith('not-found')) ?? false;
}

/** The codes of a route: its own, and those that its shape and access make possible. */
function problemCodes(contract: RouteContract): ReadonlySet<string> {
  const common: CommonProblem[] = ['invalid-request', 'internal-error', 'service-unavailable'];
  if (contract.body !== undefined) common.push('malformed-json', 'body-too-large', 'unsupported-media-type');
  if (contract.access.kind !== 'public') common.push('unauthenticated', 'forbidden');
  if (contract.params !== undefined) common.push('not-found');
  if (takesKey(contract)) common.push('idempotency-key-missing', 'idempotency-key-invalid');
  const ofKeys: ProblemCode[] = takesKey(contract) ? ['idempotency-key-in-flight', 'idempotency-key-reused'] : [];
  return new Set([...common, ...ofKeys, ...(contract.problems ?? [])]);
}
