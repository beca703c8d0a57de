import { useTranslation } from 'react-i18next';
import type { Limit } from './schema-tree.ts';

/** A bound in words: `3 to 500 characters`. */
export function useLimitText(): (limit: Limit) => string {
  const { t } = useTranslation('docs');
  return (limit) => {
    if (limit.kind === 'default') return t('limit.default', { value: limit.value });
    const { kind, least, most } = limit;
    const range = rangeText(least, most);
    return t(`limit.${kind}`, { range });
  };

  function rangeText(least: number | undefined, most: number | undefined): string {
    if (most === undefined) return t('range.least', { least: least ?? 0 });
    return least === undefined ? t('range.most', { most }) : t('range.both', { least, most });
  }
}
