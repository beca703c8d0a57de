import type { Account } from '@florin/sdk';
import { useMutation, useQueryClient } from '@tanstack/react-query';

/** What every dialog about an account is given. */
export interface AccountDialogProps {
  readonly account: Account;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onGone: () => void;
}

/** A change of an account: what the bank answers is shown at once, and the dialog closes. */
export function useAccountChange<Asked>(change: (asked: Asked) => Promise<Account>, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess(account) {
      queries.setQueryData(['accounts', account.id], account);
      onDone();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
  });
}
