import type { Posting } from '@florin/sdk';
import { useTranslation } from 'react-i18next';
import { signOf } from '../../format/money.ts';

/** What kind of movement a line is, in words; one that this page does not know yet is just a movement. */
export function useKindName(): (posting: Posting) => string {
  const { t } = useTranslation('transaction');
  return ({ kind, amount }) => {
    switch (kind) {
      case 'transfer':
      case 'reversal':
        return t(`kindName.${kind}.${signOf(amount)}`);
      case 'deposit':
      case 'withdrawal':
      case 'fee':
      case 'capture':
        return t(`kindName.${kind}`);
      default:
        return t('kindName.other');
    }
  };
}
