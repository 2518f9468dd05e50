/** The demo's connections, with what the inspector sends over them. */
import type { DemoConnection } from '../../demo/server.ts'
import type { SessionEvent } from '../../src/vscode/api.ts'
import { DemoClient } from '../../src/vscode/connect/demo-client.ts'
import type { LiveEngine } from '../support/live-engine.ts'

const READ_INTERVAL = 100

/** Opens the connections, and plays the client's part until `isDone` of the events so far. */
export async function playDemo(
  live: LiveEngine,
  connections: readonly DemoConnection[],
  isDone: (events: readonly SessionEvent[]) => boolean,
): Promise<SessionEvent[]> {
  const { handlers } = live.engine
  const client = new DemoClient({
    scripts: new Map(connections.flatMap(({ url, script }) => (script ? [[url, script]] : []))),
    send: (id, text) => void handlers.send({ id, message: { format: 'text', text } }),
  })
  for (const { script, ...spec } of connections) await handlers.connect({ spec })
  const events: SessionEvent[] = []
  while (!isDone(events)) {
    await new Promise((resolve) => setTimeout(resolve, READ_INTERVAL))
    const { lines } = await handlers.lines({ from: events.length, max: 500 })
    for (const line of lines) {
      const event = JSON.parse(line) as SessionEvent
      events.push(event)
      client.hear(event)
    }
  }
  return events
}
