/** The people whose health data is held, and the providers they connected. */
export { AccountsModule } from './accounts.module.js';
export type { ConnectionView } from './connections/connection.js';
export { Connections } from './connections/connections.service.js';
export { Priorities } from './priorities/priorities.service.js';
export type {
  DeviceTypePriorityView,
  PriorityChange,
  ProviderPriorityView,
  UserPriorityView,
} from './priorities/priority.js';
export { UserPriorities } from './priorities/user-priorities.service.js';
export {
  GENDERS,
  SEXES,
  USER_SORTS,
  type UserFields,
  type UserFilter,
  type UserListQuery,
  type UserPage,
  type UserSort,
  type UserView,
} from './users/user.js';
export { Users } from './users/users.service.js';
