import { invariant, isUuid } from '@florin/primitives';

/** One participant's part of a distributed transaction. */
export interface Branch {
  /** The distributed transaction: a UUID of version 7. */
  readonly gid: string;
  /** The participant's name: lower-case letters, digits, `_` and `-`. */
  readonly branch: string;
}

/** Prepared transactions are listed for the whole server; these are ours. */
export const PREFIX = 'florin:';

/** A name is part of a statement that takes no parameters, and of an identifier of at most 199 bytes. */
const BRANCH_NAME = /^[a-z0-9][a-z0-9_-]{0,99}$/;

/** The name a branch is prepared under: `florin:<gid>:<branch>`. PostgreSQL takes it as a literal only. */
export function preparedName({ gid, branch }: Branch): string {
  invariant(isUuid(gid) && gid[14] === '7', `${gid} is not a UUID of version 7`);
  invariant(BRANCH_NAME.test(branch), `${branch} is not a name for a branch`);
  return `${PREFIX}${gid}:${branch}`;
}

/** The branch a name stands for; undefined for a name that this package cannot have given. */
export function branchOfName(name: string): Branch | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  const gid = name.slice(PREFIX.length, PREFIX.length + 36);
  const branch = name.slice(PREFIX.length + 37);
  if (!isUuid(gid) || gid[14] !== '7' || name[PREFIX.length + 36] !== ':' || !BRANCH_NAME.test(branch)) {
    return undefined;
  }
  return { gid, branch };
}
