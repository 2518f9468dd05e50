/** What the DevTools protocol of each kind of program does not report. */

export type ProgramKind = 'browser' | 'node' | 'deno' | 'unknown'

/** The kind of a program, by what it says it is. */
export function kindOf(name: string | undefined): ProgramKind {
  if (name === undefined) return 'unknown'
  if (/^node/i.test(name)) return 'node'
  return /^deno/i.test(name) ? 'deno' : 'browser'
}

const ANY = [
  'Pings, pongs, compression and sizes on the connection are not reported.',
  'What was open before is not seen until the program opens it again.',
]

/** What cannot be seen of a program, by what it says it is, in sentences. */
export function limitsOf(name: string | undefined, isDebugSession: boolean): readonly string[] {
  const kind = kindOf(name)
  // A debugger has a session for each worker thread.
  return kind === 'node' && !isDebugSession
    ? [...LIMITS.node, 'Worker threads are not followed.']
    : LIMITS[kind]
}

const LIMITS: Readonly<Record<ProgramKind, readonly string[]>> = {
  browser: [
    'The close codes of WebSockets are not reported.',
    'WebTransport and WebRTC are not seen.',
    ...ANY,
  ],
  node: [
    'Node.js reports its traffic only if it was started with --experimental-network-inspection.',
    'Of WebSockets, it reports only that they open and close, without their messages.',
    ...ANY,
  ],
  deno: ANY,
  unknown: ANY,
}
