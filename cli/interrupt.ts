/**
 * Ctrl-C. The first one asks what runs to stop: what was done is written and shown, and the process
 * exits with 130. A second one ends the process at once.
 */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}
