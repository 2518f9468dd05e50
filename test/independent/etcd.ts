/** etcd, as packaged by Debian. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { refusedPort } from '../support/loopback.ts'

/** It starts in a second, but may take longer on a busy machine. */
const ATTEMPTS = 400

/** Starts it. `put` writes a value, and resolves when etcd has it. */
export async function startEtcd() {
  const folder = await mkdtemp(join(tmpdir(), 'realtime-etcd-'))
  const [client, peer] = [await refusedPort(), await refusedPort()]
  const url = `http://127.0.0.1:${client}`
  const child = spawn(
    'etcd',
    [
      ...['--data-dir', folder, '--log-level', 'fatal', '--unsafe-no-fsync'],
      ...['--listen-client-urls', url, '--advertise-client-urls', url],
      ...['--listen-peer-urls', `http://127.0.0.1:${peer}`],
    ],
    {
      stdio: 'ignore',
      env: { ...process.env, ...(process.arch === 'arm64' && { ETCD_UNSUPPORTED_ARCH: 'arm64' }) },
    },
  )
  const post = async (path: string, body: object) =>
    await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
    await rm(folder, { recursive: true, force: true })
  }
  for (let attempt = 0; ; attempt++) {
    const status = await post('/v3/maintenance/status', {}).then(
      (response) => response.status,
      () => 0,
    )
    if (status === 200) break
    if (attempt === ATTEMPTS || child.exitCode !== null) {
      await stop()
      throw new Error('etcd did not start.')
    }
    await delay(50)
  }
  return {
    url,
    stop,
    put: async (key: string, value: string) => {
      const response = await post('/v3/kv/put', { key: btoa(key), value: btoa(value) })
      if (!response.ok) throw new Error(`etcd answered ${response.status} to a value.`)
    },
  }
}
