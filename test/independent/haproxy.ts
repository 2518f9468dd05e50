/** haproxy, as packaged by Debian, in front of a server of the test. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onPath } from '../../scripts/run.ts'
import { refusedPort } from '../support/loopback.ts'
import { accepting, end } from './nginx.ts'

export interface Haproxy {
  /** `127.0.0.1:PORT` */
  readonly host: string
  stop(): Promise<void>
}

/** Milliseconds, by the words after `timeout`. */
export type HaproxyTimeouts = Readonly<Partial<Record<'client' | 'server' | 'tunnel', number>>>

/** Starts haproxy on a free port of 127.0.0.1, in front of another port there. `tls`: it speaks TLS, and HTTP/2 or HTTP/1.1 in it. */
export async function startHaproxy(
  target: number,
  timeouts: HaproxyTimeouts,
  tls?: { readonly cert: string; readonly key: string },
): Promise<Haproxy> {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-haproxy-'))
  const port = await refusedPort()
  const all = { connect: 10_000, client: 3_600_000, server: 3_600_000, ...timeouts }
  const configuration = `
    defaults
      mode http
      ${Object.entries(all)
        .map(([name, ms]) => `timeout ${name} ${ms}ms`)
        .join('\n      ')}
    listen test
      bind 127.0.0.1:${port}${tls ? ` ssl crt ${join(folder, 'server.pem')} alpn h2,http/1.1` : ''}
      server test 127.0.0.1:${target}
`
  await writeFile(join(folder, 'haproxy.cfg'), configuration)
  if (tls) await writeFile(join(folder, 'server.pem'), `${tls.cert}\n${tls.key}`)
  const child = spawn(onPath('haproxy') ?? '/usr/sbin/haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], {
    stdio: 'ignore',
  })
  const stop = async () => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await accepting(port, child)
  } catch (error) {
    await stop()
    throw error
  }
  return { host: `127.0.0.1:${port}`, stop }
}
