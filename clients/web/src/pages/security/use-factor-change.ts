import { ApiProblem } from '@florin/sdk';
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { myFactorsQuery } from '../../api/factor-queries.ts';
import { useBank } from '../../session/use-bank.ts';

/**
 * A change of one's factors: what is set up is read anew after it, and also when the sign-in turned out to be too old,
 * which is when the page asks for another.
 */
export function useFactorChange<Input, Answer>(
  change: (input: Input) => Promise<Answer>,
  onDone: (answer: Answer, input: Input) => void,
): UseMutationResult<Answer, Error, Input> {
  const bank = useBank();
  const queries = useQueryClient();
  const readAnew = () => queries.invalidateQueries({ queryKey: myFactorsQuery(bank).queryKey });
  return useMutation({
    mutationFn: change,
    async onSuccess(answer, input) {
      await readAnew();
      onDone(answer, input);
    },
    onError(error) {
      if (error instanceof ApiProblem && error.code === 'fresh-sign-in-needed') void readAnew();
    },
  });
}
