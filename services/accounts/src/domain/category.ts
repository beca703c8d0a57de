/** What money was spent on or came from. */
export type Category =
  | 'income'
  | 'housing'
  | 'utilities'
  | 'groceries'
  | 'eating-out'
  | 'transport'
  | 'shopping'
  | 'leisure'
  | 'health'
  | 'insurance'
  | 'savings'
  | 'cash'
  | 'fees'
  | 'transfer'
  | 'other';
