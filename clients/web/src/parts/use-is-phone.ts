import { useMediaQuery } from '@mantine/hooks';

/** Where the navigation is at the foot of the screen; the same width as in the style sheet. */
const PHONE = '(max-width: 47.99em)';

/** Whether the screen is a phone's, for what is another thing there and not only another size. */
export function useIsPhone(): boolean {
  return useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
}
