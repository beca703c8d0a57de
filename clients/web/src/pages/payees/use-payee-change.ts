import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';

/** A change of the payees, after which the list is asked for again, whatever came of it. */
export function usePayeeChange<Input, Answer>(
  change: (input: Input) => Promise<Answer>,
  onDone: (answer: Answer) => void,
): UseMutationResult<Answer, Error, Input> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: ['payees'] }),
  });
}
