import { describe, expect, it } from '@jest/globals';
import { Contract, type Answer } from './contract.js';

const contract = new Contract({
  openapi: '3.0.0',
  paths: {
    '/users/{id}': {
      get: {
        responses: {
          '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } } },
          '404': { $ref: '#/components/responses/NotFound' },
        },
      },
      delete: { responses: { '204': { description: 'Gone' } } },
    },
    '/users/me': { get: { responses: { '200': { content: { 'text/plain': { schema: { type: 'string' } } } } } } },
  },
  components: {
    responses: {
      NotFound: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
    schemas: {
      Problem: { type: 'object', properties: { detail: { type: 'string' } }, required: ['detail'] },
      Base: { type: 'object', properties: { id: { type: 'string', format: 'uuid' } }, required: ['id'] },
      User: {
        allOf: [
          { $ref: '#/components/schemas/Base' },
          {
            type: 'object',
            properties: {
              email: { type: 'string', nullable: true },
              age: { type: 'number', minimum: 0, exclusiveMinimum: true },
              device: { allOf: [{ $ref: '#/components/schemas/Device' }], nullable: true },
              labels: { type: 'object', additionalProperties: { type: 'string' } },
            },
            required: ['email'],
          },
        ],
      },
      Device: { type: 'object', properties: { model: { type: 'string' } } },
    },
  },
});

const user = { id: '00000000-0000-4000-8000-000000000001', email: null };
const answer = (changes: Partial<Answer>): Answer => ({
  method: 'GET',
  path: '/users/7',
  status: 200,
  contentType: 'application/json',
  body: user,
  ...changes,
});

describe('Contract', () => {
  it.each<[string, Partial<Answer>]>([
    ['a full body', { body: { ...user, age: 1, device: { model: 'x' }, labels: { any: 'name' } } }],
    ['null where it is allowed', { body: { ...user, device: null } }],
    ['a referenced response', { status: 404, body: { detail: 'User not found' } }],
    ['no body where none is documented', { method: 'DELETE', status: 204, contentType: '', body: undefined }],
    ['the more exact of two paths', { path: '/users/me', contentType: 'text/plain' }],
  ])('passes %s', (_, changes) => {
    expect(() => contract.check(answer(changes))).not.toThrow();
  });

  it.each<[string, Partial<Answer>, RegExp]>([
    ['an unknown path', { path: '/users' }, /no such path/],
    ['a path longer than the template', { path: '/users/7/more' }, /no such path/],
    ['an unknown method', { method: 'POST' }, /does not document this method/],
    ['an unknown status', { status: 500, body: { detail: 'x' } }, /status is not documented.*"detail":"x"/],
    ['another media type', { contentType: 'text/html' }, /text\/html instead of application\/json/],
    ['a missing body', { contentType: '' }, /no body instead of/],
    ['a body nobody documented', { method: 'DELETE', status: 204 }, /body that is not documented/],
    ['a missing field', { body: { id: user.id } }, /required property 'email'/],
    ['a wrong format', { body: { ...user, id: 'seven' } }, /\/id must match format "uuid"/],
    ['null where it is not allowed', { body: { ...user, age: null } }, /\/age must be number/],
    ['an exclusive bound', { body: { ...user, age: 0 } }, /\/age must be > 0/],
    ['an undocumented field', { body: { ...user, password: 'x' } }, /"unevaluatedProperty":"password"/],
    ['an undocumented field further in', { body: { ...user, device: { model: 'x', serial: 'y' } } }, /"serial"/],
  ])('refuses %s', (_, changes, message) => {
    expect(() => contract.check(answer(changes))).toThrow(message);
  });
});
