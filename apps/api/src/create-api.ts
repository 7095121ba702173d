import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import type { AppConfig } from '#libs/config';
import { NestLogger } from '#libs/observability';
import { ApiModule } from './api.module.js';
import { ActorInterceptor } from './http/actor.interceptor.js';
import { bodyParser } from './http/body-parser.js';
import { cors } from './http/cors.js';
import { ApiExceptionFilter } from './http/exception.filter.js';
import { JsonAdapter } from './http/json-adapter.js';
import { DOCUMENTATION_ASSETS, serveOpenApi } from './http/openapi.js';
import { inRequestContext } from './http/request-context.middleware.js';
import { requestLog } from './http/request-log.js';
import { QueryCapsPipe } from './http/query-caps.pipe.js';
import { oldAddresses } from './http/old-addresses.js';
import { notFoundBelow, routeGate, type RouteLayer } from './http/route-gate.js';
import { WireValidationPipe } from './http/wire-validation.pipe.js';
import { VERSION } from './version.js';

const MAX_BODY_BYTES = 1024 * 1024;
/** Outside the versioned prefix: what operators and their machines ask. */
export const UNVERSIONED = ['/', 'health/live', 'health/ready', 'metrics'];

/** The HTTP API, ready to listen. Everything it needs comes from `config`. */
export async function createApi(config: AppConfig): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.forRoot(config), new JsonAdapter(), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(),
  });
  app.setGlobalPrefix('api/v1', { exclude: UNVERSIONED });
  addMiddleware(app, config);
  app.useGlobalPipes(new WireValidationPipe(), new QueryCapsPipe(config));
  app.useGlobalInterceptors(new ActorInterceptor());
  app.useGlobalFilters(new ApiExceptionFilter());
  serveOpenApi(app, config.apiName, VERSION);
  app.use(DOCUMENTATION_ASSETS, notFoundBelow());
  return app;
}

function addMiddleware(app: NestExpressApplication, config: AppConfig): void {
  const express = app.getHttpAdapter().getInstance();
  const layers = (): readonly RouteLayer[] => express.router.stack as unknown as readonly RouteLayer[];
  app.use(oldAddresses());
  app.set('trust proxy', config.trustedProxies);
  app.use(inRequestContext());
  app.use(requestLog(config.accessLogLevel));
  // The documentation page is served over plain HTTP too, so its parts must not be upgraded to HTTPS.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use(cors({ origins: config.corsOrigins, allowAll: config.corsAllowAll }));
  app.use(routeGate(layers, [DOCUMENTATION_ASSETS]));
  app.use(bodyParser(MAX_BODY_BYTES));
}
