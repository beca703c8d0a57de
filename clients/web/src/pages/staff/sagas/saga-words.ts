import { useTranslation } from 'react-i18next';
import { sagas } from '../../../i18n/en/sagas.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import { plainName, plainText, withStepNames } from './plain-text.ts';

/** What services say begins small; here it stands by itself. */
function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names of sagas, steps and services in words; what this page has no words for yet, as it is called, made readable. */
export function useSagaWords() {
  const { t } = useTranslation('sagas');
  const locale = useLocale();

  function step(name: string): string {
    if (name === '?') return t('step.unknown');
    return isIn(sagas.step, name) ? t(`step.${name}`) : plainName(name);
  }

  return {
    service: (name: string): string => (isIn(sagas.service, name) ? t(`service.${name}`) : plainName(name)),
    type: (name: string): string => (isIn(sagas.type, name) ? t(`type.${name}`) : plainName(name)),
    step,
    /** What a service says of a saga with these steps. */
    said: (text: string, steps: readonly string[]): string =>
      asSentence(withStepNames(plainText(text, locale), steps, step)),
  };
}

function isIn<Words extends object>(words: Words, name: string): name is keyof Words & string {
  return Object.hasOwn(words, name);
}
