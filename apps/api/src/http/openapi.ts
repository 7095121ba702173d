import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { API_KEY_HEADER, API_KEY_SCHEME, DEVELOPER_SCHEME, SDK_SCHEME } from '#libs/identity';
import { OPERATION_STEM } from './answer.js';

type Operation = Record<string, unknown>;

/** Paths that the documentation pages load their parts from. */
export const DOCUMENTATION_ASSETS = '/docs/';

/** Serves `/openapi.json` and `/docs`. The document is made when somebody first asks. */
export function serveOpenApi(app: INestApplication, title: string, version: string): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, title, version), {
    jsonDocumentUrl: '/openapi.json',
    raw: ['json'],
  });
}

/** The OpenAPI 3.1 document of everything the application serves. */
export function openApiDocument(app: INestApplication, title: string, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setVersion(version)
    .addApiKey({ type: 'apiKey', in: 'header', name: API_KEY_HEADER }, API_KEY_SCHEME)
    .addOAuth2(
      { type: 'oauth2', flows: { password: { tokenUrl: '/api/v1/auth/login', scopes: {} } } },
      DEVELOPER_SCHEME,
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, SDK_SCHEME)
    .build();
  return withOperationIds(SwaggerModule.createDocument(app, config));
}

/** `list_users` on `GET /api/v1/users` becomes `list_users_api_v1_users_get`. */
function withOperationIds(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      const stem = operation[OPERATION_STEM];
      Reflect.deleteProperty(operation, OPERATION_STEM);
      if (typeof stem === 'string') operation['operationId'] = `${stem}${path.replace(/\W/g, '_')}_${method}`;
    }
  }
  return document;
}
