import { openSync } from 'node:fs';
import {
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  destination as openDestination,
  type Logger as PinoLogger,
  pino,
  stdTimeFunctions,
} from 'pino';
import { currentTrace } from './traced.ts';

export type Logger = PinoLogger;

/**
 * A structured logger: one JSON object a line, ISO time, `level` as a word, `service` on every line.
 * Fields with a secret's name are censored at any depth up to five, and of an error only its type, code, message,
 * stack and cause are printed, because database errors carry row values in their other fields.
 *
 * @param options.level a pino level, `info` when absent; `silent` writes nothing and costs nothing
 * @param options.destination where lines go; standard output when absent
 */
export function createLogger(options: {
  readonly service: string;
  readonly level?: string;
  readonly destination?: DestinationStream;
}): Logger {
  const logger: Logger = pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      timestamp: stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      formatters: { level: (label) => ({ level: label }), log: censorFields },
      mixin: spanFields,
      mixinMergeStrategy: (fields, ofSpan) => (ofSpan === NO_SPAN ? fields : { ...ofSpan, ...fields }),
    },
    options.destination ?? standardOutput(),
  );
  // pino formats the fields of each line, but not those that a child puts on all of its lines.
  const { child } = logger;
  logger.child = function <Levels extends string = never>(
    this: Logger,
    bindings: Bindings,
    childOptions?: ChildLoggerOptions<Levels>,
  ) {
    return child.call(this, censorFields(bindings), childOptions) as PinoLogger<Levels>;
  };
  return logger;
}

type Fields = Record<string, unknown>;

const NO_SPAN: Fields = {};

/** Where a line belongs in a trace. A line that names its trace itself keeps that one. */
function spanFields(): Fields {
  const current = currentTrace();
  return current === undefined ? NO_SPAN : { traceId: current.traceId, spanId: current.spanId };
}

const CENSORED = '[redacted]';

/** Whole names, compared in lower case without `-` and `_`, so `set-cookie`, `setCookie` and `SET_COOKIE` are one. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'cookies',
  'setcookie',
  'xflorincsrf',
  'dpop',
  'password',
  'newpassword',
  'currentpassword',
  'passphrase',
  'secret',
  'clientsecret',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'bearer',
  'assertion',
  'clientassertion',
  'privatekey',
  'privatejwk',
  'apikey',
  'code',
  'codeverifier',
  'otp',
  'totp',
  'pin',
  'recoverycode',
  'recoverycodes',
  'secondfactor',
  'xsecondfactor',
  'otpauth',
  'challenge',
  'signature',
]);

/** A `code` is an OAuth authorization code in one place and an error's name in most; only the long ones are secret. */
const CODE_LENGTH_HARMLESS = 40;

/** Deeper than this nothing of ours logs; the bound also ends cycles. */
const DEPTH_MAX = 5;

/** Copies only what it has to change, because nearly every line holds no secret. */
function censorFields(fields: Fields): Fields {
  return censorObject(fields, 0);
}

function censorObject(fields: Fields, depth: number): Fields {
  let copy: Fields | undefined;
  for (const name of Object.keys(fields)) {
    const before = fields[name];
    const after = isSecret(name, before) ? CENSORED : censorValue(before, depth);
    if (after === before) continue;
    copy ??= { ...fields };
    copy[name] = after;
  }
  return copy ?? fields;
}

function censorValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (depth === DEPTH_MAX) return '[too deep]';
  if (Array.isArray(value)) {
    const censored = value.map((item) => censorValue(item, depth + 1));
    return censored.some((item, index) => item !== value[index]) ? censored : value;
  }
  // Dates, buffers, sockets and the like print themselves; only plain data is walked.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return censorObject(value as Fields, depth + 1);
}

function isSecret(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (name === 'code') return typeof value === 'string' && value.length > CODE_LENGTH_HARMLESS;
  return SECRET_NAMES.has(name.toLowerCase().replace(/[-_]/g, ''));
}

/** How many causes of an error are printed; a longer chain is a cycle or noise. */
const CAUSES_MAX = 3;

function describeError(error: unknown, causes = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: error.message,
    stack: error.stack,
    ...(error.cause !== undefined && causes < CAUSES_MAX ? { cause: describeError(error.cause, causes + 1) } : {}),
  };
}

let openedStandardOutput: DestinationStream | undefined;

/** A file that lines are appended to without waiting for the disk; made for its owner only. */
export function openLogFile(path: string): DestinationStream {
  // Opened here, so that a process that ends at once can still write its last line.
  return openDestination({ fd: openSync(path, 'a', 0o600), sync: false });
}

/**
 * One stream for everything of the process that writes lines: two streams on one descriptor could cut each other's lines.
 * Writing is asynchronous, so a slow terminal never holds up a request; what is buffered is flushed when the process exits.
 */
export function standardOutput(): DestinationStream {
  openedStandardOutput ??= openDestination({ fd: 1, sync: false });
  return openedStandardOutput;
}
