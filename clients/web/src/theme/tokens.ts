/**
 * Colours of the brand as plain data, so that tests can compute their contrast and the mobile app can share them.
 * Ten shades from light to dark, as Mantine takes them.
 */
export const FOREST = [
  '#e9f6f1',
  '#d3ebe2',
  '#a6d7c5',
  '#76c2a7',
  '#4fb08e',
  '#2f9d79',
  '#178463',
  '#0f6f54',
  '#0b5d4b',
  '#074438',
] as const;

/** Neutral with a breath of green, for text, borders and surfaces. */
export const STONE = [
  '#f7f8f6',
  '#eef0ed',
  '#dfe3de',
  '#c8cec8',
  '#a3aca5',
  '#7b867f',
  '#5a655e',
  '#414b45',
  '#2a322d',
  '#161c19',
] as const;

/** Surfaces of the dark scheme, in Mantine's order: text first, the body's background at index 7. */
export const NIGHT = [
  '#e4e9e6',
  '#c3ccc7',
  '#a7b2ac',
  '#7d8a83',
  '#3b4641',
  '#2b3530',
  '#1b2320',
  '#111715',
  '#0c110f',
  '#080c0a',
] as const;

/** What is text or a sign, per scheme; every pair is held to WCAG 2.2 AA (4.5:1) by a test. */
export const SIGNS = {
  light: {
    body: '#f4f6f3',
    surface: '#ffffff',
    text: '#161c19',
    dimmed: '#55605a',
    positive: '#0b6b4a',
    negative: '#9b1c2e',
    warning: '#7a4b00',
    accent: '#0b5d4b',
    border: '#dfe3de',
  },
  dark: {
    body: '#111715',
    surface: '#1b2320',
    text: '#e4e9e6',
    dimmed: '#a7b2ac',
    positive: '#67d6a8',
    negative: '#ff9ea6',
    warning: '#f0c36a',
    accent: '#7fd1b4',
    border: '#2b3530',
  },
} as const;
