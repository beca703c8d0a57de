import type { Account, Approval } from '@florin/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { staffAccountQuery } from '../../api/staff-queries.ts';
import { useBank } from '../../session/use-bank.ts';

/** A change of an account that the ledger enforces: what the bank answers is shown at once. */
export function useAccountControl<Asked>(
  change: (bank: ReturnType<typeof useBank>, asked: Asked) => Promise<Account | Approval>,
  onDone: (answer: Account | Approval) => void,
) {
  const bank = useBank();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (asked: Asked) => change(bank, asked),
    onSuccess(answer) {
      if ('iban' in answer) queries.setQueryData(staffAccountQuery(bank, answer.id).queryKey, answer);
      onDone(answer);
    },
    // Also after a failure: it may have happened although no answer came.
    onSettled: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
  });
}
