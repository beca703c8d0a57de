import { ApiProblem } from '@florin/sdk';
import { useTranslation } from 'react-i18next';
import { problems } from '../i18n/en/problems.ts';

/** What went wrong, in words for people: ours where we have better ones, else the bank's own. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation('problems');
  return (error) => {
    if (!(error instanceof ApiProblem)) return t('internal-error');
    return isKnown(error.code) ? t(error.code) : error.message;
  };
}

function isKnown(code: string): code is keyof typeof problems {
  return Object.hasOwn(problems, code);
}
