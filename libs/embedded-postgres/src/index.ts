/** A PostgreSQL server of our own out of npm: created, started, healed after a crash and stopped. Loads no ORM. */
export { EmbeddedDatabase, type EmbeddedDatabaseOptions } from './embedded-database.js';
