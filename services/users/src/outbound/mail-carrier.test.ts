import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, test } from 'vitest';
import { MailRefused } from '../domain/mail.ts';
import { openMailCarrier } from './mail-carrier.ts';

const MAIL = { to: 'maria@example.com', subject: 'A new password', text: 'Zoë, here:\n\nhttps://bank.example/x#abc\n' };
const OPTIONS = { from: 'Florin <no-reply@florin.example>', clock: () => 1_800_000_000_000 };

/** An SMTP server of the library's own makers, which keeps what it is given. */
async function serve(options: SMTPServerOptions = {}) {
  const received: { readonly rcpt: string[]; readonly raw: string; readonly user: string | undefined }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const rcpt = session.envelope.rcptTo.map(({ address }) => address);
        received.push({ rcpt, raw: Buffer.concat(chunks).toString(), user: session.user });
        done();
      });
    },
    ...options,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { received, port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

test('mail goes to an SMTP server, to one address and no other, as whoever it says it is', async () => {
  const server = await serve({
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss' ? done(null, { user: username ?? '' }) : done(new Error('no')),
  });
  const carrier = openMailCarrier(`smtp://bank:p%40ss@127.0.0.1:${server.port}`, OPTIONS);
  await carrier.send({ ...MAIL, to: 'maria@example.com' });
  expect(server.received).toMatchObject([{ rcpt: ['maria@example.com'], user: 'bank' }]);
  expect(server.received[0]?.raw).toMatch(/^From: Florin <no-reply@florin\.example>\r$/m);
  expect(server.received[0]?.raw).toMatch(/^Subject: A new password\r$/m);
  carrier.close();
  await server.close();
});

test('what is in a subject makes no header', async () => {
  const server = await serve();
  const carrier = openMailCarrier(`smtp://127.0.0.1:${server.port}`, OPTIONS);
  await carrier.send({ ...MAIL, subject: 'Hello\r\nBcc: thief@example.com' });
  expect(server.received[0]?.rcpt).toEqual(['maria@example.com']);
  expect(server.received[0]?.raw).not.toMatch(/^Bcc:/m);
  await server.close();
});

test('a mailbox that is not there is refused for good; a server that is busy or away is not', async () => {
  const refusal = (responseCode: number) => Object.assign(new Error('no'), { responseCode });
  const server = await serve({
    onRcptTo: ({ address }, _session, done) => done(refusal(address.startsWith('nobody') ? 550 : 451)),
  });
  const carrier = openMailCarrier(`smtp://127.0.0.1:${server.port}`, OPTIONS);
  await expect(carrier.send({ ...MAIL, to: 'nobody@example.com' })).rejects.toBeInstanceOf(MailRefused);
  await expect(carrier.send(MAIL)).rejects.not.toBeInstanceOf(MailRefused);
  await server.close();
  await expect(carrier.send(MAIL)).rejects.not.toBeInstanceOf(MailRefused);
});

test('a folder gets a file a mail that only its owner reads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'florin-mail-folder-'));
  const carrier = openMailCarrier(`file:${join(folder, 'mail')}`, OPTIONS);
  await carrier.send(MAIL);
  const [name = ''] = readdirSync(join(folder, 'mail'));
  expect(name).toMatch(/^2027-01-15T08-00-00\.000Z-[0-9a-f]{8}\.eml$/);
  expect(statSync(join(folder, 'mail', name)).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'mail', name), 'utf8')).toMatch(/^To: maria@example\.com$/m);
  rmSync(folder, { recursive: true });
});

test.each(['maria@example.com', 'http://mail.example', 'smtp:', 'smtps://'])('%s is no way for mail', (url) => {
  expect(() => openMailCarrier(url, OPTIONS)).toThrow(/FLORIN_MAIL_URL/);
});
