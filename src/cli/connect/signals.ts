/** Ctrl-C and its like: the first asks for a clean end, the second ends at once. */
import { EXIT } from '../exit.ts'

const EXIT_CODE = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const

/** Calls `end` with the exit code at the first signal; returns how to stop listening. */
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
