import { expect, it } from 'vitest';
import { checkDefinition, pivotIndexOf, type SagaDefinition, STEPS_MAX } from './definition.ts';
import { definitionOf, RETRY, step, TRANSFER, TRIP } from './saga.fixture.ts';

const first = step('first', 'compensatable');
const pivot = step('pivot', 'pivot');
const last = step('last', 'retriable');

it.each<[string, SagaDefinition]>([
  ['the transfer', TRANSFER],
  ['only steps that can be undone', TRIP],
  ['only a pivot', definitionOf([pivot])],
  ['only retriable steps', definitionOf([last])],
  ['retriable steps without a pivot', definitionOf([first, last])],
  ['a pivot that follows nothing', definitionOf([pivot, last])],
  ['a step that changes nothing', definitionOf([step('screen', 'compensatable', { undo: null })])],
  [
    'as many steps as there may be',
    definitionOf(
      Array.from({ length: STEPS_MAX }, (_, at) => step(`s${at}`, 'pivot')).map((each, at) =>
        at < STEPS_MAX - 1 ? { ...each, kind: 'compensatable' as const } : each,
      ),
    ),
  ],
])('runs %s', (_, definition) => {
  expect(checkDefinition(definition)).toEqual({ ok: true, value: definition });
});

function retrying(more: Partial<typeof RETRY>): SagaDefinition {
  return definitionOf([step('first', 'compensatable', { retry: { ...RETRY, ...more } })]);
}

it.each<[string, SagaDefinition, string]>([
  ['no steps', definitionOf([]), 'from 1 to 15 steps'],
  [
    'too many steps',
    definitionOf(Array.from({ length: STEPS_MAX + 1 }, (_, at) => step(`s${at}`, 'retriable'))),
    'from 1 to 15 steps',
  ],
  ['a name twice', definitionOf([first, first]), 'two steps have the same name'],
  ['two pivots', definitionOf([pivot, step('second', 'pivot')]), 'there are two pivots'],
  ['two pivots with steps between', definitionOf([pivot, last, step('second', 'pivot')]), 'there are two pivots'],
  ['something to undo after the pivot', definitionOf([pivot, first]), 'compensatable steps come first'],
  ['something to undo after a retriable step', definitionOf([last, first]), 'compensatable steps come first'],
  ['a pivot after a retriable step', definitionOf([first, last, pivot]), 'compensatable steps come first'],
  ['a pivot with an undo', definitionOf([step('pivot', 'pivot', { undo: 'undo-it' })]), 'a pivot step is never undone'],
  [
    'a retriable step with an undo',
    definitionOf([step('last', 'retriable', { undo: 'undo-it' })]),
    'a retriable step is never undone',
  ],
  ['a step without a name', definitionOf([step('', 'pivot')]), 'not in kebab-case'],
  ['a type that is no name', definitionOf([pivot], { type: 'Transfer' }), 'the type is not a name'],
  ['version 0', definitionOf([pivot], { version: 0 }), 'a whole number from 1 on'],
  ['half a version', definitionOf([pivot], { version: 1.5 }), 'a whole number from 1 on'],
  ['no time at all', definitionOf([pivot], { deadlineMs: 0 }), 'the deadline is no time'],
  ['a deadline that is no number', definitionOf([pivot], { deadlineMs: Number.NaN }), 'the deadline is no time'],
  [
    'a deadline that never comes',
    definitionOf([pivot], { deadlineMs: Number.POSITIVE_INFINITY }),
    'the deadline is no time',
  ],
  ['an answer that may never come', retrying({ answerMs: Number.POSITIVE_INFINITY }), 'its pauses are no pauses'],
  ['no attempts', retrying({ attemptsMax: 0 }), 'attempted at least once'],
  ['endless attempts', retrying({ attemptsMax: Number.POSITIVE_INFINITY }), 'attempted at least once'],
  ['no time to answer', retrying({ answerMs: 0 }), 'its pauses are no pauses'],
  ['no pause', retrying({ firstPauseMs: 0 }), 'its pauses are no pauses'],
  ['pauses that shrink', retrying({ factor: 0.5 }), 'its pauses are no pauses'],
  ['a longest pause that is shorter than the first', retrying({ pauseMsMax: 99 }), 'shorter than its first'],
  ['a longest pause that is no number', retrying({ pauseMsMax: Number.NaN }), 'its pauses are no pauses'],
])('refuses %s', (_, definition, detail) => {
  expect(checkDefinition(definition)).toMatchObject({
    ok: false,
    failure: { code: 'invalid-definition', detail: expect.stringContaining(detail) },
  });
});

it.each<[string, SagaDefinition, number]>([
  ['at the pivot', TRANSFER, 2],
  ['at the first retriable step when there is no pivot', definitionOf([first, last]), 1],
  ['after the last step when all can be undone', TRIP, 3],
])('has no way back %s', (_, definition, index) => {
  expect(pivotIndexOf(definition)).toBe(index);
});
