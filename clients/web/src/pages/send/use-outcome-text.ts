import { useTranslation } from 'react-i18next';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import type { SendIntent } from './transfer-command.ts';

/** What is happening with a payment, for those who hear the page; empty while nothing is. */
export function useOutcomeText(intent: SendIntent): string {
  const { t } = useTranslation(['send', 'payment']);
  const locale = useLocale();
  switch (intent.step) {
    case 'sending':
      return t(intent.isUnsure ? 'payment:checking.title' : 'payment:sending');
    case 'unknown':
      return t('payment:unknown.title');
    case 'done': {
      const { answer, command } = intent;
      return t(`result.${answer.status}`, { amount: formatMoney(answer.amount, locale), name: command.toName });
    }
    default:
      return '';
  }
}
