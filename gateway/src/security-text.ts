import type { Clock } from '@florin/primitives';
import type { OwnAnswer } from './door.ts';
import { refusalReply } from './problems.ts';

const DAY_MS = 24 * 3_600_000;
/** RFC 9116 section 2.5.5 asks for less than a year, so that what nobody looks after any more stops being believed. */
const VALID_DAYS = 180;

/**
 * Whom to tell of a hole, as RFC 9116 has it: `Contact` from the settings, `Expires` (it must be there) half a year from today,
 * and `Canonical`, by which a copy is known. A bank without a contact has no such file.
 */
export function securityTextAnswer(parts: {
  readonly contact: string | undefined;
  readonly publicOrigin: string;
  readonly clock: Clock;
}): OwnAnswer {
  const { contact, publicOrigin, clock } = parts;
  return ({ traceId }) => {
    if (contact === undefined) return refusalReply({ code: 'not-found' }, traceId);
    const expires = new Date((Math.floor(clock() / DAY_MS) + VALID_DAYS) * DAY_MS).toISOString();
    const lines = [
      `Contact: ${contact}`,
      `Expires: ${expires}`,
      'Preferred-Languages: en',
      `Canonical: ${publicOrigin}/.well-known/security.txt`,
    ];
    return {
      status: 200,
      text: `${lines.join('\n')}\n`,
      contentType: 'text/plain; charset=utf-8',
      cacheControl: 'public, max-age=86400',
    };
  };
}
