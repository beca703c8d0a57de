import type { Tree } from './tree.ts';

/** A violation on purpose: the rule that must see it, the files it is made of, and words of the report it must give. */
export interface Planted {
  readonly rule: string;
  readonly files: Readonly<Record<string, string>>;
  readonly report: string;
}

export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

const LAYER = 'a layer imports only what lies below it';
const PACKAGES = 'packages know only those to their left';
const MANIFESTS = {
  'services/users/package.json': '{}',
  'services/loans/package.json': '{}',
  'platform/http/package.json': '{}',
  'platform/cache/package.json': '{}',
  'platform/testing/package.json': '{}',
  'gateway/package.json': '{}',
  'examples/trip/package.json': '{}',
};
const LOANS = 'services/loans/src';

function lines(count: number, line: string): string {
  return `${line}\n`.repeat(count);
}

const imports: readonly Planted[] = [
  {
    rule: LAYER,
    files: { [`${LOANS}/domain/loan.ts`]: `import '../repositories/loans.ts';` },
    report: 'domain must not import repositories',
  },
  {
    rule: LAYER,
    files: { [`${LOANS}/domain/loan.ts`]: `import { readFile } from 'fs/promises';` },
    report: 'domain must not import node:fs/promises',
  },
  {
    rule: LAYER,
    files: { [`${LOANS}/use-cases/approve-loan.ts`]: `import type { Loan } from '@florin/contracts';` },
    report: 'use-cases must not import @florin/contracts',
  },
  {
    rule: LAYER,
    files: { [`${LOANS}/use-cases/approve-loan.ts`]: `import { publish } from '../events/publish.ts';` },
    report: 'use-cases must not import events',
  },
  {
    rule: LAYER,
    files: { [`${LOANS}/http/routes.ts`]: `export { loans } from '../repositories/loans.ts';` },
    report: 'http must not import repositories',
  },
  {
    rule: LAYER,
    files: { [`${LOANS}/http/routes.ts`]: `const late = await import('../repositories/loans.ts');` },
    report: 'http must not import repositories',
  },
  {
    rule: LAYER,
    files: { [`${LOANS}/events/consumers.ts`]: `import { rows } from '../repositories/loans.ts';` },
    report: 'events must not import repositories',
  },
  {
    rule: LAYER,
    files: { [`${LOANS}/repositories/loans.ts`]: `import { approve } from '../use-cases/approve-loan.ts';` },
    report: 'repositories must not import use-cases',
  },
  {
    rule: LAYER,
    files: { [`${LOANS}/outbound/mail.ts`]: `import pg from 'pg';` },
    report: 'outbound must not import pg',
  },
  {
    rule: LAYER,
    files: { [`${LOANS}/main.ts`]: `import { routes } from './http/routes.ts';` },
    report: 'main.ts must not import http',
  },
  {
    rule: 'the domain is synchronous',
    files: { [`${LOANS}/domain/loan.ts`]: `export const decide = async () => 1;` },
    report: 'must not be asynchronous',
  },
  {
    rule: 'the domain is synchronous',
    files: { [`${LOANS}/domain/loan.ts`]: `export function decide(): Promise<number> { return load(); }` },
    report: 'must not be asynchronous',
  },
  {
    rule: PACKAGES,
    files: { ...MANIFESTS, 'gateway/src/routes.ts': `import '@florin/trip';` },
    report: 'gateway must not import examples/trip: nothing depends on an example',
  },
  {
    rule: PACKAGES,
    files: { ...MANIFESTS, [`${LOANS}/outbound/users.ts`]: `import { startUsers } from '@florin/users';` },
    report: 'services/loans must not import services/users',
  },
  {
    rule: PACKAGES,
    files: { ...MANIFESTS, [`${LOANS}/service.test.ts`]: `import { startUsers } from '@florin/users';` },
    report: 'services/loans must not import services/users',
  },
  {
    rule: PACKAGES,
    files: { ...MANIFESTS, [`${LOANS}/outbound/users.ts`]: `import '../../../users/src/service.ts';` },
    report: 'by its package name',
  },
  {
    rule: PACKAGES,
    files: { ...MANIFESTS, 'gateway/src/service.ts': `import { startUsers } from '@florin/users';` },
    report: 'gateway must not import services/users',
  },
  {
    rule: PACKAGES,
    files: { ...MANIFESTS, 'platform/cache/src/index.ts': `import type { Service } from '@florin/http';` },
    report: 'it stands to its right',
  },
  {
    rule: PACKAGES,
    files: { ...MANIFESTS, 'platform/maps/src/index.ts': `import { memoryCache } from '@florin/cache';` },
    report: 'has no place in the order',
  },
  {
    rule: PACKAGES,
    files: { ...MANIFESTS, 'platform/http/src/server.ts': `import { startGateway } from '@florin/gateway';` },
    report: 'platform/http must not import gateway',
  },
  {
    rule: PACKAGES,
    files: { ...MANIFESTS, 'gateway/src/service.ts': `import { fakeClock } from '@florin/testing';` },
    report: 'only tests import @florin/testing',
  },
  {
    rule: 'a platform package has two users',
    files: { ...MANIFESTS, 'gateway/src/service.ts': `import { memoryCache } from '@florin/cache';` },
    report: 'is used by gateway; a platform package needs two',
  },
  {
    rule: 'no import cycles',
    files: {
      'gateway/src/a.ts': `import type { B } from './b.ts';`,
      'gateway/src/b.ts': `export { c } from './c.ts';`,
      'gateway/src/c.ts': `import { a } from './a.ts';`,
    },
    report: 'gateway/src/a.ts -> gateway/src/b.ts -> gateway/src/c.ts -> gateway/src/a.ts',
  },
];

