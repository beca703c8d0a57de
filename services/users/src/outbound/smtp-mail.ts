import { createTransport } from 'nodemailer';
import { type Mail, MailRefused } from '../domain/mail.ts';

/** Hands mail to whoever carries it. Rejects when it could not; a `MailRefused` will not be taken another time either. */
export interface MailCarrier {
  send(mail: Mail): Promise<void>;
  close(): void;
}

const CONNECT_MS_MAX = 5_000;
const ANSWER_MS_MAX = 10_000;
/** 5yz: the server will say the same another time (RFC 5321 section 4.2.1). */
const REFUSED_FROM = 500;
/** RFC 8314 section 3.3: TLS from the first byte. `smtp:` begins in plain text and must go on with STARTTLS. */
const TLS_FIRST = 'smtps:';
const PORTS: Readonly<Record<string, number>> = { 'smtps:': 465, 'smtp:': 587 };

/**
 * Hands mail to an SMTP server, one connection a mail. `address` is `smtps://user:password@host` or `smtp://...`;
 * without TLS nothing is said to another machine, neither the password nor a link.
 */
export function createSmtpMail(options: {
  readonly address: URL;
  readonly from: string;
  /** Whether the server is this very machine, which needs no TLS. */
  readonly isHere: boolean;
}): MailCarrier {
  const { address, from, isHere } = options;
  const transport = createTransport({
    host: address.hostname,
    port: address.port === '' ? PORTS[address.protocol] : Number(address.port),
    secure: address.protocol === TLS_FIRST,
    requireTLS: !isHere,
    ignoreTLS: isHere && address.protocol !== TLS_FIRST,
    ...(address.username !== '' && {
      auth: { user: decodeURIComponent(address.username), pass: decodeURIComponent(address.password) },
    }),
    connectionTimeout: CONNECT_MS_MAX,
    greetingTimeout: CONNECT_MS_MAX,
    socketTimeout: ANSWER_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text }) {
      try {
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text });
      } catch (error) {
        const code = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined;
        if (typeof code === 'number' && code >= REFUSED_FROM) throw new MailRefused(`the server answered ${code}`);
        throw error;
      }
    },
    close: () => transport.close(),
  };
}
