/** undici, sending one request after another on one kept-alive connection. */
import { Client } from 'undici'
import { contend } from '../harness/contender.ts'

await contend(async (address, expected) => {
  const url = new URL(address)
  const path = url.pathname + url.search
  const client = new Client(url.origin)
  let count = 0
  for (; count < expected; count++) {
    const { body } = await client.request({ method: 'GET', path })
    await body.dump()
  }
  await client.close()
  return { count }
})
