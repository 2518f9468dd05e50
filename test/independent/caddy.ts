/** Caddy, as packaged by Debian, in front of a server of the test: HTTP/1.1 and HTTP/2, with TLS and without. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onPath } from '../../scripts/run.ts'
import { refusedPort } from '../support/loopback.ts'
import { certificates } from '../support/tls.ts'
import { accepting, end } from './nginx.ts'

export interface Caddy {
  /** `https://127.0.0.1:PORT`, and `http://127.0.0.1:PORT`. */
  readonly secure: string
  readonly plain: string
  stop(): Promise<void>
}

/** Starts Caddy on free ports of 127.0.0.1. `upstream` is the port of the server behind it. */
export async function startCaddy(upstream: number): Promise<Caddy> {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-caddy-'))
  const [secure, plain] = [await refusedPort(), await refusedPort()]
  const { cert, key } = certificates().server
  await writeFile(join(folder, 'server.pem'), cert)
  await writeFile(join(folder, 'server.key'), key)
  const proxy = `reverse_proxy 127.0.0.1:${upstream} { \n flush_interval -1 \n }`
  const configuration = `{
    admin off
    auto_https off
    servers {
      protocols h1 h2 h2c
    }
  }
  https://127.0.0.1:${secure} {
    bind 127.0.0.1
    tls ${folder}/server.pem ${folder}/server.key
    ${proxy}
  }
  http://127.0.0.1:${plain} {
    bind 127.0.0.1
    ${proxy}
  }`
  await writeFile(join(folder, 'Caddyfile'), configuration)
  const options = ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')]
  // It keeps its state in the home folder.
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = spawn(onPath('caddy') ?? '/usr/bin/caddy', options, { stdio: 'ignore', env })
  const stop = async () => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await accepting(secure, child)
    await accepting(plain, child)
  } catch (error) {
    await stop()
    throw error
  }
  return { secure: `https://127.0.0.1:${secure}`, plain: `http://127.0.0.1:${plain}`, stop }
}
