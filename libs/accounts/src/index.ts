/** The people whose health data is held, and the providers they connected. */
export { AccountsModule } from './accounts.module.js';
export type { ConnectionView } from './connections/connection.js';
export { Connections } from './connections/connections.service.js';
export type { ErasureView } from './erasure/erasure.js';
export { ErasureModule } from './erasure/erasure.module.js';
export { ErasuresRepository } from './erasure/erasures.repository.js';
export { Erasures } from './erasure/erasures.service.js';
export { UserEraser } from './erasure/user-eraser.js';
export { UserExport } from './export/user-export.js';
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
export { USER_TABLES, type UserTable } from './users/user-tables.js';
