import { problemKinds } from './problem-kind.ts';

/** What every service that runs sagas may refuse staff who look after them. */
export const sagaProblems = problemKinds({
  'action-decided': {
    status: 409,
    title: 'It was decided already',
    meaning: 'A second person has approved or rejected this action; it is not decided twice.',
  },
  'action-not-found': {
    status: 404,
    title: 'No such action',
    meaning: 'There is no action of this id at this service.',
  },
  'action-pending': {
    status: 409,
    title: 'Something else is asked',
    meaning: 'One action about a saga waits for a second person at a time. Decide about that one first.',
  },
  'evidence-required': {
    status: 422,
    title: 'Evidence is required',
    meaning: 'Who says that something is done by other means says what shows it.',
  },
  'saga-not-found': {
    status: 404,
    title: 'No such saga',
    meaning: 'There is no saga of this id at this service.',
  },
  'saga-moved-on': {
    status: 409,
    title: 'The saga has moved on',
    meaning: 'What the action is about has passed: the saga needs nobody now, or needs somebody for another reason.',
  },
  'second-person-required': {
    status: 422,
    title: 'A second person is required',
    meaning: 'Nobody decides about what they asked for themselves.',
  },
});
