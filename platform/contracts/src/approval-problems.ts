import { problemKinds } from './problem-kind.ts';

/** What any service may refuse that asks for a second person. */
export const approvalProblems = problemKinds({
  'approval-altered': {
    status: 409,
    title: 'It is not what was asked for',
    meaning: 'What is stored is not what its maker asked for. It is not carried out; look into it.',
  },
  'approval-decided': {
    status: 409,
    title: 'It was decided already',
    meaning: 'A second person has approved or rejected it; it is not decided twice.',
  },
  'approval-expired': {
    status: 409,
    title: 'It was not decided in time',
    meaning: 'Nobody decided within 24 hours. It has to be asked for anew.',
  },
  'approval-not-found': {
    status: 404,
    title: 'No such approval',
    meaning: 'Nothing of this id waits at this service.',
  },
  'approval-unfounded': {
    status: 409,
    title: 'Nobody may ask for it any more',
    meaning: 'Whoever asked for it, or decides about it, has lost the right to. It can only be rejected.',
  },
  'approval-pending': {
    status: 409,
    title: 'The same is asked already',
    meaning: 'It waits for a second person. Decide about that first.',
  },
});
