import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@florin/primitives';
import { createTransport } from 'nodemailer';
import type { MailCarrier } from './smtp-mail.ts';

/** Only whoever runs the bank may read what is in the mail: with a link to a new password one signs in. */
const OWNER_ONLY = { file: 0o600, folder: 0o700 };

/** Writes each mail as a file (RFC 5322) into a folder, for a bank on one machine. The newest has the last name. */
export function createMailFolder(
  folder: string,
  options: { readonly from: string; readonly clock: Clock },
): MailCarrier {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    async send({ to, subject, text }) {
      const { message } = await transport.sendMail({
        from: options.from,
        to: { name: '', address: to },
        subject,
        text,
      });
      await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder });
      const name = `${new Date(options.clock()).toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}`;
      const path = join(folder, `${name}.eml`);
      await writeFile(`${path}.part`, message, { mode: OWNER_ONLY.file });
      await rename(`${path}.part`, path);
    },
    close() {},
  };
}
