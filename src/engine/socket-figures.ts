/** Reads the kernel's figures of a socket by `ss` of iproute2, on Linux. */
import { execFile } from 'node:child_process'
import type { Socket } from 'node:net'
import { isIP } from 'node:net'
import type { SocketAnswer, SocketFigures } from '../shared/socket-figures.ts'

/** Milliseconds and bytes that `ss` may take. */
const TIMEOUT = 2000
const MAX_OUTPUT = 64 * 1024

/** Never rejects. The addresses are those of the socket itself. */
export async function socketFigures(socket: Socket | undefined): Promise<SocketAnswer> {
  const filter = socket === undefined ? undefined : endpointsOf(socket)
  if (filter === undefined) return { unavailable: 'The connection has no open socket now.' }
  if (process.platform !== 'linux')
    return { unavailable: 'The figures of sockets are read by ss, which exists only on Linux.' }
  const answer = await run(filter)
  if (typeof answer !== 'string') return answer
  const figures = parseFigures(answer)
  return figures === undefined ? { unavailable: 'ss does not show this socket.' } : { figures }
}

/** The filter of `ss` for a socket; undefined if it is not connected. */
function endpointsOf(socket: Socket): string[] | undefined {
  const { localAddress, localPort, remoteAddress, remotePort, destroyed } = socket
  const source = endpoint(localAddress, localPort)
  const destination = endpoint(remoteAddress, remotePort)
  if (destroyed || source === undefined || destination === undefined) return undefined
  return ['src', source, 'dst', destination]
}

function endpoint(address = '', port = 0): string | undefined {
  const family = isIP(address)
  if (family === 0 || port === 0) return undefined
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`
}

/** What `ss` prints, or why it prints nothing. */
function run(filter: readonly string[]): Promise<string | { readonly unavailable: string }> {
  const options = {
    timeout: TIMEOUT,
    maxBuffer: MAX_OUTPUT,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  } as const
  return new Promise((resolve) => {
    execFile('ss', ['-t', '-i', '-n', '-H', '-O', ...filter], options, (error, stdout) => {
      if (error === null) resolve(stdout)
      else if (error.code === 'ENOENT')
        resolve({ unavailable: 'The figures of sockets are read by ss; install the package iproute2.' })
      else resolve({ unavailable: 'The figures of sockets are read by ss, which failed or took too long.' })
    })
  })
}

/** A line such as `ESTAB 0 0 127.0.0.1:50790 127.0.0.1:38717 cubic rtt:0.037/0.02 cwnd:10 retrans:0/3`. */
export function parseFigures(output: string): SocketFigures | undefined {
  const [line = ''] = output.split('\n')
  const [, receiveQueue, sendQueue, rest = ''] = /^\S+\s+(\d+)\s+(\d+)\s+\S+\s+\S+(.*)$/.exec(line) ?? []
  if (receiveQueue === undefined || sendQueue === undefined) return undefined
  const number = (pattern: RegExp) => {
    const [, digits] = pattern.exec(rest) ?? []
    return digits === undefined ? undefined : Number(digits)
  }
  const figures = {
    roundTrip: number(/\srtt:(\d+(?:\.\d+)?)/),
    roundTripDeviation: number(/\srtt:\d+(?:\.\d+)?\/(\d+(?:\.\d+)?)/),
    shortestRoundTrip: number(/\sminrtt:(\d+(?:\.\d+)?)/),
    // ss leaves out what is zero.
    retransmissions: number(/\sretrans:\d+\/(\d+)/) ?? (/\srtt:/.test(rest) ? 0 : undefined),
    congestionWindow: number(/\scwnd:(\d+)/),
    unacknowledged: number(/\sunacked:(\d+)/) ?? (/\srtt:/.test(rest) ? 0 : undefined),
  }
  return {
    receiveQueue: Number(receiveQueue),
    sendQueue: Number(sendQueue),
    ...(Object.fromEntries(
      Object.entries(figures).filter(([, value]) => value !== undefined),
    ) as Partial<SocketFigures>),
  }
}
