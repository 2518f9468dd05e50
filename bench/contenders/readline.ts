/** Node's `readline` on Node's HTTP client, counting lines. */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { contend } from '../harness/contender.ts'

await contend(async (url) => {
  const [input] = (await once(get(url), 'response')) as [IncomingMessage]
  let count = 0
  const lines = createInterface({ input })
  lines.on('line', () => {
    count++
  })
  await once(lines, 'close')
  return { count }
})
