/** Health check of a container: asks whichever part runs in it, the API or the worker, whether it lives. */
const ports = [process.env.PORT ?? '8000', process.env.WORKER_PORT].filter(Boolean);
const answers = await Promise.all(
  ports.map((port) =>
    fetch(`http://127.0.0.1:${port}/health/live`).then(
      (answer) => answer.ok,
      () => false,
    ),
  ),
);
process.exitCode = answers.includes(true) ? 0 : 1;
