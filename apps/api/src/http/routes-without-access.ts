import { type RequestMethod, type INestApplication } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { accessOf } from '#libs/identity';

type Handler = ReturnType<Parameters<typeof accessOf>[1] extends infer H ? () => H : never>;

/** Every route of the application that does not say who may call it, as `Controller.method`. */
export function routesWithoutAccess(app: INestApplication): string[] {
  return routesOf(app)
    .filter(({ handler, controller }) => !accessOf(app.get(Reflector), handler, controller))
    .map(({ handler, controller }) => `${controller.name}.${handler.name}`);
}

/** Every route handler of the application. */
export function routesOf(app: INestApplication): { handler: Handler; controller: Parameters<typeof accessOf>[2] }[] {
  const scanner = app.get(MetadataScanner);
  return app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ metatype }) => {
      const controller = metatype as Parameters<typeof accessOf>[2];
      const prototype = controller.prototype as Record<string, Handler>;
      return scanner
        .getAllMethodNames(prototype)
        .map((name) => ({ handler: prototype[name]!, controller }))
        .filter(
          ({ handler }) => (Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined) !== undefined,
        );
    });
}
