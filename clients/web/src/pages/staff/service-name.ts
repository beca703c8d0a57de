import { useTranslation } from 'react-i18next';
import { operations } from '../../i18n/en/operations.ts';

/** What a part of the bank does, in words; one that this page does not know yet by its own name. */
export function useServiceName(): (service: string) => string {
  const { t } = useTranslation('operations');
  return (service) => (isKnown(service) ? t(`service.${service}.name`) : service);
}

function isKnown(service: string): service is keyof typeof operations.service {
  return Object.hasOwn(operations.service, service);
}
