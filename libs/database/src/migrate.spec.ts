import { describe, expect, it } from '@jest/globals';
import { connectionProblem, describeUrl } from './database-problem.js';
import { versionProblem } from './migrate.js';

const URL_WITH_PASSWORD = 'postgresql://app:hidden@db.example.com/app';

describe('versionProblem', () => {
  it.each([180000, 180004, 190001])('accepts %i', (version) => {
    expect(versionProblem(version, URL_WITH_PASSWORD)).toBeNull();
  });

  it('says what is required and what is there', () => {
    expect(versionProblem(170002, URL_WITH_PASSWORD)?.message).toBe(
      'PostgreSQL 18 or newer is required; db.example.com:5432/app runs 17.2.',
    );
  });
});

describe('connectionProblem', () => {
  it.each<[unknown, string]>([
    [{ code: 'ECONNREFUSED' }, 'nothing accepts connections there'],
    [new AggregateError([{ code: 'ECONNREFUSED' }]), 'nothing accepts connections there'],
    [{ code: '28P01' }, 'the user name or the password is wrong'],
    [{ code: '3D000' }, 'there is no such database'],
    [new Error('timeout expired'), 'the host does not answer'],
    [new Error('self-signed certificate'), 'self-signed certificate'],
  ])('explains %j', (error, reason) => {
    const problem = connectionProblem(URL_WITH_PASSWORD, error);
    expect(problem.message).toBe(`The database db.example.com:5432/app is not reachable: ${reason}.`);
    expect(problem.cause).toBe(error);
  });

  it('shows no password', () => {
    expect(describeUrl('postgresql://app:hidden@[::1]:6000/')).toBe('[::1]:6000');
  });
});
