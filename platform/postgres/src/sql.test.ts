import { describe, expect, test } from 'vitest';
import { emptySql, joinSql, sql } from './sql.ts';

describe('sql', () => {
  test('turns values into parameters', () => {
    const statement = sql`select ${1} where name = ${"x'; drop table y"}`;
    expect(statement.text).toBe('select $1 where name = $2');
    expect(statement.values).toEqual([1, "x'; drop table y"]);
  });

  test('numbers the parameters of nested statements after the ones before them', () => {
    const inner = sql`b = ${2} and c = ${3}`;
    const statement = sql`select * from t where a = ${1} and ${inner} and d = ${4}${emptySql}`;
    expect(statement.text).toBe('select * from t where a = $1 and b = $2 and c = $3 and d = $4');
    expect(statement.values).toEqual([1, 2, 3, 4]);
  });

  test('nests as deep as needed, and a dollar in a text stays what it is', () => {
    const deep = sql`(${sql`x = '$1' and y = ${'y'}`})`;
    expect(sql`select ${0} where ${deep}`.text).toBe("select $1 where (x = '$1' and y = $2)");
  });

  test('joins statements', () => {
    const statement = sql`values ${joinSql([sql`(${1})`, sql`(${2})`, sql`(${3})`], ', ')}`;
    expect(statement.text).toBe('values ($1), ($2), ($3)');
    expect(statement.values).toEqual([1, 2, 3]);
  });

  test('gives the same text the same name, and another text another', () => {
    const byId = (id: number) => sql`select * from t where id = ${id}`;
    expect(byId(1).name).toBe(byId(2).name);
    expect(sql`select * from t where ${sql`id = ${1}`}`.name).toBe(byId(1).name);
    expect(sql`select * from u where id = ${1}`.name).not.toBe(byId(1).name);
  });

  test('refuses undefined', () => {
    expect(() => sql`select ${undefined}`).toThrow('undefined');
  });
});
