/** How the program ends: its exit codes, and the signals that ask it to end. */

/** Exit codes. */
export const EXIT = {
  done: 0,
  /** The connection never opened or was given up, or an output could not be written. */
  failed: 1,
  usage: 2,
  /** Ended by a signal: 128 plus its number, as in shells. SIGINT is Ctrl-C, SIGHUP a terminal that closes. */
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const

/**
 * SIGBREAK is Ctrl-Break on Windows and is never sent elsewhere. Windows ends a process some seconds after its console was
 * closed, whatever it does.
 */
const EXIT_CODES = {
  SIGINT: EXIT.interrupted,
  SIGBREAK: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.hungUp,
} as const

type EndingSignal = keyof typeof EXIT_CODES
const SIGNALS = Object.keys(EXIT_CODES) as EndingSignal[]

/** Resolves with the result of the work, or with the exit code if a signal interrupted it. */
export async function untilSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | number> {
  const control = new AbortController()
  let signalled: number | undefined
  const stopListening = onSignal((code) => {
    signalled = code
    control.abort()
  })
  try {
    return await work(control.signal)
  } catch (thrown) {
    if (signalled === undefined) throw thrown
    return signalled
  } finally {
    stopListening()
  }
}

/** Calls `end` with the exit code at the first signal. A second signal exits at once. Returns a function that stops listening. */
export function onSignal(end: (code: number) => void): () => void {
  let asked = false
  const handle = (signal: NodeJS.Signals) => {
    const code = EXIT_CODES[signal as EndingSignal]
    if (asked) process.exit(code)
    asked = true
    end(code)
  }
  for (const signal of SIGNALS) process.on(signal, handle)
  return () => {
    for (const signal of SIGNALS) process.off(signal, handle)
  }
}
