import type { Mail, MailTask } from './mail.ts';

type Change = Extract<MailTask, { kind: 'news' }>['change'];

/** The address of a page with a token behind the `#`, which browsers send to no server. */
export function linkTo(origin: string, page: 'reset-password' | 'confirm-email', token: string): string {
  return `${origin}/${page}#${token}`;
}

export function resetMail(to: string, name: string, link: string): Mail {
  return mail(to, 'A new password for Florin', [
    `Hello ${name},`,
    'somebody asked for a new password for your access to Florin. If it was you, choose one here within 15 minutes:',
    link,
    'If it was not you, there is nothing to do: your password stays as it is.',
  ]);
}

/** To whoever asks for a new password at an address that nobody confirmed. */
export function confirmFirstMail(to: string, name: string, link: string): Mail {
  return mail(to, 'Confirm your address first', [
    `Hello ${name},`,
    'somebody asked for a new password at Florin, and this address was never confirmed. If you signed up with it, confirm it within 24 hours, and then ask for the new password again:',
    link,
    'If you did not sign up at Florin, do not use the link.',
  ]);
}

export function confirmMail(to: string, name: string, link: string): Mail {
  return mail(to, 'Confirm your address', [
    `Hello ${name},`,
    'please confirm that this address is yours, within 24 hours:',
    link,
    'If you did not sign up at Florin, do not use the link.',
  ]);
}

export function changeMail(to: string, name: string, link: string): Mail {
  return mail(to, 'Confirm your new address', [
    `Hello ${name},`,
    'this is to be your address at Florin. It is once you confirm it, within 24 hours:',
    link,
    'If you know nothing of it, do not use the link.',
  ]);
}

/** To the holder of an address that somebody else wants to change to. */
export function addressInUseMail(to: string, name: string): Mail {
  return mail(to, 'Somebody wanted to use your address', [
    `Hello ${name},`,
    'somebody asked to use this address at Florin. It is the address of your own access already, so nothing was changed. If it was you, sign in with it.',
  ]);
}

export function newsMail(to: string, name: string, change: Change, device: string | undefined): Mail {
  const { subject, text } = NEWS[change];
  return mail(to, subject, [
    `Hello ${name},`,
    device === undefined ? text : `${text} The browser says it is ${device}.`,
    WAS_IT_YOU,
  ]);
}

const WAS_IT_YOU =
  'If this was you, there is nothing to do. If not, choose a new password, which ends all other sign-ins, and tell us.';

const NEWS: Readonly<Record<Change, { readonly subject: string; readonly text: string }>> = {
  'password-changed': {
    subject: 'Your password was changed',
    text: 'your password was changed, and other sign-ins ended.',
  },
  'password-reset': {
    subject: 'Your password was reset',
    text: 'a new password was set by a link we sent to this address, and you were signed out everywhere.',
  },
  'email-change-asked': {
    subject: 'Your address is about to be changed',
    text: 'somebody who is signed in as you asked to change your address. It changes once the new one is confirmed.',
  },
  'email-changed': { subject: 'Your address was changed', text: 'your address at Florin was changed to another one.' },
  'device-added': {
    subject: 'Somebody signed in in a new browser',
    text: 'somebody signed in as you in a browser we have not seen before.',
  },
  'sign-in-guessed': {
    subject: 'Somebody guesses your password',
    text: 'there were several wrong passwords in a row for your name. Browsers you use go on working; strangers have to wait.',
  },
  'signed-out-everywhere': { subject: 'You were signed out everywhere', text: 'all your sign-ins were ended.' },
  disabled: { subject: 'Your access is closed', text: 'our staff closed your access. Please get in touch with us.' },
  enabled: { subject: 'Your access is open again', text: 'our staff opened your access again.' },
  'totp-added': { subject: 'An authenticator app was set up', text: 'an authenticator app signs you in from now on.' },
  'totp-removed': {
    subject: 'The authenticator app was removed',
    text: 'the authenticator app does not sign you in any more.',
  },
  'passkey-added': { subject: 'A passkey was added', text: 'a new passkey signs you in from now on.' },
  'passkey-removed': { subject: 'A passkey was removed', text: 'a passkey does not sign you in any more.' },
  'recovery-codes-made': {
    subject: 'New recovery codes',
    text: 'new recovery codes were made; those from before are dead.',
  },
  'recovery-code-used': {
    subject: 'A recovery code was used',
    text: 'one of your recovery codes was used to sign in.',
  },
};

function mail(to: string, subject: string, paragraphs: readonly string[]): Mail {
  return { to, subject, text: `${paragraphs.join('\n\n')}\n\nFlorin\n` };
}
