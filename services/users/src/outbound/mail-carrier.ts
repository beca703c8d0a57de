import { type Clock, Fault } from '@florin/primitives';
import { createMailFolder } from './mail-folder.ts';
import { createSmtpMail, type MailCarrier } from './smtp-mail.ts';

const FOLDER = 'file:';
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Opens the way mail leaves the bank: `smtps://user:password@host`, `smtp://...`, or `file:` and a folder. Faults with
 * `setting-invalid` for anything else.
 */
export function openMailCarrier(url: string, options: { readonly from: string; readonly clock: Clock }): MailCarrier {
  if (url.startsWith(FOLDER)) return createMailFolder(url.slice(FOLDER.length), options);
  const address = URL.parse(url);
  // Its text holds a password, so the message does not.
  if (address === null || !/^smtps?:$/.test(address.protocol) || address.hostname === '') {
    throw new Fault('setting-invalid', 'FLORIN_MAIL_URL is neither smtp(s)://host nor file:folder');
  }
  return createSmtpMail({ address, from: options.from, isHere: LOOPBACK.test(address.hostname) });
}
