/** A JSON Schema as the bank's document uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Answer {
  readonly description?: string;
  readonly content?: Content;
}

interface RawOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Content };
  readonly responses?: Readonly<Record<string, Answer>>;
  readonly 'x-roles'?: readonly string[];
  readonly 'x-problem-codes'?: readonly string[];
}

/** The part of an OpenAPI 3.1 document that the page of the API reads. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string };
  readonly servers?: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components?: {
    readonly parameters?: Readonly<Record<string, Parameter>>;
    readonly schemas?: Readonly<Record<string, Schema>>;
  };
}

/** What an operation answers when all is well. */
export interface GoodAnswer {
  readonly status: string;
  readonly mediaTypes: readonly string[];
  /** Absent when nothing, or nothing in JSON, comes back. */
  readonly schema?: Schema;
}

/** One operation with everything one needs to call it. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly isPublic: boolean;
  readonly roles: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body?: Schema;
  readonly answers: readonly GoodAnswer[];
  readonly problemCodes: readonly string[];
}

const JSON_TYPE = 'application/json';

/** Every operation of a document, in its order. */
export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => operationOf(document, path, method, raw)),
  );
}

function operationOf(document: OpenApi, path: string, method: string, raw: RawOperation): Operation {
  const body = raw.requestBody?.content?.[JSON_TYPE]?.schema;
  return {
    id: raw.operationId,
    method: method.toUpperCase(),
    path,
    summary: raw.summary ?? '',
    tag: raw.tags?.[0] ?? '',
    isPublic: raw.security?.length === 0,
    roles: raw['x-roles'] ?? [],
    parameters: (raw.parameters ?? []).map((parameter) => resolvedParameter(document, parameter)),
    ...(body === undefined ? {} : { body }),
    answers: goodAnswers(raw.responses ?? {}),
    problemCodes: raw['x-problem-codes'] ?? [],
  };
}

function resolvedParameter(document: OpenApi, parameter: Parameter): Parameter {
  const name = parameter.$ref?.split('/').at(-1);
  return (name === undefined ? undefined : document.components?.parameters?.[name]) ?? parameter;
}

function goodAnswers(responses: Readonly<Record<string, Answer>>): GoodAnswer[] {
  return Object.entries(responses)
    .filter(([status]) => /^[23]/.test(status))
    .map(([status, { content = {} }]) => {
      const schema = content[JSON_TYPE]?.schema;
      return { status, mediaTypes: Object.keys(content), ...(schema === undefined ? {} : { schema }) };
    });
}

/** The tags in the order they first come, each with its operations. */
export function byTag(operations: readonly Operation[]): { readonly tag: string; readonly operations: Operation[] }[] {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const known = groups.get(operation.tag);
    if (known === undefined) groups.set(operation.tag, [operation]);
    else known.push(operation);
  }
  return [...groups].map(([tag, members]) => ({ tag, operations: members }));
}

/** The operations that hold every word of a search: in the path, the words about it, the roles or the problem codes. */
export function findOperations(operations: readonly Operation[], text: string): Operation[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter((operation) => {
    const { id, method, path, summary, roles, problemCodes } = operation;
    const searched = [id, method, path, summary, ...roles, ...problemCodes].join(' ').toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}
