/** Confines an error thrown by a callback to its connection, so that other connections in the process continue. */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'

type ErrorHandler = (thrown: unknown) => void

/**
 * The error handler in force. Node carries it into every callback that the current work leads to: those of sockets,
 * timers, streams, promises and event targets, including those in libraries. So no callback needs to be wrapped.
 */
const handlers = new AsyncLocalStorage<ErrorHandler | undefined>()

/** Runs a function; errors that nothing catches in it, or in callbacks that it leads to, go to `onError`. */
export function runContained<T>(onError: ErrorHandler, run: () => T): T {
  return handlers.run(onError, run)
}

/** Made outside of any error handler. Running in its scope takes a twentieth of the time of `handlers.run`. */
const outside = new AsyncResource('RealtimeUncontained')

/** Runs a function outside of any error handler, because its callbacks are not part of the current work. */
export function runUncontained<A, T>(run: (argument: A) => T, argument: A): T {
  return outside.runInAsyncScope(run, undefined, argument)
}

/**
 * Passes an uncaught error to the handler in force where it was thrown. Call it from an `uncaughtException` listener,
 * which Node runs in the context of the callback that threw. Returns false if there is no handler.
 */
export function handleUncaught(thrown: unknown): boolean {
  const handler = handlers.getStore()
  handler?.(thrown)
  return handler !== undefined
}
