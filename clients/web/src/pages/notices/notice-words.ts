import type { Notice } from '@florin/sdk';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from '../../api/queries.ts';
import { formatDate } from '../../format/dates.ts';
import { formatMoney } from '../../format/money.ts';
import { notices } from '../../i18n/en/notices.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { useBank } from '../../session/use-bank.ts';

interface NoticeWords {
  readonly title: string;
  /** What there is to know besides. */
  readonly facts: readonly string[];
}

/** A notice in words; one of a kind that this page does not know yet says that something happened. */
export function useNoticeWords(): (notice: Notice) => NoticeWords {
  const { t } = useTranslation('notices');
  const locale = useLocale();
  const { data: accounts = [] } = useQuery(accountsQuery(useBank()));

  function onAccount({ parameters }: Notice): string[] {
    const account = accounts.find(({ id }) => id === parameters.accountId);
    return account === undefined ? [] : [t('onAccount', { account: account.name })];
  }

  function failedOrder({ parameters: { payeeName: name, amount, dueDate, problemCode = '' } }: Notice): NoticeWords {
    const facts =
      amount === undefined || dueDate === undefined
        ? []
        : [t('orderFacts', { amount: formatMoney(amount, locale), date: formatDate(dueDate, locale) })];
    return {
      title: name === undefined ? t('text.orderFailedUnnamed') : t('text.orderFailed', { name }),
      facts: [...facts, t(`because.${isExplained(problemCode) ? problemCode : 'other'}`)],
    };
  }

  return (notice) => {
    const { kind, parameters } = notice;
    switch (kind) {
      case 'money-received': {
        const { amount, reference = '' } = parameters;
        const title = amount && t('text.received', { amount: formatMoney(amount, locale) });
        return { title: title ?? t('text.other'), facts: [...onAccount(notice), reference].filter(Boolean) };
      }
      case 'standing-order-failed':
        return failedOrder(notice);
      case 'account-frozen':
        return { title: t('text.account-frozen'), facts: [...onAccount(notice), t('frozenText')] };
      case 'security-changed': {
        const { change = '', device } = parameters;
        const title = isKnownChange(change) ? t(`change.${change}`) : t('change.other');
        return { title, facts: [...(device === undefined ? [] : [device]), t('wasItYou')] };
      }
      case 'welcome':
      case 'account-unfrozen':
      case 'account-closed':
        return { title: t(`text.${kind}`), facts: onAccount(notice) };
      default:
        return { title: t('text.other'), facts: onAccount(notice) };
    }
  };
}

function isKnownChange(change: string): change is keyof typeof notices.change {
  return Object.hasOwn(notices.change, change);
}

function isExplained(code: string): code is keyof typeof notices.because {
  return Object.hasOwn(notices.because, code);
}
