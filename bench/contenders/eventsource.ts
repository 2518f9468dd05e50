/** The `eventsource` package, counting events. It is closed at the last one because it would reconnect. */
import { EventSource } from 'eventsource'
import { contend } from '../harness/contender.ts'

await contend(
  (url, expected) =>
    new Promise((resolve) => {
      let count = 0
      const source = new EventSource(url)
      source.onmessage = () => {
        count++
        if (count < expected) return
        source.close()
        resolve({ count })
      }
    }),
)
