import { Redis } from 'ioredis';

/**
 * An empty Redis database of the caller's own, or null where the queues run on PostgreSQL: in every jest project but
 * those named "redis", which exist on machines that have a `redis-server`.
 */
export async function freshRedisUrl(): Promise<string | null> {
  const server = process.env['TEST_QUEUE_BACKEND'] === 'redis' ? process.env['TEST_REDIS_URL'] : undefined;
  if (server === undefined) return null;
  const redis = new Redis(server);
  try {
    // Database 0 only hands out the numbers of the others.
    return `${server}/${await redis.incr('databases')}`;
  } finally {
    redis.disconnect();
  }
}
