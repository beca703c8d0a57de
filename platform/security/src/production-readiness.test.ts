import { expect, it } from 'vitest';
import { decideProductionReadiness, type ProductionFacts } from './production-readiness.ts';

const VERIFIED = 'postgres://florin_users:secret@db.example/florin_users?sslmode=verify-full&sslrootcert=ca.pem';
const ROLE = { isSuperuser: false, isOwner: false };

const READY: ProductionFacts = {
  publicUrl: 'https://bank.example',
  publicTls: 'here',
  secrets: { FLORIN_USERS_KEY: 'kJ2v', FLORIN_INTERNAL_JWKS: '{"keys":[{"kid":"gateway/2026-11"}]}' },
  certificateIssuers: { FLORIN_TLS_CERTIFICATE_FILE: 'CN=A public authority' },
  hasPeerCertificate: true,
  peerUrls: { FLORIN_ACCOUNTS_URL: 'https://accounts:8082' },
  databases: [{ setting: 'FLORIN_USERS_DATABASE_URL', url: VERIFIED, role: ROLE }],
  isPostgresEmbedded: false,
  makesDemoPeople: false,
};

const database = (url: string, role = ROLE) => ({ databases: [{ setting: 'FLORIN_USERS_DATABASE_URL', url, role }] });

it('says nothing against a process that is ready', () => {
  expect(decideProductionReadiness(READY)).toEqual([]);
  expect(decideProductionReadiness({ ...READY, publicTls: 'proxy' })).toEqual([]);
});

it.each([VERIFIED, 'postgres://u:p@localhost/x', 'postgres://u:p@127.0.0.1:5432/x', 'postgres://u:p@[::1]/x'])(
  'takes the database %s',
  (url) => {
    expect(decideProductionReadiness({ ...READY, ...database(url) })).toEqual([]);
  },
);

it.each<[string, Partial<ProductionFacts>, RegExp]>([
  ['an http public URL', { publicUrl: 'http://bank.example' }, /^FLORIN_PUBLIC_URL is not https$/],
  ['a public URL that is none', { publicUrl: 'bank.example' }, /^FLORIN_PUBLIC_URL is not https$/],
  ['nobody who ends TLS', { publicTls: 'nobody' }, /public port speaks plain http/],
  ['demo users', { makesDemoPeople: true }, /demo users/],
  ['payments nobody confirms', { mayPayUnconfirmed: true }, /FLORIN_STRONG_AUTHENTICATION to always$/],
  ['a development secret', { secrets: { FLORIN_USERS_KEY: 'development-kJ2v' } }, /^FLORIN_USERS_KEY holds/],
  [
    'a development key of internal tokens',
    { secrets: { FLORIN_INTERNAL_KEY_FILE: '{"kid":"gateway/development-1"}' } },
    /^FLORIN_INTERNAL_KEY_FILE holds/,
  ],
  [
    'a development key among those it trusts',
    { secrets: { FLORIN_INTERNAL_JWKS: '{"keys":[{"kid":"gateway/2"},{"kid":"accounts/development-1"}]}' } },
    /^FLORIN_INTERNAL_JWKS holds/,
  ],
  [
    'a development certificate',
    { certificateIssuers: { FLORIN_PEER_CERTIFICATE_FILE: 'CN=Florin development CA' } },
    /^FLORIN_PEER_CERTIFICATE_FILE is a certificate of the development authority$/,
  ],
  ['no certificate for the others', { hasPeerCertificate: false }, /FLORIN_PEER_CERTIFICATE_FILE/],
  [
    'plain http to another process',
    { peerUrls: { FLORIN_USERS_URL: 'http://users:8081' } },
    /^FLORIN_USERS_URL is not/,
  ],
  ['the embedded PostgreSQL', { isPostgresEmbedded: true }, /came with the installation/],
  [
    'a superuser',
    database(VERIFIED, { isSuperuser: true, isOwner: true }),
    /signs in as a superuser, or as good as one$/,
  ],
  ['the owner of the tables', database(VERIFIED, { isSuperuser: false, isOwner: true }), /as the owner of the tables$/],
  ['mail that goes to a folder', { mail: 'folder' }, /^FLORIN_MAIL_URL is a folder/],
  ['mail that goes nowhere', { mail: 'nowhere' }, /^no mail leaves/],
  ['a database in plain text', database('postgres://u:p@db.example/x'), /without sslmode=verify-full/],
  ['a database of anybody', database('postgres://u:p@db.example/x?sslmode=require'), /without sslmode=verify-full/],
])('T56: production is refused with %s, and the reason is one sentence', (_, changes, reason) => {
  expect(decideProductionReadiness({ ...READY, ...changes })).toEqual([expect.stringMatching(reason)]);
});

it('names every cause at once, and quotes nothing of what settings hold', () => {
  const reasons = decideProductionReadiness({
    ...READY,
    publicUrl: 'http://bank.example',
    publicTls: 'nobody',
    makesDemoPeople: true,
    secrets: { FLORIN_USERS_KEY: 'development-kJ2v', FLORIN_USERS_COOKIE_KEYS: 'development-9xQz' },
    ...database('postgres://u:hunter2@db.example/x', { isSuperuser: true, isOwner: true }),
  });
  expect(reasons).toHaveLength(7);
  expect(reasons.join()).not.toMatch(/kJ2v|9xQz|hunter2/);
});
