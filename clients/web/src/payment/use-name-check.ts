import { ApiProblem } from '@florin/sdk';
import { useMutation } from '@tanstack/react-query';
import { checkPayee } from '../api/payment-commands.ts';
import { useBank } from '../session/use-bank.ts';
import type { NameToCheck } from './name-check.ts';
import type { CheckedName } from './payment-draft.ts';

interface NameCheckOptions {
  /** Keeps what was found out with what was typed. */
  readonly keep: (checked: CheckedName) => void;
  /** Says at the IBAN that it can not be paid; false when there is no such field now. */
  readonly sayAtIban: (message: string) => boolean;
}

/** Asks the bank whose account it is, before anything is paid to it. */
export function useNameCheck({ keep, sayAtIban }: NameCheckOptions) {
  const bank = useBank();
  const asking = useMutation<CheckedName, unknown, NameToCheck>({
    mutationFn: async (wanted) => {
      try {
        const { result, suggestedName } = await checkPayee(bank, wanted);
        return { ...wanted, result, ...(suggestedName === undefined ? {} : { suggestedName }) };
      } catch (error) {
        // A check that can not be had is one more name nobody could confirm, which the person decides about.
        if (error instanceof ApiProblem && error.isUnsure) return { ...wanted, result: 'not-possible' };
        throw error;
      }
    },
  });

  /** What was found out; undefined when it could not be asked, which is then said on the page. */
  async function ask(wanted: NameToCheck): Promise<CheckedName | undefined> {
    try {
      const checked = await asking.mutateAsync(wanted);
      keep(checked);
      return checked;
    } catch (error) {
      if (isAboutIban(error) && sayAtIban(error.message)) asking.reset();
      return undefined;
    }
  }

  return { ask, isPending: asking.isPending, problem: asking.error ?? undefined };
}

function isAboutIban(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.code === 'invalid-payee';
}
