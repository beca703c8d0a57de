import { useTranslation } from 'react-i18next';
import { sagas } from '../../../i18n/en/sagas.ts';
import { plainName } from './plain-text.ts';

/** Names of sagas, steps and services in words; what this page has no words for yet, as it is called, made readable. */
export function useSagaWords() {
  const { t } = useTranslation('sagas');
  return {
    service: (name: string): string => (isIn(sagas.service, name) ? t(`service.${name}`) : plainName(name)),
    type: (name: string): string => (isIn(sagas.type, name) ? t(`type.${name}`) : plainName(name)),
    step(name: string): string {
      if (name === '?') return t('step.unknown');
      return isIn(sagas.step, name) ? t(`step.${name}`) : plainName(name);
    },
  };
}

function isIn<Words extends object>(words: Words, name: string): name is keyof Words & string {
  return Object.hasOwn(words, name);
}
