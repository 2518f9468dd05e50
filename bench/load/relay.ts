/**
 * A relay to a target, in a process of its own: bare TCP, or a recording proxy with the engine as the editor runs it.
 * Arguments: `tcp` or `proxy`, and the URL of the target. It reports its URL.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../../src/engine/engine.ts'

const MB = 1024 * 1024
const [kind, target = ''] = process.argv.slice(2)

const url = kind === 'tcp' ? await relay(new URL(target)) : await proxy()
process.send?.({ url })
process.on('disconnect', () => process.exit(0))

function relay({ hostname, port }: URL): Promise<string> {
  const server = createServer({ noDelay: true }, (client) => {
    const onward = connect({ host: hostname, port: Number(port), noDelay: true })
    for (const [from, to] of [
      [client, onward],
      [onward, client],
    ] as const) {
      from.pipe(to)
      from.on('error', () => to.destroy())
    }
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
}

async function proxy(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const engine = new Engine({
    directory: join(folder, 'capture'),
    network: { noProxy: '*' },
    settings: { memoryLimit: 64 * MB, spoolLimit: 4096 * MB, maxEvents: 10_000_000, maxMessageSize: 64 * MB },
    notify: () => {},
  })
  return (await engine.handlers.startProxy({ target })).listening
}
