import { getHolder, type HolderAnswer } from '@florin/contracts';
import { type ServiceCall, timeLeft } from '@florin/http';
import { Fault } from '@florin/primitives';
import type { InternalTokens } from '@florin/security';
import type { Holder } from '../domain/first-account.ts';
import { CALL_TIMEOUT_MS, MYSELF } from './myself.ts';

export interface DirectoryOptions {
  readonly calls: ServiceCall;
  readonly tokens: InternalTokens;
}

/** Who people are, asked of the users service: a name is asked for when it is needed and is in no event. */
export function createDirectory({ calls, tokens }: DirectoryOptions) {
  return {
    /** Undefined when nobody is known by this id. A service that is away or unsure is a fault. */
    async findHolder(customerId: string): Promise<Holder | undefined> {
      const { status, body } = await calls.call({
        service: 'users',
        method: getHolder.method,
        path: getHolder.path.replace('{id}', customerId),
        token: await tokens.mint(MYSELF, 'users'),
        timeoutMs: timeLeft(CALL_TIMEOUT_MS),
      });
      if (status === 200) return body as HolderAnswer;
      if (status === 404 && codeOf(body) === 'user-not-found') return undefined;
      throw new Fault('directory-unavailable', `the users service answered ${status} ${codeOf(body)}`, {
        retryable: true,
        retryAfterSeconds: 1,
      });
    },
  };
}

function codeOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
}
