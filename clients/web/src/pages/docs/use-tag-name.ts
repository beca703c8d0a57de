import { useTranslation } from 'react-i18next';
import { docs } from '../../i18n/en/docs.ts';

/** What a group of operations is about, in words. */
export function useTagName(): (tag: string) => string {
  const { t } = useTranslation('docs');
  return (tag) => (isKnown(tag) ? t(`tag.${tag}`) : tag);
}

function isKnown(tag: string): tag is keyof typeof docs.tag {
  return Object.hasOwn(docs.tag, tag);
}
