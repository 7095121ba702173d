import type { RequestHandler } from 'express';
import { Failure } from '#libs/model';

/** What this needs of a layer of Express's router. */
export interface RouteLayer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/**
 * First in line: an unknown path is 404 and a known one with another method 405 (with all its methods in `Allow`),
 * whatever the body or the credentials are.
 */
export function routeGate(layers: () => readonly RouteLayer[], passing: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    if (passing.some((prefix) => request.path.startsWith(prefix))) {
      next();
      return;
    }
    const methods = methodsOf(layers(), request.path);
    if (methods.size === 0) {
      next(new Failure(404, 'Not Found'));
      return;
    }
    if (methods.has(request.method)) {
      next();
      return;
    }
    next(new Failure(405, 'Method Not Allowed', { headers: { Allow: [...methods].sort().join(', ') } }));
  };
}

/** Methods of every route whose path fits; a route that answers GET answers HEAD. */
function methodsOf(layers: readonly RouteLayer[], path: string): Set<string> {
  const methods = new Set<string>();
  for (const layer of layers) {
    // A route for every method is the framework's own "not found" for paths outside the prefix.
    if (!layer.route || layer.route.methods['connect'] || !layer.match(path)) continue;
    for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  return methods;
}

/** Answers 404 below a path that the gate lets through and whose files did not include what was asked for. */
export const notFoundBelow = (): RequestHandler => (_request, _response, next) => next(new Failure(404, 'Not Found'));
