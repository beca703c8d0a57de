import { describe, expect, it } from 'vitest';
import { contrast } from './contrast.ts';
import { FOREST, SIGNS } from './tokens.ts';

const TEXT_RATIO_MIN = 4.5;

describe('contrast', () => {
  it('is 21 for black on white and 1 for a colour on itself', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#0b5d4b', '#0b5d4b')).toBe(1);
  });
});

describe.each(['light', 'dark'] as const)('the %s scheme', (scheme) => {
  const signs = SIGNS[scheme];
  const texts = ['text', 'dimmed', 'positive', 'negative', 'warning', 'accent'] as const;

  it.each(texts)('%s can be read on the body and on a card', (sign) => {
    expect(contrast(signs[sign], signs.body)).toBeGreaterThanOrEqual(TEXT_RATIO_MIN);
    expect(contrast(signs[sign], signs.surface)).toBeGreaterThanOrEqual(TEXT_RATIO_MIN);
  });
});

it('white can be read on the primary button of both schemes', () => {
  for (const shade of [FOREST[8], FOREST[7]]) expect(contrast('#ffffff', shade)).toBeGreaterThanOrEqual(TEXT_RATIO_MIN);
});
