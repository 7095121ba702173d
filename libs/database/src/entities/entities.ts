import { ApiKey } from './api-key.entity.js';
import { ArchivalSettings } from './archival-settings.entity.js';
import { Connection } from './connection.entity.js';
import { HealthDataSource } from './data-source.entity.js';
import { Developer } from './developer.entity.js';
import { DeviceTypePriority, ProviderPriority, UserPriority } from './priority.entities.js';
import { Task } from './task.entity.js';
import { User } from './user.entity.js';

/** Every table that is also spoken to through TypeORM; the migrations own the schema. */
export const ENTITIES = [
  Developer,
  ApiKey,
  User,
  Connection,
  Task,
  ProviderPriority,
  DeviceTypePriority,
  UserPriority,
  HealthDataSource,
  ArchivalSettings,
];
