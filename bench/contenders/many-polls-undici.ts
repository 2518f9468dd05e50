/** Many loops of requests, each on a kept-alive connection of undici. */
import { Client } from 'undici'
import { contendWithPolls } from '../harness/many-polls.ts'

let sent = 0
let answered = 0

async function loop(address: string): Promise<never> {
  const url = new URL(address)
  const client = new Client(url.origin, { headersTimeout: 0, bodyTimeout: 0 })
  for (;;) {
    sent++
    const { body } = await client.request({ method: 'GET', path: url.pathname })
    await body.dump()
    answered++
  }
}

await contendWithPolls({
  poll(url, count) {
    for (let n = 0; n < count; n++) void loop(url)
  },
  sent: () => sent,
  answered: () => answered,
})
