import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { Fault } from '@florin/primitives';
import { createTurns } from './turns.ts';

/** Argon2id with 19 MiB, two passes, one lane: the smallest setting OWASP recommends, about 40 ms here. */
const MEMORY_KIB = 19 * 1024;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/**
 * Each takes a thread of the pool that files and name lookups use too (there are four), and 19 MiB; and a processor, of
 * which the half is for everybody else: on two, both hashing made transfers beside a flood wait several times as long.
 */
const AT_ONCE_MAX = Math.max(1, Math.min(2, Math.floor(availableParallelism() / 2)));
/** A few seconds of work; whoever comes after that had better be told to wait. */
const WAITING_MAX = 100;

const derive = promisify(argon2);

export interface PasswordHasher {
  /** The hash to store, in the PHC string format. */
  hash(password: string): Promise<string>;
  /** Whether a password is the one. Takes as long when `stored` is undefined, so that nobody learns who has an account. */
  verify(password: string, stored: string | undefined): Promise<boolean>;
}

/**
 * Hashes passwords, one or two at a time, the rest in a bounded queue. Throws the retryable Fault `sign-in-busy` when the
 * queue is full: a flood of sign-ins is turned away instead of starving everything else.
 */
export function createPasswordHasher(
  limits: { readonly atOnceMax: number; readonly waitingMax: number } = {
    atOnceMax: AT_ONCE_MAX,
    waitingMax: WAITING_MAX,
  },
): PasswordHasher {
  const turn = createTurns(limits);
  const run = (password: string, salt: Buffer): Promise<Buffer> =>
    turn(() =>
      derive('argon2id', {
        message: password,
        nonce: salt,
        parallelism: LANES,
        tagLength: HASH_BYTES,
        memory: MEMORY_KIB,
        passes: PASSES,
      } satisfies Argon2Parameters),
    );
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return format(salt, await run(password, salt));
    },
    async verify(password, stored) {
      const known = stored === undefined ? undefined : parse(stored);
      const hash = await run(password, known?.salt ?? NOBODYS_SALT);
      return known !== undefined && timingSafeEqual(hash, known.hash);
    },
  };
}

const NOBODYS_SALT = randomBytes(SALT_BYTES);
const PREFIX = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$`;

function format(salt: Buffer, hash: Buffer): string {
  return `${PREFIX}${unpadded(salt)}$${unpadded(hash)}`;
}

function parse(stored: string): { readonly salt: Buffer; readonly hash: Buffer } {
  const [salt, hash] = stored.slice(PREFIX.length).split('$');
  if (!stored.startsWith(PREFIX) || salt === undefined || hash === undefined) {
    throw new Fault('password-hash-unreadable', 'a stored password hash has parameters this build does not know');
  }
  return { salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
