import { Type } from 'typebox';

/** The roles of the bank; every person has at least one, `customer` for those who bank here. */
export const ROLES = [
  'customer',
  'teller',
  'supervisor',
  'loan-officer',
  'credit-approver',
  'fraud-analyst',
  'auditor',
  'admin',
] as const;
export type Role = (typeof ROLES)[number];

export const RoleShape = Type.Union(ROLES.map((role) => Type.Literal(role)));
