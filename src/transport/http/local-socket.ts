/** A connection to a Unix domain socket or a named pipe of Windows. */
import net from 'node:net'
import { Failure } from '../../shared/failure.ts'
import { shortened } from '../../shared/text/shortened.ts'

/** Characters of a path in a sentence. */
const MAX_PATH = 200

interface SocketProblem {
  readonly what: string
  readonly advice: string
}

const PROBLEMS: Readonly<Record<string, SocketProblem>> = {
  ENOENT: { what: 'it does not exist', advice: 'check the path, and that the server runs' },
  ECONNREFUSED: { what: 'nobody listens on it', advice: 'check that the server runs' },
  EACCES: { what: 'this user may not use it', advice: 'check its permissions, and the groups of this user' },
  EPERM: { what: 'this user may not use it', advice: 'check its permissions' },
  ENOTSOCK: { what: 'it is no socket', advice: 'check the path' },
  EINVAL: { what: 'the path is too long for a socket', advice: 'use a shorter one' },
}

/** Starts to connect. */
export function connectLocal(path: string, options: Omit<net.IpcSocketConnectOpts, 'path'> = {}): net.Socket {
  return net.connect({ ...options, path })
}

/** The failure of such a connection. Its code is the system's. */
export function localSocketFailure(error: unknown, path: string): Failure {
  if (error instanceof Failure) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'NETWORK'
  const { what, advice } = PROBLEMS[code] ?? { what: `the system says ${code}`, advice: 'check the path' }
  return new Failure(
    code,
    `Connecting to the socket ${shortened(path, MAX_PATH)} failed: ${what}; ${advice}.`,
  )
}
