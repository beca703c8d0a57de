import type { Account, Approval } from '@florin/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { putAccount } from '../../api/known-accounts.ts';

/** What every dialog about an account is given. */
export interface AccountDialogProps {
  readonly account: Account;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onGone: () => void;
}

/** A change of an account: what the bank answers is shown at once, and the dialog closes. */
export function useAccountChange<Asked>(change: (asked: Asked) => Promise<Account | Approval>, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess(answer) {
      // What waits for a second person is of staff alone.
      if ('iban' in answer) putAccount(queries, answer);
      onDone();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
  });
}
