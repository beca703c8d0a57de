import { randomBytes } from 'node:crypto';
import type { Logger } from '@florin/observability';
import type { Database } from '@florin/postgres';
import {
  type Mail,
  MailRefused,
  type MailTask,
  TOKEN_SECONDS,
  TOKENS_AN_HOUR_MAX,
  type TokenPurpose,
} from '../domain/mail.ts';
import {
  addressInUseMail,
  changeMail,
  confirmFirstMail,
  confirmMail,
  linkTo,
  newsMail,
  resetMail,
} from '../domain/mail-texts.ts';
import type { Person } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';
import { findByEmail } from '../repositories/credentials.ts';
import { insertMailedToken } from '../repositories/mailed-tokens.ts';
import { deleteMailTask, takeMailTask } from '../repositories/outgoing-mail.ts';
import { findPerson } from '../repositories/people.ts';
import type { MailCarrier } from './ports.ts';

export interface DeliveryDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly logger: Logger;
  readonly carrier: MailCarrier;
  /** Where people reach the bank; links lead there. */
  readonly origin: string;
}

/** What one round sends at most; the next one comes a moment later. */
const MAILS_A_ROUND = 20;
/** A mail that was not sent comes again after this, and then after twice as long each time. */
const LEASE_SECONDS = 30;
const TOKEN_BYTES = 32;

/**
 * Sends the mail that waits, one after the other. A token is stored, as a hash, before its link goes out, and no
 * transaction waits for a mail server. What was sent and not crossed out before a crash is sent again, with a new token.
 */
export async function deliverMail(deps: DeliveryDeps): Promise<void> {
  for (let count = 0; count < MAILS_A_ROUND; count += 1) {
    const taken = await takeMailTask(deps.database, deps.vault, LEASE_SECONDS);
    if (taken === undefined) return;
    const mail = await write(deps, taken.task);
    if (mail !== undefined && !(await send(deps, mail, taken.attempts))) return;
    await deleteMailTask(deps.database, taken.id);
  }
}

/** False when it should be tried again, and others would not get through either. */
async function send({ carrier, logger }: DeliveryDeps, mail: Mail, attempts: number): Promise<boolean> {
  try {
    await carrier.send(mail);
    return true;
  } catch (error) {
    // Whose address it is is nobody's business who reads logs.
    if (error instanceof MailRefused) {
      logger.warn({ reason: error.message }, 'a mail was refused for good');
      return true;
    }
    logger.warn({ attempts, reason: error instanceof Error ? error.name : 'unknown' }, 'mail could not be sent');
    return false;
  }
}

/** The mail for a task; undefined when by now there is nobody to send it to, or enough was sent. */
async function write(deps: DeliveryDeps, task: MailTask): Promise<Mail | undefined> {
  const { database, vault } = deps;
  if (task.kind === 'reset-password') return writeReset(deps, task.email);
  const person = await findPerson(database, vault, task.personId);
  switch (task.kind) {
    case 'confirm-email':
      if (person === undefined || person.emailConfirmed) return undefined;
      return withLink(deps, person, 'confirm-email', (link) => confirmMail(person.email, person.name, link));
    case 'change-email':
      return person && writeChange(deps, person, task.email);
    case 'news':
      return writeNews(deps, task, person);
  }
}

async function writeReset(deps: DeliveryDeps, email: string): Promise<Mail | undefined> {
  const personId = await findByEmail(deps.database, deps.vault, email);
  const person = personId && (await findPerson(deps.database, deps.vault, personId));
  if (!person) return undefined;
  // Whoever signed up with somebody else's address must not have it made good by its owner without a word.
  return person.emailConfirmed
    ? withLink(deps, person, 'reset-password', (link) => resetMail(email, person.name, link))
    : withLink(deps, person, 'confirm-email', (link) => confirmFirstMail(email, person.name, link));
}

async function writeChange(deps: DeliveryDeps, person: Person, email: string): Promise<Mail | undefined> {
  const holderId = await findByEmail(deps.database, deps.vault, email);
  if (holderId === person.id) return undefined;
  const holder = holderId && (await findPerson(deps.database, deps.vault, holderId));
  if (holder) return holder.emailConfirmed ? addressInUseMail(email, holder.name) : undefined;
  return withLink(deps, person, 'change-email', (link) => changeMail(email, person.name, link), email);
}

/** News goes to a confirmed address, or to one that was confirmed until a moment ago. */
async function writeNews(
  deps: DeliveryDeps,
  task: Extract<MailTask, { kind: 'news' }>,
  person: Person | undefined,
): Promise<Mail | undefined> {
  const owner = person ?? (await findPerson(deps.database, deps.vault, task.personId, 'kept out as well'));
  if (owner === undefined) return undefined;
  const to = task.to ?? (owner.emailConfirmed ? owner.email : undefined);
  return to === undefined ? undefined : newsMail(to, owner.name, task.change, task.device);
}

async function withLink(
  { database, vault, origin }: DeliveryDeps,
  person: Person,
  purpose: TokenPurpose,
  mailWith: (link: string) => Mail,
  newEmail?: string,
): Promise<Mail | undefined> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const isNoted = await insertMailedToken(
    database,
    vault,
    {
      hash: vault.hash('mailed-token', token),
      personId: person.id,
      purpose,
      ...(newEmail === undefined ? {} : { newEmail }),
      lifetimeSeconds: TOKEN_SECONDS[purpose],
    },
    TOKENS_AN_HOUR_MAX,
  );
  const page = purpose === 'reset-password' ? 'reset-password' : 'confirm-email';
  return isNoted ? mailWith(linkTo(origin, page, token)) : undefined;
}
