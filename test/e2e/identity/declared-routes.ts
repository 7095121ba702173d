import { RequestMethod, type INestApplication } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { accessOf, type Access } from '#libs/identity';
import { routesOf } from '../../../apps/api/src/http/routes-without-access.js';
import { UNVERSIONED } from '../../../apps/api/src/create-api.js';

/** One method of one path, and who it says may call it. */
export interface DeclaredRoute {
  readonly method: string;
  /** With parameters in braces: `/api/v1/users/{user_id}`. */
  readonly path: string;
  readonly access: Access;
}

/** Every route of the application, from the decorators themselves. */
export function declaredRoutes(app: INestApplication): DeclaredRoute[] {
  const reflector = app.get(Reflector);
  return routesOf(app)
    .flatMap(({ handler, controller }) => {
      const access = accessOf(reflector, handler, controller);
      if (!access) throw new Error(`${controller.name}.${handler.name} declares no access`);
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
      return pathsOf(controller).flatMap((prefix) =>
        pathsOf(handler).map((path) => ({ method, path: fullPath(prefix, path), access })),
      );
    })
    .sort((one, two) => `${one.path} ${one.method}`.localeCompare(`${two.path} ${two.method}`));
}

const pathsOf = (target: object): string[] => [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat();

function fullPath(prefix: string, path: string): string {
  const local = [prefix, path]
    .map((part) => part.replace(/^\/+|\/+$/g, ''))
    .filter(Boolean)
    .join('/');
  const braced = local.replace(/:(\w+)/g, '{$1}');
  return UNVERSIONED.includes(braced || '/') ? `/${braced}` : `/api/v1/${braced}`;
}