const manners: readonly Planted[] = [
  {
    rule: 'files and functions stay small',
    files: { 'gateway/src/a.ts': lines(301, 'f();') },
    report: 'has 301 lines',
  },
  {
    rule: 'files and functions stay small',
    files: { 'gateway/src/a.ts': `export function f() {\n${lines(69, '  f();')}}\n` },
    report: 'function of 71 lines',
  },
  {
    rule: 'files and functions stay small',
    files: { 'gateway/src/a.test.ts': `it('x', () => {\n${lines(69, '  f();')}});\n` },
    report: 'function of 71 lines',
  },
  { rule: 'names say what is inside', files: { 'gateway/src/http-utils.ts': '' }, report: '"utils" names nothing' },
  { rule: 'names say what is inside', files: { 'gateway/src/shared/a.ts': '' }, report: '"shared" names nothing' },
  { rule: 'names say what is inside', files: { 'gateway/src/openDoor.ts': '' }, report: 'kebab-case' },
  {
    rule: 'names say what is inside',
    files: { 'gateway/src/a.ts': 'export class SessionManager {}' },
    report: 'SessionManager',
  },
  { rule: 'exports are named', files: { 'gateway/src/a.ts': 'export default 1;' }, report: 'default export' },
  { rule: 'exports are named', files: { 'gateway/src/index.ts': `export * from './a.ts';` }, report: 'export *' },
  { rule: 'exports are named', files: { 'gateway/src/index.ts': `export * as a from './a.ts';` }, report: 'export *' },
  { rule: 'index.ts is a front door', files: { 'gateway/src/calls/index.ts': '' }, report: 'root of a package' },
  { rule: 'time and chance are arguments', files: { 'gateway/src/a.ts': 'f(Date.now());' }, report: 'Date.now' },
  { rule: 'time and chance are arguments', files: { 'gateway/src/a.ts': 'const f = Date.now;' }, report: 'Date.now' },
  { rule: 'time and chance are arguments', files: { 'gateway/src/a.ts': 'f(Math.random());' }, report: 'Math.random' },
  { rule: 'time and chance are arguments', files: { 'gateway/src/a.ts': 'f(new Date());' }, report: 'new Date()' },
  {
    rule: 'config.ts reads the environment',
    files: { [`${LOANS}/service.ts`]: 'f(process.env.PORT);' },
    report: 'only config.ts',
  },
  { rule: 'nothing is left unfinished', files: { 'gateway/src/a.ts': `// TO${'DO'}: later` }, report: 'unfinished' },
  { rule: 'nothing is left unfinished', files: { 'gateway/src/a.ts': `// @ts-${'ignore'}` }, report: 'switched off' },
  { rule: 'nothing is left unfinished', files: { 'gateway/src/a.ts': `f(x as ${'any'});` }, report: 'thrown away' },
  { rule: 'nothing is left unfinished', files: { 'gateway/src/a.test.ts': `it${'.skip'}('x', f);` }, report: 'a test' },
  { rule: 'every service has the same shape', files: { [`${LOANS}/main.ts`]: '' }, report: 'src/domain is missing' },
  {
    rule: 'every service has the same shape',
    files: { [`${LOANS}/main.ts`]: '' },
    report: 'migrations/0001_*.sql is missing',
  },
  { rule: 'every service has the same shape', files: { [`${LOANS}/tools/a.ts`]: '' }, report: 'has no place' },
  {
    rule: 'every service has the same shape',
    files: { 'services/loans/README.md': '# Loans\n\n## Owns\n' },
    report: 'has no section about invariants',
  },
  { rule: 'a page has a title and working links', files: { 'README.md': 'Florin\n' }, report: 'one "# Title"' },
  { rule: 'a page has a title and working links', files: { 'README.md': '# A\n\n# B\n' }, report: 'one "# Title"' },
  {
    rule: 'a page has a title and working links',
    files: { 'README.md': '# A\n\n[b](docs/b.md)\n' },
    report: 'links to docs/b.md, which is not there',
  },
  {
    rule: 'a page has a title and working links',
    files: { 'README.md': '# A\n\n[b](docs/b.md#the-end)\n', 'docs/b.md': '# B\n\n## The start\n' },
    report: 'links to docs/b.md#the-end, which is not there',
  },
];

