import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SagaService } from '../../../api/saga-services.ts';
import { useBank } from '../../../session/use-bank.ts';

interface SagaChange<Asked, Answer> {
  readonly service: SagaService;
  readonly send: (bank: ReturnType<typeof useBank>, asked: Asked) => Promise<Answer>;
  readonly onDone: (answer: Answer) => void;
}

/**
 * Something people do about a saga. What is on the page is asked for again afterwards whatever came of it: it may have
 * happened although no answer came, and a refusal mostly means that somebody was faster.
 */
export function useSagaChange<Asked, Answer>({ service, send, onDone }: SagaChange<Asked, Answer>) {
  const bank = useBank();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (asked: Asked) => send(bank, asked),
    onSuccess: onDone,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['saga-actions', service] }),
        queries.invalidateQueries({ queryKey: ['sagas', service] }),
      ]),
  });
}
