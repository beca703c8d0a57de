import { newId } from '@florin/primitives';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { failureOf } from '../../payment/intent-failure.ts';

/** Whether a failure leaves open what the bank did or will do under the key. */
export function isOutcomeOpen(error: unknown): boolean {
  return failureOf(error).kind !== 'refused';
}

interface KeyedRequest<Asked, Answer> {
  readonly send: (asked: Asked, key: string) => Promise<Answer>;
  readonly onSuccess: (answer: Answer) => void;
}

/**
 * Something the bank does once per key. The key is made with the first request and kept until the bank has decided:
 * asking again after no answer is the same request. After a refusal the next one is a new piece of work.
 */
export function useKeyedRequest<Asked, Answer>({ send, onSuccess }: KeyedRequest<Asked, Answer>) {
  const key = useRef<string>(undefined);
  const request = useMutation({
    mutationFn(asked: Asked) {
      key.current ??= newId(0);
      return send(asked, key.current);
    },
    onSuccess,
    onError(error) {
      if (!isOutcomeOpen(error)) key.current = undefined;
    },
  });
  return { ...request, isUnsure: request.isError && isOutcomeOpen(request.error) };
}
