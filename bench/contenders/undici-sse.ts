/** `eventsource-parser` on undici's body, counting events. */
import { createParser } from 'eventsource-parser'
import { request } from 'undici'
import { contend } from '../harness/contender.ts'

await contend(async (url) => {
  let count = 0
  const parser = createParser({
    onEvent: () => {
      count++
    },
  })
  const decoder = new TextDecoder()
  const { body } = await request(url)
  for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }))
  return { count }
})
