import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { principalOf, type DeveloperPrincipal } from '#libs/identity';

/** The developer who calls a route of `@DeveloperAccess()`. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): DeveloperPrincipal => {
  const principal = principalOf(context.switchToHttp().getRequest<object>());
  if (principal?.kind === 'developer') return principal;
  throw new Error('@Caller() stands on a route that lets others than developers in');
});

/** The developer who calls a route of `@ApplicationAccess()`, null when it is somebody else. */
export const CallerIfDeveloper = createParamDecorator(
  (_data: unknown, context: ExecutionContext): DeveloperPrincipal | null => {
    const principal = principalOf(context.switchToHttp().getRequest<object>());
    return principal?.kind === 'developer' ? principal : null;
  },
);