const CERTIFICATES = 'nobody looks away from a certificate';

const tls: readonly Planted[] = [
  {
    rule: CERTIFICATES,
    files: { 'gateway/src/a.ts': 'connect({ rejectUnauthorized: false });' },
    report: 'takes any certificate',
  },
  {
    rule: CERTIFICATES,
    files: { 'gateway/src/a.test.ts': "connect({ 'rejectUnauthorized': isStrict });" },
    report: 'takes any certificate',
  },
  {
    rule: CERTIFICATES,
    files: { 'gateway/src/a.ts': 'connect({ checkServerIdentity: () => undefined });' },
    report: 'takes the certificate of somebody else',
  },
  {
    rule: CERTIFICATES,
    files: { 'tests/e2e/a.test.ts': `process.env.NODE_TLS_${'REJECT'}_UNAUTHORIZED = '0';` },
    report: 'takes any certificate',
  },
  {
    rule: CERTIFICATES,
    files: { 'gateway/src/a.ts': `const url = 'postgres://db/x?sslmode=${'require'}';` },
    report: 'only verify-full looks at the name',
  },
];

export const PLANTED: readonly Planted[] = [...imports, ...manners, ...tls];

/** Looks like the violations above, and is allowed: a rule that reports it cries wolf. */
export const INNOCENT: Readonly<Record<string, string>> = {
  [`${LOANS}/domain/loan.ts`]: `import { ok } from '@florin/primitives';\nimport './rate.ts';\nconst text = "Date.now()";`,
  [`${LOANS}/domain/rate.ts`]: '// Math.random() has no place here.\nexport const day = new Date(0);',
  [`${LOANS}/use-cases/approve-loan.ts`]: `import '../domain/loan.ts';\nimport '../repositories/loans.ts';`,
  [`${LOANS}/use-cases/approve-loan.test.ts`]: `import { fakeClock } from '@florin/testing';\nf(Date.now());`,
  [`${LOANS}/repositories/loans.ts`]: `import { sql } from '@florin/postgres';\nconst baseUrl = 1;`,
  [`${LOANS}/config.ts`]: 'export const port = process.env.PORT;',
  'gateway/src/b.ts': "const url = 'postgres://db/x?sslmode=verify-full';\nlisten({ rejectUnauthorized: true });",
  'gateway/src/a.test.ts': `describe('a', () => {\n${lines(100, "it('x', () => {});")}});\n`,
  'vitest.config.ts': 'export default {};',
  'docs/a.md': '# A\n\n```sh\n# a comment\n```\n\n[b](b.md#the-npm-way-in-2-steps) [web](https://example.org)\n',
  'docs/b.md': '# B\n\n## The `npm` way, in 2 steps\n',
};
