/** Setup file of the projects that run the queues on Redis. */
process.env.TEST_QUEUE_BACKEND = 'redis';
