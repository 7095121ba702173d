import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routesOf, routesWithoutAccess } from '../../../apps/api/src/http/routes-without-access.js';
import { openTestApi, type TestApi } from '../../support/api.js';

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, { operationId?: string; tags?: string[]; responses: Record<string, unknown> }>>;
  components: {
    securitySchemes: Record<string, object>;
    schemas: Record<string, { properties: Record<string, object> }>;
  };
}

describe('the API describes itself', () => {
  let api: TestApi;
  let document: Document;

  beforeAll(async () => {
    api = await openTestApi();
    document = (await (await fetch(`${api.url}/openapi.json`)).json()) as Document;
  });

  afterAll(() => api.close());

  const operations = (): [string, string, Document['paths'][string][string]][] =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, string, typeof operation] => [path, method, operation]),
    );

  it('as OpenAPI 3.1 with the product’s name and version', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: api.config.apiName, version: '0.1.0' });
    expect(document.components.securitySchemes).toEqual({
      apiKey: { type: 'apiKey', in: 'header', name: 'X-Open-Wearables-API-Key' },
      OAuth2PasswordBearer: { type: 'oauth2', flows: { password: { tokenUrl: '/api/v1/auth/login', scopes: {} } } },
      sdkToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    });
  });

  it('with one operation id per route, made of stem, path and method', () => {
    const ids = operations().map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(document.paths['/api/v1/users']!['get']!.operationId).toBe('list_users_api_v1_users_get');
    expect(document.paths['/api/v1/users/{user_id}']!['patch']!.operationId).toBe(
      'update_user_api_v1_users__user_id__patch',
    );
    for (const [path, method, { operationId }] of operations()) {
      expect(operationId).toMatch(new RegExp(`^[a-z_]+${path.replace(/\W/g, '_')}_${method}$`));
    }
  });

  it('with a tag and the errors that every route can give', () => {
    for (const [path, , operation] of operations()) {
      expect([path, operation.tags?.length]).toEqual([path, 1]);
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '401', '404']));
    }
  });

  it('without anything left over from its making', () => {
    const text = JSON.stringify(document);
    expect(text).not.toContain('"nullable"');
    expect(text).not.toContain('x-operation-stem');
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]*)"/g)) {
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
  });

  it('with null where fields can be null', () => {
    expect(document.components.schemas['UserAnswer']!.properties['email']).toEqual({ type: ['string', 'null'] });
    expect(document.components.schemas['UserBody']!.properties['first_name']).toMatchObject({
      type: ['string', 'null'],
    });
  });

  it('and every route says who may call it', () => {
    expect(routesOf(api.app).length).toBeGreaterThan(10);
    expect(routesWithoutAccess(api.app)).toEqual([]);
  });
});
