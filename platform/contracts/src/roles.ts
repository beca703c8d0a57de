import { Type } from 'typebox';
import { ROLES } from './route.ts';

export const RoleShape = Type.Union(ROLES.map((role) => Type.Literal(role)));
