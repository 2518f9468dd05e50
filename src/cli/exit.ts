/** How the program ends: its exit codes, and the signals that ask it to end. */

/** Exit codes. */
export const EXIT = {
  done: 0,
  /** The connection never opened or was given up, or an output could not be written. */
  failed: 1,
  usage: 2,
  /** Ended by SIGINT (Ctrl-C) or SIGTERM: 128 plus the number of the signal, as in shells. */
  interrupted: 130,
  terminated: 143,
} as const

const EXIT_CODE = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const

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
    const code = signal === 'SIGTERM' ? EXIT_CODE.SIGTERM : EXIT_CODE.SIGINT
    if (asked) process.exit(code)
    asked = true
    end(code)
  }
  const signals = Object.keys(EXIT_CODE) as (keyof typeof EXIT_CODE)[]
  for (const signal of signals) process.on(signal, handle)
  return () => {
    for (const signal of signals) process.off(signal, handle)
  }
}
